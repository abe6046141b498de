//! `espressivo evaluate variations`: how similar variations are, whether as asked for, and what is copied.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use application::Folders;
use training::evaluate::variations::{self, Options};

use crate::output;

const EXAMPLES: &str = "\
Segments of four bars that were kept apart (`espressivo data segments`) are written anew by each model
by itself, as in the paper (arXiv 2410.02060, Table 2); and by the first one as `espressivo vary` does,
asked for several similarities, which takes long. At 70 it is told how many variations are new, within an
octave of the passage's range, in its bars and in its scale; and how many of their bars were there to
learn from. What is found so far goes to the terminal; the tables at the end are Markdown.

Examples:
  espressivo evaluate variations
  espressivo evaluate variations runs/full-kl/model runs/balanced-kl/model runs/no-kl/model --limit 50";

/// How similar variations are to their passages, whether as asked for, and how much is copied
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folders of models [default: the model that comes with the program]
    #[arg(value_name = "MODEL")]
    models: Vec<PathBuf>,

    /// The folder of segments
    #[arg(long, value_name = "DIR", default_value = "runs/segments")]
    segments: PathBuf,

    /// How many of the models are asked for similarities, too: the first ones, or none with 0
    #[arg(long, value_name = "N", default_value_t = Options::default().asked)]
    asked: usize,

    /// Segments, evenly over those that there are
    #[arg(long, value_name = "N", default_value_t = Options::default().limit)]
    limit: usize,

    /// Variations of each segment at 70
    #[arg(long, value_name = "N", default_value_t = Options::default().count)]
    count: usize,

    /// Variations that are looked for among what there was to learn from
    #[arg(long, value_name = "N", default_value_t = Options::default().copied)]
    copied: usize,

    /// Variations that are timed, one after another
    #[arg(long, value_name = "N", default_value_t = Options::default().timed)]
    timed: usize,

    /// Seed
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Print the tables as JSON
    #[arg(long)]
    json: bool,
}

/// Judges and prints the tables.
pub fn run(args: &Args) -> Result<ExitCode> {
    for (name, value) in
        [("--limit", args.limit), ("--count", args.count), ("--copied", args.copied), ("--timed", args.timed)]
    {
        ensure!(value > 0, "{name} must be at least 1");
    }
    let own = || vec![Folders::find().models.join("composer")];
    let options = Options {
        segments: args.segments.clone(),
        models: if args.models.is_empty() { own() } else { args.models.clone() },
        asked: args.asked,
        limit: args.limit,
        count: args.count,
        copied: args.copied,
        timed: args.timed,
        seed: args.seed,
    };
    let report = variations::run(&options, &|said| output::note(said))?;
    if args.json {
        output::say_json(&report)?
    } else {
        output::say(&report.to_string())?
    }
    Ok(ExitCode::SUCCESS)
}
