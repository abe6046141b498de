//! `espressivo train pianist`: pre-train and fine-tune the Pianist Transformer.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use training::pianist::{self, Options};

use crate::options::Device;
use crate::training_device::settle_default_device;
use crate::{failure, running};

const EXAMPLES: &str = "\
`espressivo data tokens` makes the files that this reads. A run keeps its checkpoint and its curve
(curve.csv) in --out. Ctrl-C saves and stops it; the same command goes on from there. The trained model
lies in OUT/model.

Example:
  espressivo data tokens -o runs/tokens
  espressivo train pianist --stage pretrain --tokens runs/tokens --out runs/pretrained
  espressivo train pianist --stage tune --tokens runs/tokens --from runs/pretrained/model --out runs/tuned";

/// Train the Pianist Transformer: restore hidden notes, then play scores
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What is learned: to restore hidden tokens of performances, or to play scores
    #[arg(long, value_enum)]
    stage: Stage,

    /// The folder that `espressivo data tokens` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/tokens")]
    tokens: PathBuf,

    /// Where checkpoint, curve and model go
    #[arg(long, value_name = "DIR", default_value = "runs/pianist")]
    out: PathBuf,

    /// Start a new run from this model's weights instead of random ones
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,

    /// Steps in all, counted from the start of the run
    #[arg(long, value_name = "N", default_value_t = Options::default().steps)]
    steps: usize,

    /// Windows in a step
    #[arg(long, value_name = "N", default_value_t = Options::default().batch)]
    batch: usize,

    /// Notes in a window
    #[arg(long, value_name = "N", default_value_t = Options::default().window)]
    window: usize,

    /// Share of tokens that pre-training hides
    #[arg(long, value_name = "X", default_value_t = Options::default().mask)]
    mask: f64,

    /// Share of windows of which pre-training hides all but pitches and onsets
    #[arg(long, value_name = "X", default_value_t = Options::default().blind)]
    blind: f64,

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

    /// Heads of a new run; there are half as many of keys and values
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.heads)]
    heads: usize,

    /// Width of a head of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.head)]
    head: usize,

    /// Layers of the encoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.encoder_layers)]
    encoder_layers: usize,

    /// Layers of the decoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.decoder_layers)]
    decoder_layers: usize,

    /// What the decoder of a new run is told of the note that it plays
    #[arg(long, value_enum, default_value_t = Guidance::None)]
    guidance: Guidance,

    #[command(flatten)]
    device: Device,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Guidance {
    /// Nothing, as published
    None,
    /// What was read of it; far less music is needed
    Score,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stage {
    Pretrain,
    Tune,
}

/// Trains until done, stopped or out of time.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = args.options()?;
    let chosen = args.device.choose()?;
    settle_default_device(chosen.info.kind)?;
    eprintln!("training on {} ({})", chosen.info.name, chosen.info.backend);
    let stop = running::on_interrupt_patiently(|| eprintln!("saving the checkpoint"))?;
    pianist::train(&options, chosen.device, &|| stop.asked())?;
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
        ensure!(self.mask > 0.0 && self.mask < 1.0, "--mask must be between 0 and 1");
        ensure!((0.0..=1.0).contains(&self.blind), "--blind must be from 0 to 1");
        let mut options = Options::default();
        let sizes = &mut options.sizes;
        (sizes.hidden, sizes.feed_forward) = (self.hidden, self.feed_forward);
        (sizes.heads, sizes.key_value_heads) = (self.heads, (self.heads / 2).max(1));
        (sizes.head, sizes.encoder_layers) = (self.head, self.encoder_layers);
        sizes.decoder_layers = self.decoder_layers;
        sizes.guidance = match self.guidance {
            Guidance::None => pianist::Guidance::Unguided,
            Guidance::Score => pianist::Guidance::Score,
        };
        Ok(Options {
            tokens: self.tokens.clone(),
            out: self.out.clone(),
            stage: match self.stage {
                Stage::Pretrain => pianist::Stage::Pretrain,
                Stage::Tune => pianist::Stage::Tune,
            },
            from: self.from.clone(),
            steps: self.steps,
            batch: self.batch,
            window: self.window,
            mask: self.mask,
            blind: self.blind,
            learning_rate: self.learning_rate,
            seed: self.seed,
            workers: self.workers,
            at_most: minutes.context("--minutes must be a number of minutes")?,
            ..options
        })
    }
}
