//! `espressivo train`: learn from human performances.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use application::Folders;
use clap::Subcommand;
use training::pianoflow::{self, Options};

use crate::options::{Data, Device};
use crate::run_options::{self, at_most};
use crate::{
    calibrate, coherence, listeners, mood, several, spread, tempo, text, train_composer, train_groove,
    train_pianist, train_xmvae,
};

const EXAMPLES: &str = "\
A run keeps its checkpoint and its curves (curve.csv) in --out. Ctrl-C saves and stops it; the same
command goes on from there. The trained model lies in OUT/model.

Example:
  espressivo train pianoflow --data ../shared/data --out runs/first --steps 2000 --cooldown 500";

/// Train a performer on human performances
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    system: System,
}

#[derive(Subcommand, Clone, Debug)]
enum System {
    Composer(train_composer::Args),
    Pianoflow(PianoFlow),
    Pianist(train_pianist::Args),
    Groove(train_groove::Args),
    Xmvae(train_xmvae::Args),
    /// Average the weights of runs that began alike
    #[command(after_help = several::AVERAGE)]
    Average(several::Args),
    /// Let the networks of several models play together
    #[command(after_help = several::ENSEMBLE)]
    Ensemble(several::Args),
    Calibrate(calibrate::Args),
    Coherence(coherence::Args),
    Spread(spread::Args),
    Tempo(tempo::Args),
    Text(text::Args),
    Mood(mood::Args),
    Listeners(listeners::Args),
}

/// Train PianoFlow: flow matching with masks on human performances
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
struct PianoFlow {
    #[command(flatten)]
    data: Data,

    /// Where checkpoint, curves and model go
    #[arg(long, value_name = "DIR", default_value = "runs/pianoflow")]
    out: PathBuf,

    /// Steps in all, counted from the start of the run
    #[arg(long, value_name = "N", default_value_t = Options::default().steps)]
    steps: usize,

    /// Over how many of the last steps the learning rate falls to nothing
    #[arg(long, value_name = "N", default_value_t = Options::default().cooldown)]
    cooldown: usize,

    /// Windows in a step
    #[arg(long, value_name = "N", default_value_t = Options::default().batch)]
    batch: usize,

    /// Notes in a window
    #[arg(long, value_name = "N", default_value_t = Options::default().window)]
    window: usize,

    /// Learning rate after the warm-up
    #[arg(long, value_name = "X", default_value_t = Options::default().learning_rate)]
    learning_rate: f64,

    /// Seed: the same number on the same device gives the same weights
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Start a new run from this model's weights instead of random ones
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,

    /// Do not learn what moods do to a performance
    #[arg(long)]
    no_moods: bool,

    /// Save and stop after so many minutes
    #[arg(long, value_name = "X")]
    minutes: Option<f64>,

    /// Parts of a batch computed side by side; 1 on a graphics processor
    #[arg(long, value_name = "N", default_value_t = Options::default().workers)]
    workers: usize,

    /// Width of the network of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().hidden)]
    hidden: usize,

    /// Blocks of the network of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().layers)]
    layers: usize,

    /// Share of activations that a new run drops, so that it does not learn its scores by heart
    #[arg(long, value_name = "X", default_value_t = Options::default().dropout)]
    dropout: f64,

    /// Leave out the performances with less certain alignment
    #[arg(long)]
    no_extra: bool,

    /// Learn from these sets of aligned performances too, such as batik
    #[arg(long, value_name = "SET", value_delimiter = ',')]
    also: Vec<String>,

    /// Share of the windows that is drawn from the sets of --also, 0 to 1 [default: as long as they are]
    #[arg(long, value_name = "X", requires = "also")]
    also_share: Option<f64>,

    #[command(flatten)]
    device: Device,
}

/// Trains until done, stopped or out of time.
pub fn run(args: &Args) -> Result<ExitCode> {
    let args = match &args.system {
        System::Pianoflow(args) => args,
        System::Composer(args) => return train_composer::run(args),
        System::Pianist(args) => return train_pianist::run(args),
        System::Groove(args) => return train_groove::run(args),
        System::Xmvae(args) => return train_xmvae::run(args),
        System::Average(args) => return several::average(args),
        System::Ensemble(args) => return several::ensemble(args),
        System::Calibrate(args) => return calibrate::run(args),
        System::Coherence(args) => return coherence::run(args),
        System::Spread(args) => return spread::run(args),
        System::Tempo(args) => return tempo::run(args),
        System::Text(args) => return text::run(args),
        System::Mood(args) => return mood::run(args),
        System::Listeners(args) => return listeners::run(args),
    };
    let options = args.options()?;
    run_options::train(args.device, &|chosen, stop| pianoflow::train(&options, chosen.device, stop))
}

impl PianoFlow {
    fn options(&self) -> Result<Options> {
        for (name, value) in [("--batch", self.batch), ("--window", self.window), ("--workers", self.workers)]
        {
            ensure!(value > 0, "{name} must be at least 1");
        }
        ensure!(self.learning_rate > 0.0, "--learning-rate must be more than 0");
        let is_share = self.also_share.is_none_or(|share| (0.0..=1.0).contains(&share));
        ensure!(is_share, "--also-share must be from 0 to 1");
        Ok(Options {
            data: self.data.folder()?,
            out: self.out.clone(),
            steps: self.steps,
            cooldown: self.cooldown,
            batch: self.batch,
            window: self.window,
            learning_rate: self.learning_rate,
            seed: self.seed,
            from: self.from.clone(),
            moods: (!self.no_moods).then(|| Folders::find().models),
            extra: !self.no_extra,
            also: self.also.clone(),
            also_share: self.also_share,
            workers: self.workers,
            hidden: self.hidden,
            layers: self.layers,
            dropout: self.dropout,
            at_most: at_most(self.minutes)?,
            ..Options::default()
        })
    }
}
