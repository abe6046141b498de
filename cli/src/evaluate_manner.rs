//! `espressivo evaluate manner`: whether the manner of one recording carries over to another piece.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::evaluate::manner::{self, Options, reconstruction};

use crate::judging::Judging;
use crate::options::{Data, Models};
use crate::{output, perform};

const EXAMPLES: &str = "\
What each person played of a piece that at least three people played is the reference for passages of other
pieces. How the person differs from the others of the piece, in tempo, rubato, level and range of loudness,
articulation, pedal and spread of chords, is held against how what is performed differs: r is 1 if the manner
carries over, and about 0 with the references shuffled, which is told beside it. The same passages without a
reference, and as others play them, are compared with people.

Examples:
  espressivo evaluate manner --split valid
  espressivo evaluate manner --split valid --set manner=1.3 --pairs 10 --beside rules
  espressivo evaluate manner --split valid --reconstruction
  espressivo evaluate manner --json";

/// Whether the manner of a recording carries over to another piece
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("workers", |workers| workers.help("Passages performed side by side; 1 on a graphics processor")))]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Which pieces: valid to choose by, test to report
    #[arg(long, value_name = "NAME", default_value = "test")]
    split: String,

    /// Who plays
    #[arg(long, value_name = "NAME", default_value_t = Options::default().performer)]
    performer: String,

    /// A setting of the performer's own; `espressivo performers` lists them
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = perform::knob)]
    knobs: Vec<(String, String)>,

    /// Who plays the same passages without a reference, separated by commas [default: pianoflow,rules]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    beside: Vec<String>,

    #[command(flatten)]
    models: Models,

    /// People of a piece who are references, at most
    #[arg(long, value_name = "N", default_value_t = Options::default().references)]
    references: usize,

    /// Other pieces that each manner is carried to
    #[arg(long, value_name = "N", default_value_t = Options::default().pieces)]
    pieces: usize,

    /// Pairs of a piece and another, at most
    #[arg(long, value_name = "N")]
    pairs: Option<usize>,

    /// Notes of a passage, about
    #[arg(long, value_name = "N", default_value_t = Options::default().notes)]
    notes: usize,

    /// Seed of the takes and of what is drawn
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Give every take a seed of its own, so that chance counts too
    #[arg(long)]
    apart: bool,

    /// Tell instead how much of scores and performances the model itself reconstructs, and what it uses
    #[arg(long)]
    reconstruction: bool,

    #[command(flatten)]
    judging: Judging,
}

/// Evaluates and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    for (name, value) in [("--references", args.references), ("--notes", args.notes)] {
        ensure!(value > 0, "{name} must be at least 1");
    }
    if args.reconstruction {
        return reconstruct(args);
    }
    let defaults = Options::default();
    let options = Options {
        data: args.data.folder()?,
        models: args.models.folder(),
        split: args.split.clone(),
        performer: args.performer.clone(),
        set: args.knobs.clone(),
        beside: if args.beside.is_empty() { defaults.beside } else { args.beside.clone() },
        references: args.references,
        pieces: args.pieces,
        pairs: args.pairs,
        notes: args.notes,
        seed: args.seed,
        is_apart: args.apart,
        workers: args.judging.workers,
    };
    args.judging.report(|chosen, said| manner::run(&options, &chosen.device, said))
}

fn reconstruct(args: &Args) -> Result<ExitCode> {
    let options = reconstruction::Options {
        data: args.data.folder()?,
        models: args.models.folder(),
        split: args.split.clone(),
        people: args.references,
        seed: args.seed,
        workers: args.judging.workers,
    };
    let report = reconstruction::run(&options, &|said| output::note(said))?;
    output::say_result(&report, args.judging.json, || report.to_string())
}
