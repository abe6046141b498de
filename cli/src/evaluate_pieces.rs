//! `espressivo evaluate pieces`: whether new pieces are like those that were there to learn from.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use application::Folders;
use performers::piece::{MOST_NEW_BARS, TEMPERATURES};
use training::evaluate::pieces::{self, Options};

use crate::output;

const EXAMPLES: &str = "\
Each model writes so many pieces and plays them. In six figures (pitch classes in a bar, range, interval from
note to note, spread of durations, time from note to note, change of velocity from note to note) they stand
beside passages of the training performances that are as long, and it is counted in how many figures the
first model is nearer to these than each of the others. Pieces are looked through for what hands cannot play
and for bars that do not add up, and their bars are looked for among those that were learned. The tables are
Markdown.

Examples:
  espressivo evaluate pieces --out runs/pieces
  espressivo evaluate pieces models/xmvae runs/no-sub/model runs/no-beat/model --count 100 --ecp runs/ecp";

/// Whether new pieces are like those that were there to learn from
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folders of models: the one that is judged, and those to compare it with [default: the model that comes
    /// with the program]
    #[arg(value_name = "MODEL")]
    models: Vec<PathBuf>,

    /// The folder that `espressivo data ecp` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/ecp")]
    ecp: PathBuf,

    /// Pieces of each model
    #[arg(long, value_name = "N", default_value_t = Options::default().count)]
    count: usize,

    /// Passages of the data
    #[arg(long, value_name = "N", default_value_t = Options::default().passages)]
    passages: usize,

    /// Bars of each piece and passage
    #[arg(long, value_name = "N", default_value_t = Options::default().bars)]
    bars: usize,

    /// How much is left to chance, 0.1 to 2
    #[arg(long, value_name = "X", default_value_t = Options::default().temperature)]
    temperature: f64,

    /// Seed of the first piece; the second has the next number
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Write the pieces as MusicXML and MIDI, into a folder for each model
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Pieces side by side
    #[arg(long, value_name = "N", default_value_t = Options::default().workers)]
    workers: usize,

    /// Print the tables as JSON
    #[arg(long)]
    json: bool,
}

/// Judges and prints the tables.
pub fn run(args: &Args) -> Result<ExitCode> {
    for (name, value) in [("--count", args.count), ("--passages", args.passages), ("--workers", args.workers)]
    {
        ensure!(value > 0, "{name} must be at least 1");
    }
    ensure!((1..=MOST_NEW_BARS).contains(&args.bars), "--bars goes from 1 to {MOST_NEW_BARS}");
    let (least, most) = (TEMPERATURES.start(), TEMPERATURES.end());
    ensure!(TEMPERATURES.contains(&args.temperature), "--temperature goes from {least} to {most}");
    let own = || vec![Folders::find().models.join("xmvae")];
    let options = Options {
        models: if args.models.is_empty() { own() } else { args.models.clone() },
        ecp: args.ecp.clone(),
        count: args.count,
        passages: args.passages,
        bars: args.bars,
        temperature: args.temperature,
        seed: args.seed,
        out: args.out.clone(),
        workers: args.workers,
    };
    let report = pieces::run(&options, &|said| output::note(said))?;
    output::say_result(&report, args.json, || report.to_string())
}
