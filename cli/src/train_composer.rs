//! `espressivo train composer`: train the Composer of variations.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::composer::{self, Options, Weighing};

use crate::run_options::{RunOptions, standing};

const EXAMPLES: &str = "\
`espressivo data segments` makes the files that this reads. A run keeps its checkpoint and its curve
(curve.csv) in --out. Ctrl-C saves and stops it; the same command goes on from there. The trained model
lies in OUT/model.

With --beta 1 --free 0.15 variations are new ideas rather than near ones, with --beta 0 the other way
round.

Example:
  espressivo data segments -o runs/segments
  espressivo train composer --segments runs/segments --out runs/composer";

/// Train the Composer: write one to four bars from one latent vector
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES, mut_args(standing(&Options::default().plan, &sizes())))]
#[command(mut_arg("batch", |batch| batch.help("Segments in a step")))]
pub struct Args {
    /// The folder that `espressivo data segments` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/segments")]
    segments: PathBuf,

    #[command(flatten)]
    run: RunOptions,

    /// Start a new run from this model's weights instead of random ones
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,

    /// What it counts that latent vectors are spread like normal numbers
    #[arg(long, value_name = "X", default_value_t = Options::default().weighing.beta)]
    beta: f64,

    /// Nats that each number of a latent vector may tell for nothing
    #[arg(long, value_name = "X", default_value_t = Options::default().weighing.free)]
    free: f64,

    /// Mean share of the tokens that the decoder does not get to see
    #[arg(long, value_name = "X", default_value_t = Options::default().hide)]
    hide: f64,

    /// Numbers of a latent vector of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.latent)]
    latent: usize,

    /// Layers of the encoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.encoder_layers)]
    encoder_layers: usize,

    /// Layers of the decoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.decoder_layers)]
    decoder_layers: usize,
}

/// Trains until done, stopped or out of time.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = args.options()?;
    args.run.train(&|chosen, stop| composer::train(&options, chosen.device, stop))
}

/// Sizes of a new run if nobody says others.
fn sizes() -> [usize; 4] {
    let sizes = Options::default().sizes;
    [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head]
}

impl Args {
    fn options(&self) -> Result<Options> {
        let plan = self.run.plan(Options::default().plan)?;
        ensure!(self.run.head > 0 && self.run.head.is_multiple_of(2), "--head must be an even number");
        ensure!(self.beta >= 0.0 && self.free >= 0.0, "--beta and --free must be 0 or more");
        ensure!((0.0..=0.5).contains(&self.hide), "--hide must be from 0 to 0.5");
        let mut options = Options::default();
        let sizes = &mut options.sizes;
        [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head] = self.run.sizes();
        sizes.latent = self.latent;
        (sizes.encoder_layers, sizes.decoder_layers) = (self.encoder_layers, self.decoder_layers);
        Ok(Options {
            segments: self.segments.clone(),
            from: self.from.clone(),
            weighing: Weighing { beta: self.beta, free: self.free },
            hide: self.hide,
            plan,
            ..options
        })
    }
}
