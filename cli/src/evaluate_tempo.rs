//! `espressivo evaluate tempo`: whether pieces are taken as their metronome marks say.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::tempo::{self, Options};

use crate::options::{Data, Device, Models};
use crate::output;

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

    /// Scores performed side by side; 1 on a graphics processor
    #[arg(long, value_name = "N", default_value_t = Options::default().workers)]
    workers: usize,

    #[command(flatten)]
    device: Device,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,
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
        workers: args.workers,
    };
    let chosen = args.device.choose()?;
    let report = tempo::run(&options, &chosen.device, &|said| output::note(said))?;
    output::say_result(&report, args.json, || report.to_string())
}
