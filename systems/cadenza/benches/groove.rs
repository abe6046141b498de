//! How fast the groove performer plays, beside the same network in PyTorch.
//!
//! `cargo xtask bench groove`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors, the twin
//! reads as many notes with the same model in the same minute, with as many threads.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use cadenza::groove::{self, COLUMNS, Groove, Network, SIZES};
use notation::{Measure, Note, Quarters, Score, TimeSignature};
use performers::{Controls, Job, Region, Request, take};

/// Notes of a piece.
const NOTES: usize = 1000;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// A take of so many notes is to take no longer.
const WANTED_SECS: f64 = 1.0;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("models/groove");
    let settings = match groove::settings(&folder) {
        Ok(settings) => settings,
        Err(error) => {
            println!("no model to time: {error}");
            return Ok(());
        }
    };
    let network = Network::load(&folder, &settings)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} parameters, {threads} threads", settings.network.parameters(settings.styles.len()));
    let rows: Vec<u8> = (0..NOTES * COLUMNS).map(|k| (k * 7919 % 1009 % SIZES[k % COLUMNS]) as u8).collect();
    let read = || -> Result<(), Failure> {
        network.read_all(&rows, 0, 0..NOTES, &|| Ok(()), &mut |_| Ok(()))?;
        Ok(())
    };
    let ours = NOTES as f64 / fastest_secs(read)?;
    println!("the network, {NOTES} notes: {ours:.0} notes/s");
    if let Some(theirs) = pytorch(&root, &folder, threads)? {
        println!("PyTorch, the same: {theirs:.0} notes/s; Espressivo is {:.2} times as fast", ours / theirs);
    }
    let (performer, score, controls) = (Groove::load(&folder)?, score(), Controls::default());
    let perform = || -> Result<(), Failure> {
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        take::perform(&performer, &request, &Job::default())?;
        Ok(())
    };
    let secs = fastest_secs(perform)?;
    let verdict = if secs <= WANTED_SECS { "as wanted" } else { "too slow" };
    println!("a take of {NOTES} notes, finished: {secs:.3} s ({verdict}: {WANTED_SECS} s)");
    Ok(())
}

fn fastest_secs(run: impl Fn() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let begun = Instant::now();
        run()?;
        best = best.min(begun.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Notes that PyTorch reads in a second; none, with a message, without Python.
fn pytorch(root: &Path, folder: &Path, threads: usize) -> Result<Option<f64>, Failure> {
    let Some(python) = std::env::var_os("ESPRESSIVO_PYTHON") else {
        println!("PyTorch was not timed: ESPRESSIVO_PYTHON names no Python");
        return Ok(None);
    };
    let mut command = Command::new(python);
    command.arg(root.join("scripts/groove_torch.py")).arg("bench").arg(folder);
    let (notes, threads) = (NOTES.to_string(), threads.to_string());
    let output = command.args(["--notes", &notes, "--threads", &threads]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let json: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    Ok(json["notes_per_second"].as_f64())
}

/// Chords of two eighths in bars of four quarters.
fn score() -> Score {
    let time = TimeSignature::default();
    let note = |k: usize| Note {
        onset: Quarters::new(k as i64 / 2, 2),
        duration: Quarters::new(1, 2),
        pitch: 48 + (k * 7919 % 12 + k % 2 * 20) as u8,
        measure: (k / 16) as u32,
        staff: 2 - (k % 2) as u8,
        ..Note::default()
    };
    Score {
        notes: (0..NOTES).map(note).collect(),
        measures: (0..NOTES.div_ceil(16) as u32).map(|k| Measure::regular(k, time)).collect(),
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    }
}
