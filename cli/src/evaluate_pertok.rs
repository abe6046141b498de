//! `espressivo evaluate pertok`: how many tokens four bars take.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::pertok;

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
Scores of the data folder are cut into four bars of four quarters each and told in tokens of PerTok, as
written, as played, and without durations: how many tokens there are, how many an excerpt takes, and the
figures of the paper (arXiv 2410.02060, Table 1). REMI, TSD and Structured on the same excerpts are
printed by scripts/pertok_fixture.py.

Example:
  espressivo evaluate pertok";

/// How many tokens four bars take, beside the published figures
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Which scores
    #[arg(long, value_name = "NAME", default_value = "valid")]
    split: String,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,
}

/// Counts and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let report = pertok::run(&args.data.folder()?, &args.split)?;
    output::say_result(&report, args.json, || report.to_string())
}
