//! `espressivo evaluate tempo`: whether pieces are taken as their metronome marks say.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::tempo::{self, Options};

use crate::judging::Judging;
use crate::options::{Data, Models};

const EXAMPLES: &str = "\
Scores of the data folder in which somebody meant a tempo are performed twice, as marked and in the
performer's own tempo, and compared with their marks, section by section; people who played them stand
beside. Marks on the page and tempi that are in the file for playback alone are counted apart.

Examples:
  espressivo evaluate tempo
  espressivo evaluate tempo --performers rules --worst 20
  espressivo evaluate tempo --limit 10 --json";

/// Whether pieces are taken as their metronome marks say
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("workers", |workers| workers.help("Scores performed side by side; 1 on a graphics processor")))]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Who plays, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    performers: Vec<String>,

    #[command(flatten)]
    models: Models,

    /// Seed of the takes
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Only the first so many scores with marks
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// How many of the scores farthest from their marks are named, of each kind
    #[arg(long, value_name = "N", default_value_t = Options::default().worst)]
    worst: usize,

    #[command(flatten)]
    judging: Judging,
}

/// Compares and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let defaults = Options::default();
    let options = Options {
        data: args.data.folder()?,
        models: args.models.folder(),
        performers: if args.performers.is_empty() { defaults.performers } else { args.performers.clone() },
        seed: args.seed,
        limit: args.limit,
        worst: args.worst,
        workers: args.judging.workers,
    };
    args.judging.report(|chosen, said| tempo::run(&options, &chosen.device, said))
}
