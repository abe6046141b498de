//! `espressivo evaluate c2st`: can a classifier tell performers from people?

use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::evaluate::Variant;
use training::evaluate::c2st::{self, Options};

use crate::judging::Judging;
use crate::options::{Data, FOR_TRAINING, Models};

const EXAMPLES: &str = "\
A small network learns to tell windows of people from windows of a performer, on the same notes, and
is asked about pieces that it has not seen. The share that it tells right is printed: .5 means that it
cannot tell, 1 that nobody could be fooled. Half of the people against the other half is the mark.

Examples:
  espressivo evaluate c2st
  espressivo evaluate c2st --performers rules --no-peer --pieces 10 --json";

/// Whether a classifier can tell performers from people (classifier two-sample test)
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("workers", |workers| workers.help("Jobs side by side; 1 on a graphics processor")))]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Who plays, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    performers: Vec<String>,

    /// Also PianoFlow at full starting noise, without gains
    #[arg(long, help_heading = FOR_TRAINING)]
    full_noise: bool,

    #[command(flatten)]
    models: Models,

    /// Seed: takes, pieces, recordings and what the classifier starts from
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Pieces of the train split to learn from
    #[arg(long, value_name = "N", default_value_t = Options::default().pieces)]
    pieces: usize,

    /// Only the first so many pieces to judge
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Leave out the published performances of another system, and the second protocol with them
    #[arg(long)]
    no_peer: bool,

    /// Notes in a window
    #[arg(long, value_name = "N", default_value_t = Options::default().window)]
    window: usize,

    /// Steps of learning
    #[arg(long, value_name = "N", default_value_t = Options::default().steps)]
    steps: usize,

    #[command(flatten)]
    judging: Judging,
}

/// Runs the test and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    for (name, value) in [("--pieces", args.pieces), ("--window", args.window), ("--steps", args.steps)] {
        ensure!(value > 0, "{name} must be at least 1");
    }
    let defaults = Options::default();
    let options = Options {
        data: args.data.folder()?,
        models: args.models.folder(),
        performers: if args.performers.is_empty() { defaults.performers } else { args.performers.clone() },
        variants: if args.full_noise { vec![Variant::FullNoise] } else { Vec::new() },
        seed: args.seed,
        pieces: args.pieces,
        limit: args.limit,
        peer: !args.no_peer,
        window: args.window,
        steps: args.steps,
        workers: args.judging.workers,
        ..defaults
    };
    args.judging.report(|chosen, said| c2st::run(&options, &chosen.device, said))
}
