//! `espressivo train composer`: train the Composer of variations.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use training::composer::{self, Options, Weighing};

use crate::options::Device;
use crate::training_device::settle_default_device;
use crate::{failure, running};

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
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The folder that `espressivo data segments` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/segments")]
    segments: PathBuf,

    /// Where checkpoint, curve and model go
    #[arg(long, value_name = "DIR", default_value = "runs/composer")]
    out: PathBuf,

    /// Start a new run from this model's weights instead of random ones
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,

    /// Steps in all, counted from the start of the run
    #[arg(long, value_name = "N", default_value_t = Options::default().steps)]
    steps: usize,

    /// Segments in a step
    #[arg(long, value_name = "N", default_value_t = Options::default().batch)]
    batch: usize,

    /// What it counts that latent vectors are spread like normal numbers
    #[arg(long, value_name = "X", default_value_t = Options::default().weighing.beta)]
    beta: f64,

    /// Nats that each number of a latent vector may tell for nothing
    #[arg(long, value_name = "X", default_value_t = Options::default().weighing.free)]
    free: f64,

    /// Mean share of the tokens that the decoder does not get to see
    #[arg(long, value_name = "X", default_value_t = Options::default().hide)]
    hide: f64,

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

    /// Numbers of a latent vector of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.latent)]
    latent: usize,

    /// Layers of the encoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.encoder_layers)]
    encoder_layers: usize,

    /// Layers of the decoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.decoder_layers)]
    decoder_layers: usize,

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
    composer::train(&options, chosen.device, &|| stop.asked())?;
    Ok(if stop.asked() { ExitCode::from(failure::STOPPED) } else { ExitCode::SUCCESS })
}

impl Args {
    fn options(&self) -> Result<Options> {
        let minutes = self.minutes.map(|m| Duration::try_from_secs_f64(m * 60.0)).transpose();
        for (name, value) in [("--batch", self.batch), ("--workers", self.workers), ("--heads", self.heads)] {
            ensure!(value > 0, "{name} must be at least 1");
        }
        ensure!(self.head > 0 && self.head.is_multiple_of(2), "--head must be an even number");
        ensure!(self.learning_rate > 0.0, "--learning-rate must be more than 0");
        ensure!(self.beta >= 0.0 && self.free >= 0.0, "--beta and --free must be 0 or more");
        ensure!((0.0..=0.5).contains(&self.hide), "--hide must be from 0 to 0.5");
        let mut options = Options::default();
        let sizes = &mut options.sizes;
        (sizes.hidden, sizes.feed_forward, sizes.latent) = (self.hidden, self.feed_forward, self.latent);
        (sizes.heads, sizes.head) = (self.heads, self.head);
        (sizes.encoder_layers, sizes.decoder_layers) = (self.encoder_layers, self.decoder_layers);
        Ok(Options {
            segments: self.segments.clone(),
            out: self.out.clone(),
            from: self.from.clone(),
            steps: self.steps,
            batch: self.batch,
            weighing: Weighing { beta: self.beta, free: self.free },
            hide: self.hide,
            learning_rate: self.learning_rate,
            seed: self.seed,
            workers: self.workers,
            at_most: minutes.context("--minutes must be a number of minutes")?,
            ..options
        })
    }
}
