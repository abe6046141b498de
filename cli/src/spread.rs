//! `espressivo train spread`: how wide pieces spread, and how takes differ as wholes.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::pianoflow::{self, SpreadOptions};

use crate::options::{Data, Device};
use crate::output;

const EXAMPLES: &str = "\
Plays pieces that several people played, as the model plays without either, and learns two things: how
much wider or narrower a piece is to be played than the gains make it, told from its score and from what
the networks expect of it; and how people of one piece differ as wholes, of which takes draw what noise
from note to note does not give them. The weights stay as they are. `train calibrate` comes before,
`evaluate --split valid` after.

Examples:
  espressivo train spread --model models/pianoflow
  espressivo train spread --model models/pianoflow --limit 20 --dry-run";

/// Learn how wide a piece spreads, and how takes differ as wholes
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// The model folder, whose config.json is rewritten
    #[arg(long, value_name = "DIR")]
    model: PathBuf,

    /// Sets of aligned performances to learn from
    #[arg(long, value_name = "SET", value_delimiter = ',', default_values = ["train", "extra_train"])]
    learn: Vec<String>,

    /// The set that the mean is taken from, since the networks know the others by heart
    #[arg(long, value_name = "SET", default_value = "valid")]
    try_on: String,

    /// Try it on none: the mean is that of the pieces learned from
    #[arg(long, conflicts_with = "try_on")]
    no_try: bool,

    /// Only pieces that so many people played
    #[arg(long, value_name = "N", default_value_t = 2)]
    people: usize,

    /// Takes of each piece; with 1 how takes differ is left as it is
    #[arg(long, value_name = "N", default_value_t = 2)]
    takes: usize,

    /// Cut longer pieces to so many notes in their middle
    #[arg(long, value_name = "N", default_value_t = 1200)]
    notes: usize,

    /// Only so many pieces to learn from and to try on
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// What the spread may be told from
    #[arg(long, value_enum, default_value_t)]
    inputs: Inputs,

    /// How much takes shall differ as wholes: 1 as people do, 0 not at all
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    variety: f64,

    /// Pieces performed side by side; 1 on a graphics processor
    #[arg(long, value_name = "N", default_value_t = 2)]
    workers: usize,

    /// Say what was found and write nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    device: Device,
}

/// What the spread may be told from; what tells pieces left out best is taken for each value.
#[derive(clap::ValueEnum, Clone, Copy, Debug, Default)]
enum Inputs {
    /// Nothing: all pieces alike
    None,
    /// The score
    Score,
    /// The score and what the networks expect of it
    #[default]
    Networks,
}

/// Learns, writes, and says how well.
pub fn run(args: &Args) -> Result<ExitCode> {
    for (name, value) in [("--people", args.people), ("--takes", args.takes), ("--workers", args.workers)] {
        ensure!(value > 0, "{name} must be at least 1");
    }
    ensure!(args.notes >= 100, "--notes must be at least 100: fewer have no spread worth measuring");
    ensure!(args.limit != Some(0), "--limit must be at least 1");
    ensure!((0.0..=2.0).contains(&args.variety), "--variety goes from 0 to 2");
    let options = SpreadOptions {
        data: args.data.folder()?,
        model: args.model.clone(),
        learn: args.learn.clone(),
        tried: (!args.no_try).then(|| args.try_on.clone()),
        least_people: args.people,
        takes: args.takes,
        most_notes: args.notes,
        limit: args.limit,
        most_inputs: args.inputs as usize,
        variety: args.variety,
        workers: args.workers,
        is_dry: args.dry_run,
    };
    let chosen = args.device.choose()?;
    let report = pianoflow::settle_spread(&options, &chosen.device, &|said| output::note(said))?;
    output::say(&report.to_string())?;
    Ok(ExitCode::SUCCESS)
}
