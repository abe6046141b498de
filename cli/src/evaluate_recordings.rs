//! `espressivo evaluate recordings`: from sound to the five figures.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::recordings::{self, Options};

use crate::excerpts::Excerpts;
use crate::output;

const EXAMPLES: &str = "\
What people played is made into sound, as MP3 with 64 kbit/s (where lame, ffmpeg or libmp3lame is on the
machine, else as WAV), heard, and aligned with the score of the whole piece as an import is. The five figures of
the version that comes of it are correlated with those of what was played: r of velocity and of quarter tempo
should be .95 at least, of onset tempo .85. Sounds and what was heard in them are shared with
`espressivo evaluate transcription`.

Examples:
  espressivo evaluate recordings
  espressivo evaluate recordings --count 5 --seconds 20 --out runs/short
  espressivo evaluate recordings --seconds 0 --out runs/whole";

/// How near a version that was heard in sound comes to what was played
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    excerpts: Excerpts,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,
}

/// Makes sounds, hears and aligns them, and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = Options {
        wanted: args.excerpts.wanted()?,
        instruments: args.excerpts.instruments(),
        out: args.excerpts.out.clone(),
    };
    let report = recordings::run(&options, &|said| output::note(said))?;
    output::say_result(&report, args.json, || report.to_string())
}
