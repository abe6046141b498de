//! `espressivo evaluate alignment`: how right alignments of recordings with their scores are.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::alignment::{self, Row};

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
Recordings of (n)ASAP whose every key is known are aligned with their scores: as they are, and damaged in
fixed ways (wrong, missed and extra notes, skipped and repeated bars, restarts, one hand, other tempi, a
piano a semitone off). The figures of the package parangonar on the same recordings are printed by
scripts/parangonar_f1.py.

Examples:
  espressivo evaluate alignment
  espressivo evaluate alignment --write damaged";

/// How right alignments of recordings with their scores are
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Write the damaged recordings into a folder, for another program to align
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,

    /// Print all rows as JSON
    #[arg(long)]
    json: bool,
}

/// Aligns and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let said = |row: &Row| output::note(format_args!("{}: {}", row.damage.name(), row.name));
    let table = alignment::run(&args.data.folder()?, args.write.as_deref(), &said)?;
    if args.json {
        output::say_json(&table)?
    } else {
        output::say(&table.to_string())?
    }
    Ok(ExitCode::SUCCESS)
}
