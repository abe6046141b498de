//! `espressivo train mood`: the classifier that tells moods from performances.

use std::process::ExitCode;

use anyhow::Result;
use training::classifier::Fit;
use training::mood::classifier::{self, Options};

use crate::options::{Data, Device, Models};
use crate::output;

const EXAMPLES: &str = "\
Labels every bar that three people or more have played by how each differs from the others, and
learns to tell the labels from the performance alone. `espressivo evaluate mood` asks it.
What predicts ratings with its help has to be learned anew then: `espressivo train listeners`.

Example:
  espressivo train mood --data ../shared/data --steps 1500 --force";

/// Train the classifier that tells moods from performances
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    #[command(flatten)]
    models: Models,

    /// Steps of the optimizer
    #[arg(long, value_name = "N", default_value_t = 1500)]
    steps: usize,

    /// Seed of the random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Replace the classifier that is there
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    device: Device,
}

/// The files that it writes into the folder `mood` of the models.
const FILES: [&str; 3] = ["weights.safetensors", "config.json", "labels.json"];

/// Trains and prints how well it does.
pub fn run(args: &Args) -> Result<ExitCode> {
    let fit = Fit { steps: args.steps, batch: 16, seed: args.seed, ..Fit::default() };
    let options = Options { data: args.data.folder()?, models: args.models.folder(), fit };
    output::check_folder(&options.models.join("mood"), FILES, args.force)?;
    let chosen = args.device.choose()?;
    let measured = classifier::train(&options, &chosen.device)?;
    output::say(&format!(
        "{} bars of the validation split: cross-entropy {:.3}, the strongest label first in {:.0} %\n",
        measured.segments,
        measured.cross_entropy,
        100.0 * measured.accuracy
    ))?;
    Ok(ExitCode::SUCCESS)
}
