//! How fast XMVAE plays and reads manners, beside the same network in PyTorch.
//!
//! `cargo xtask bench xmvae`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors, the twin plays
//! and reads a window of as many notes with the same model in the same minute, with as many threads.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use notation::{Measure, Note, Quarters, Score, TimeSignature};
use performers::{Controls, Job, Performer, Region, Request, take};
use xmvae::ecp::{METRIC, NOTE};
use xmvae::network::{Model, ScoreTokens};
use xmvae::performer::Xmvae;

/// Notes of a piece.
const NOTES: usize = 5000;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// A take of so many notes is to take no longer.
const WANTED_SECS: f64 = 5.0;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("models/xmvae");
    let model = match Model::load(&folder) {
        Ok(model) => model,
        Err(error) => {
            println!("no model to time: {error}");
            return Ok(());
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} parameters, {threads} threads", model.settings().network.parameters());
    let theirs = pytorch(&root, &folder, threads)?;
    for (what, secs, field) in [
        ("played", window_secs(&model, false)?, "played_notes_per_second"),
        ("its manner read", window_secs(&model, true)?, "read_notes_per_second"),
    ] {
        let ours = model.settings().network.window as f64 / secs;
        println!("a window, {what}: {ours:.0} notes/s");
        if let Some(theirs) = theirs.as_ref().and_then(|theirs| theirs[field].as_f64()) {
            println!(
                "PyTorch, the same: {theirs:.0} notes/s; Espressivo is {:.2} times as fast",
                ours / theirs
            );
        }
    }
    let (performer, score, controls) = (Xmvae::load(&folder)?, score(), Controls::default());
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let take = take::perform(&performer, &request, &Job::default())?;
    let secs = fastest_secs(|| {
        take::perform(&performer, &request, &Job::default())?;
        Ok(())
    })?;
    let verdict = if secs <= WANTED_SECS { "as wanted" } else { "too slow" };
    println!("a take of {NOTES} notes, finished: {secs:.3} s ({verdict}: {WANTED_SECS} s)");
    let secs = fastest_secs(|| {
        performer.manner(&score, &take, "", &Job::default())?;
        Ok(())
    })?;
    println!("the manner of a performance of {NOTES} notes: {secs:.3} s");
    Ok(())
}

/// Seconds that a full window takes, a beat to three notes.
fn window_secs(model: &Model, is_read: bool) -> Result<f64, Failure> {
    let sizes = &model.settings().network;
    let step = |k: usize| -> ScoreTokens {
        let value = |most: usize| 1 + (k * 7919 % 1009 % most) as u8;
        if k.is_multiple_of(4) { [METRIC, value(4), 0, 26] } else { [NOTE, value(24), value(88), value(51)] }
    };
    let steps: Vec<ScoreTokens> = (0..sizes.window * 4 / 3).map(step).collect();
    let features = vec![0.25; steps.len() * sizes.features];
    let values = vec![[0.25; 5]; steps.len()];
    fastest_secs(|| {
        let reading = model.read(&steps, &features, &model.codes(&steps));
        if is_read {
            model.posterior(&reading, &values);
        } else {
            model.expected(&reading, &model.states(&reading, None));
        }
        Ok(())
    })
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

/// What PyTorch does in a second; none, with a message, without Python.
fn pytorch(root: &Path, folder: &Path, threads: usize) -> Result<Option<serde_json::Value>, Failure> {
    let Some(python) = std::env::var_os("ESPRESSIVO_PYTHON") else {
        println!("PyTorch was not timed: ESPRESSIVO_PYTHON names no Python");
        return Ok(None);
    };
    let mut command = Command::new(python);
    command.arg(root.join("scripts/xmvae_torch.py")).arg("bench").arg(folder);
    let output = command.args(["--threads", &threads.to_string()]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(Some(serde_json::from_slice(&output.stdout)?))
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
