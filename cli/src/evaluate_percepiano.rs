//! `espressivo evaluate percepiano`: what musicians heard, against the cues of playing.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::percepiano;

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
How musicians rated 1,189 short performances on 19 scales (the percepiano folder of the data), how well
halves of them agree, and how each cue of playing goes with each scale within a segment across players.

Example:
  espressivo evaluate percepiano";

/// Which cues of playing carry what musicians heard
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,
}

/// Compares and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let report = percepiano::run(&args.data.folder()?, &|said| output::note(said))?;
    output::say_result(&report, args.json, || report.to_string())
}
