//! `espressivo evaluate grid`: how exact tempo maps are, and how right estimated beats.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::grid::{self, Options};

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
First the published outputs of the Pianist Transformer on the grids of their scores: how far notes are
from when they were played, and how many tempo events a beat it takes, with our tempo map and with the
one of its authors (whole beats a minute from 10 to 300, a change at each onset). Then beats estimated
without a score, against those that people annotated in recordings of (n)ASAP.

Examples:
  espressivo evaluate grid
  espressivo evaluate grid --split valid --json";

/// How exact tempo maps are, and how right estimated beats
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Which recordings: valid to choose by, test to report
    #[arg(long, value_name = "NAME", default_value = "test")]
    split: String,

    /// Recordings looked at side by side
    #[arg(long, value_name = "N", default_value_t = Options::default().workers)]
    workers: usize,

    /// Print the tables as JSON
    #[arg(long)]
    json: bool,
}

/// Compares and prints the tables.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = Options { data: args.data.folder()?, split: args.split.clone(), workers: args.workers };
    let report = grid::run(&options, &|said| output::note(said))?;
    output::say_result(&report, args.json, || report.to_string())
}
