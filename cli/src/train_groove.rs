//! `espressivo train groove`: train the groove performer.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::groove::{self, Options};

use crate::run_options::{RunOptions, standing};

const EXAMPLES: &str = "\
`espressivo data grooves` makes the files that this reads. A run keeps its checkpoint and its curve
(curve.csv) in --out. Ctrl-C saves and stops it; the same command goes on from there. The trained model
lies in OUT/model.

Example:
  espressivo data grooves -o runs/grooves
  espressivo train groove --grooves runs/grooves --out runs/groove";

/// Train the groove performer: how loud notes are and how far from the grid, by style
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES, mut_args(standing(&Options::default().plan, &sizes())))]
pub struct Args {
    /// The folder that `espressivo data grooves` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/grooves")]
    grooves: PathBuf,

    #[command(flatten)]
    run: RunOptions,

    /// Notes in a window of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.window)]
    window: usize,

    /// Layers of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.layers)]
    layers: usize,
}

/// Trains until done, stopped or out of time.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = args.options()?;
    args.run.train(&|chosen, stop| groove::train(&options, chosen.device, stop))
}

/// Sizes of a new run if nobody says others.
fn sizes() -> [usize; 4] {
    let sizes = Options::default().sizes;
    [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head]
}

impl Args {
    fn options(&self) -> Result<Options> {
        let plan = self.run.plan(Options::default().plan)?;
        ensure!((16..=4096).contains(&self.window), "--window must be between 16 and 4096");
        ensure!(self.run.head.is_multiple_of(2), "--head must be even");
        let mut options = Options::default();
        let sizes = &mut options.sizes;
        [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head] = self.run.sizes();
        (sizes.layers, sizes.window) = (self.layers, self.window);
        Ok(Options { grooves: self.grooves.clone(), plan, ..options })
    }
}
