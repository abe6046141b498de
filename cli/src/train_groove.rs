//! `espressivo train groove`: train the groove performer.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use training::groove::{self, Options};

use crate::options::Device;
use crate::training_device::settle_default_device;
use crate::{failure, running};

const EXAMPLES: &str = "\
`espressivo data grooves` makes the files that this reads. A run keeps its checkpoint and its curve
(curve.csv) in --out. Ctrl-C saves and stops it; the same command goes on from there. The trained model
lies in OUT/model.

Example:
  espressivo data grooves -o runs/grooves
  espressivo train groove --grooves runs/grooves --out runs/groove";

/// Train the groove performer: how loud notes are and how far from the grid, by style
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The folder that `espressivo data grooves` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/grooves")]
    grooves: PathBuf,

    /// Where checkpoint, curve and model go
    #[arg(long, value_name = "DIR", default_value = "runs/groove")]
    out: PathBuf,

    /// Steps in all, counted from the start of the run
    #[arg(long, value_name = "N", default_value_t = Options::default().steps)]
    steps: usize,

    /// Windows in a step
    #[arg(long, value_name = "N", default_value_t = Options::default().batch)]
    batch: usize,

    /// Notes in a window of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.window)]
    window: usize,

    /// Learning rate after the warm-up
    #[arg(long, value_name = "X", default_value_t = Options::default().learning_rate)]
    learning_rate: f64,

    /// Seed: the same number on the same device gives the same weights
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Save and stop after so many minutes
    #[arg(long, value_name = "X")]
    minutes: Option<f64>,

    /// Parts of a batch computed side by side; 1 on a graphics processor
    #[arg(long, value_name = "N", default_value_t = Options::default().workers)]
    workers: usize,

    /// Width of the network of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.hidden)]
    hidden: usize,

    /// Width within the feed-forward of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.feed_forward)]
    feed_forward: usize,

    /// Heads of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.heads)]
    heads: usize,

    /// Width of a head of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.head)]
    head: usize,

    /// Layers of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.layers)]
    layers: usize,

    #[command(flatten)]
    device: Device,
}

/// Trains until done, stopped or out of time.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = args.options()?;
    let chosen = args.device.choose()?;
    settle_default_device(chosen.info.kind)?;
    eprintln!("training on {} ({})", chosen.info.name, chosen.info.backend);
    let stop = running::on_interrupt_patiently(|| eprintln!("saving the checkpoint"))?;
    groove::train(&options, chosen.device, &|| stop.asked())?;
    Ok(if stop.asked() { ExitCode::from(failure::STOPPED) } else { ExitCode::SUCCESS })
}

impl Args {
    fn options(&self) -> Result<Options> {
        let minutes = self.minutes.map(|m| Duration::try_from_secs_f64(m * 60.0)).transpose();
        for (name, value) in [("--batch", self.batch), ("--workers", self.workers), ("--heads", self.heads)] {
            ensure!(value > 0, "{name} must be at least 1");
        }
        ensure!((16..=4096).contains(&self.window), "--window must be between 16 and 4096");
        ensure!(self.learning_rate > 0.0, "--learning-rate must be more than 0");
        ensure!(self.head.is_multiple_of(2), "--head must be even");
        let mut options = Options::default();
        let sizes = &mut options.sizes;
        (sizes.hidden, sizes.feed_forward, sizes.layers) = (self.hidden, self.feed_forward, self.layers);
        (sizes.heads, sizes.head, sizes.window) = (self.heads, self.head, self.window);
        Ok(Options {
            grooves: self.grooves.clone(),
            out: self.out.clone(),
            steps: self.steps,
            batch: self.batch,
            learning_rate: self.learning_rate,
            seed: self.seed,
            workers: self.workers,
            at_most: minutes.context("--minutes must be a number of minutes")?,
            ..options
        })
    }
}
