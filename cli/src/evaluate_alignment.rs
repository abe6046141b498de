//! `espressivo evaluate alignment`: how right alignments of recordings with their scores are.

use std::path::PathBuf;
use std::process::ExitCode;

use alignment::judge::samples;
use anyhow::{Result, ensure};
use training::evaluate::alignment::{self as evaluation, Options, Row, Running, Set};

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
Recordings whose every key is known are aligned with their scores: as they are, and damaged in fixed ways
(wrong, missed and extra notes, skipped and repeated bars, restarts, one hand, other tempi, a piano a
semitone off). With --parangonar the package of that name gets the same recordings, and both are timed; what it
does not finish in time is counted apart, and ours stands beside on the recordings that it finished.

Examples:
  espressivo evaluate alignment
  espressivo evaluate alignment --set held-out
  espressivo evaluate alignment --every 7 --parangonar venv/bin/python --time-limit 60
  espressivo evaluate alignment --set batik --most-keys 1500 --limit 5 --only undamaged --parangonar venv/bin/python
  espressivo evaluate alignment --write damaged";

/// Seconds that the package gets for each recording, unless the command says otherwise.
const TIME_LIMIT_SECS: f64 = 120.0;

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

    /// Of these only every so many, from the first on
    #[arg(long, value_name = "N", default_value_t = 1)]
    every: usize,

    /// Of these only the first so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Only damages in whose names this is, for example undamaged or notes
    #[arg(long, value_name = "DAMAGE")]
    only: Option<String>,

    /// A Python that has the package parangonar 3.4, whose figures are printed beside
    #[arg(long, value_name = "PYTHON")]
    parangonar: Option<PathBuf>,

    /// Seconds that the package gets for each recording; 0 for as long as it takes
    #[arg(long, value_name = "SECS", default_value_t = TIME_LIMIT_SECS, requires = "parangonar")]
    time_limit: f64,

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
    ensure!(args.every > 0, "--every must be at least 1");
    ensure!(args.time_limit >= 0.0, "--time-limit is a number of seconds");
    let said = |row: &Row| {
        let (f1, secs) = (row.pairs.f1(), row.secs);
        output::note(format_args!("{}: {}: {f1:.4} in {secs:.2} s", row.damage.name(), row.name));
    };
    let samples = samples::Options {
        only: args.only.clone(),
        most_keys: args.most_keys,
        every: Some(args.every),
        limit: args.limit,
        write: args.write.clone(),
    };
    let options = Options { set: args.set.set(), samples };
    let data = args.data.folder()?;
    match &args.parangonar {
        Some(python) => {
            let time_limit_secs = (args.time_limit > 0.0).then_some(args.time_limit);
            let running = Running { python: python.clone(), time_limit_secs };
            let both = evaluation::run_beside(&data, &options, &running, &said)?;
            output::say_result(&both, args.json, || both.to_string())
        }
        None => {
            let table = evaluation::run(&data, &options, &said)?;
            output::say_result(&table, args.json, || table.to_string())
        }
    }
}
