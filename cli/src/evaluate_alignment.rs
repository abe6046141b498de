//! `espressivo evaluate alignment`: how right alignments of recordings with their scores are.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::alignment::{self, Options, Row, Set};

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
Recordings whose every key is known are aligned with their scores: as they are, and damaged in fixed ways
(wrong, missed and extra notes, skipped and repeated bars, restarts, one hand, other tempi, a piano a
semitone off). With --parangonar the package of that name gets the same recordings, and both are timed.

Examples:
  espressivo evaluate alignment
  espressivo evaluate alignment --set held-out
  espressivo evaluate alignment --set batik --most-keys 1500 --parangonar venv/bin/python
  espressivo evaluate alignment --write damaged";

/// How right alignments of recordings with their scores are
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Which recordings
    #[arg(long, value_enum, value_name = "SET", default_value = "samples")]
    set: Named,

    /// Only recordings with at most so many keys
    #[arg(long, value_name = "N")]
    most_keys: Option<usize>,

    /// A Python that has the package parangonar 3.4, whose figures are printed beside
    #[arg(long, value_name = "PYTHON")]
    parangonar: Option<PathBuf>,

    /// Write the damaged recordings into a folder, for another program to align
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,

    /// Print all rows as JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Named {
    /// Samples of (n)ASAP, by which the numbers of the alignment were chosen
    Samples,
    /// One recording of each other piece of the splits test and valid of (n)ASAP
    HeldOut,
    /// Batik plays Mozart
    Batik,
}

impl Named {
    fn set(self) -> Set {
        match self {
            Self::Samples => Set::Samples,
            Self::HeldOut => Set::HeldOut,
            Self::Batik => Set::Batik,
        }
    }
}

/// Aligns and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let said = |row: &Row| output::note(format_args!("{}: {}", row.damage.name(), row.name));
    let options = Options { set: args.set.set(), write: args.write.clone(), most_keys: args.most_keys };
    let data = args.data.folder()?;
    match &args.parangonar {
        Some(python) => {
            let both = alignment::run_beside(&data, &options, python, &said)?;
            output::say_result(&both, args.json, || both.to_string())
        }
        None => {
            let table = alignment::run(&data, &options, &said)?;
            output::say_result(&table, args.json, || table.to_string())
        }
    }
}
