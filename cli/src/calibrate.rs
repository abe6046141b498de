//! `espressivo train calibrate`: choose how a trained PianoFlow samples.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use performance::metrics::Figure;
use training::pianoflow::{self, Calibration};

use crate::options::{Data, Device};
use crate::output;

const EXAMPLES: &str = "\
Plays scores of the validation split, compares the spread with that of people and writes the
gains that make them alike into the model's config.json.

Example:
  espressivo train calibrate --model models/pianoflow --noise 0.5,0.45,0.6,0.8,0.5,0.5";

/// Make the spread of PianoFlow's expression human, at a given noise
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// The model folder, whose config.json is rewritten
    #[arg(long, value_name = "DIR")]
    model: PathBuf,

    /// Starting noise of velocity, tempo between quarters, tempo from onset to onset, chords,
    /// articulation and pedal
    #[arg(long, value_name = "SIX", value_delimiter = ',')]
    noise: Vec<f64>,

    /// What slow changes of tempo are multiplied by
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    drift: f64,

    /// Scores to play
    #[arg(long, value_name = "N", default_value_t = 7)]
    scores: usize,

    /// Rounds of playing and correcting
    #[arg(long, value_name = "N", default_value_t = 4)]
    rounds: usize,

    /// Takes of each score, to see how much they resemble each other
    #[arg(long, value_name = "N", default_value_t = 1)]
    takes: usize,

    #[command(flatten)]
    device: Device,
}

/// Calibrates and prints the last round.
pub fn run(args: &Args) -> Result<ExitCode> {
    ensure!(args.takes > 0 && args.rounds > 0, "--takes and --rounds must be at least 1");
    let noise = args.noise.as_slice().try_into().context("--noise takes six numbers, comma between them")?;
    let options = Calibration {
        data: args.data.folder()?,
        model: args.model.clone(),
        noise,
        drift: args.drift,
        takes: args.takes,
        scores: args.scores,
        rounds: args.rounds,
        workers: 2,
    };
    let chosen = args.device.choose()?;
    let row = pianoflow::calibrate(&options, &chosen.device, &|said| output::note(said))?;
    let line = |name: &str, five: [Option<f64>; 5]| {
        let cells = five.map(|v| v.map_or_else(|| format!("{:>8}", "-"), |v| format!("{v:>8.3}")));
        format!("{name:<12}{}\n", cells.concat())
    };
    let head: String = Figure::ALL.map(|figure| format!("{:>8}", figure.name())).concat();
    let diversity = row.diversity.map(|five| line("between takes", five)).unwrap_or_default();
    output::say(&format!(
        "{:<12}{head}\n{}{}{diversity}",
        "",
        line("r", row.agreement),
        line("spread", row.spread)
    ))?;
    Ok(ExitCode::SUCCESS)
}
