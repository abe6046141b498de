//! How fast the Pianist Transformer plays, beside the same network in PyTorch with its keys and values
//! kept.
//!
//! `cargo xtask bench pianist`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors,
//! the twin plays the same model in the same minute, with as many threads.

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use neural::sampling::Choice;
use pianist_transformer::config::Playing;
use pianist_transformer::network::Network;
use pianist_transformer::roll::Roll;
use pianist_transformer::tokens::{Chords, Event};
use pianist_transformer::weights;

/// Notes that are a few bars.
const FIRST: usize = 32;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// The likeliest token always, as the twin plays.
const GREEDY: Choice = Choice { temperature: 0.0, top_p: 1.0 };

/// As the performer plays.
const SAMPLED: Choice = Choice { temperature: 1.0, top_p: 0.95 };

type Failure = Box<dyn std::error::Error>;

/// Seconds to the first notes, and to all.
struct Took {
    first_secs: f64,
    secs: f64,
}

fn main() -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("models/pianist-transformer");
    let settings = match weights::settings(&folder) {
        Ok(settings) => settings,
        Err(error) => {
            println!("no model to time: {error}");
            return Ok(());
        }
    };
    let network = Network::load(&folder, &settings.network)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} parameters, {threads} threads", settings.network.parameters());
    let window = settings.playing.window;
    let whole = Playing::in_windows(window, Chords::default());
    let ours = window as f64 / play(&network, &whole, window, GREEDY)?.secs;
    println!("one window of {window} notes: {ours:.0} notes/s");
    if let Some(theirs) = pytorch(&root, &folder, window, threads)? {
        println!("PyTorch, the same: {theirs:.0} notes/s; Espressivo is {:.2} times as fast", ours / theirs);
    }
    for notes in [1000, 5000] {
        let Took { first_secs, secs } = play(&network, &settings.playing, notes, SAMPLED)?;
        let per_sec = notes as f64 / secs;
        println!(
            "a piece of {notes} notes: {secs:.2} s, {per_sec:.0} notes/s, its first {FIRST} after {first_secs:.3} s"
        );
    }
    Ok(())
}

/// The fastest of some runs.
fn play(network: &Network, playing: &Playing, notes: usize, choice: Choice) -> Result<Took, Failure> {
    let literal: Vec<Event> = (0..notes).map(event).collect();
    let known = vec![None; notes];
    let roll = Roll { literal: &literal, known: &known, start_ms: 0, choice, seed: 1 };
    let mut best = Took { first_secs: f64::INFINITY, secs: f64::INFINITY };
    for _ in 0..RUNS {
        let begun = Instant::now();
        let first_secs = Cell::new(None);
        roll.play(network, playing, &|struck| {
            if struck.len() >= FIRST && first_secs.get().is_none() {
                first_secs.set(Some(begun.elapsed().as_secs_f64()));
            }
            Ok(())
        })?;
        best.secs = best.secs.min(begun.elapsed().as_secs_f64());
        best.first_secs = best.first_secs.min(first_secs.get().unwrap_or(f64::INFINITY));
    }
    Ok(best)
}

/// Notes that PyTorch plays in a second; none, with a message, without Python.
fn pytorch(root: &Path, folder: &Path, notes: usize, threads: usize) -> Result<Option<f64>, Failure> {
    let Some(python) = std::env::var_os("ESPRESSIVO_PYTHON") else {
        println!("PyTorch was not timed: ESPRESSIVO_PYTHON names no Python");
        return Ok(None);
    };
    let (notes, threads) = (notes.to_string(), threads.to_string());
    let mut command = Command::new(python);
    command.arg(root.join("scripts/pianist_torch.py")).arg("bench").arg(folder);
    let output = command.args(["--notes", &notes, "--threads", &threads]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let json: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    Ok(json["notes_per_second"].as_f64())
}

fn event(k: usize) -> Event {
    Event {
        pitch: 40 + (k * 7919 % 40) as u8,
        ioi_ms: if k.is_multiple_of(3) { 0 } else { 250 },
        velocity: 64,
        duration_ms: 400,
        pedal: [0; 4],
    }
}
