//! How fast PianoFlow plays on the CPU, beside the same network in PyTorch.
//!
//! `cargo xtask bench pianoflow`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and
//! safetensors, the twin runs in the same minute and the ratio is printed.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use burn::tensor::Device;
use notation::{Note, Quarters, Score};
use performers::{Controls, Job, Performer, Region, Request, Run};
use pianoflow::PianoFlow;
use pianoflow::settings::Sampling;

/// A two-part invention of so many notes in eighths.
fn score(notes: usize) -> Score {
    let note = |k: usize| Note {
        onset: Quarters::new((k / 2) as i64, 2),
        duration: Quarters::new(1, 2),
        pitch: if k.is_multiple_of(2) { 48 } else { 67 } + (k * 7 % 12) as u8,
        measure: (k / 16) as u32,
        staff: if k.is_multiple_of(2) { 2 } else { 1 },
        ..Note::default()
    };
    Score { notes: (0..notes).map(note).collect(), ..Score::default() }
}

/// Shortest of some runs, in seconds.
fn best(runs: usize, mut run: impl FnMut()) -> f64 {
    run();
    let time = |_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    (0..runs).map(time).fold(f64::INFINITY, f64::min)
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let model = root.join("models/pianoflow");
    let load = || PianoFlow::load(&model, Device::flex());
    let (player, compared) = match (load(), load()) {
        (Ok(player), Ok(compared)) => (player, compared),
        (Err(error), _) | (_, Err(error)) => return println!("no model to time: {error}"),
    };
    // What PyTorch is timed at, whatever the model's own settings.
    let sampling = compared.sampling().clone();
    let compared =
        compared.with_sampling(Sampling { steps: 10, window: 256, overlap: 96, lookahead: 32, ..sampling });
    let controls = Controls::default();
    let play = |player: &PianoFlow, score: &Score| {
        let request = Request { score, region: &Region::All, context: None, controls: &controls };
        player.perform(&request, &Run::of(&Job::default())).unwrap();
    };
    let window = score(compared.sampling().window);
    let secs = best(5, || play(&compared, &window));
    let ours = window.notes.len() as f64 / secs;
    println!(
        "one window of {} notes, {} steps: {ours:.0} notes/s",
        window.notes.len(),
        compared.sampling().steps
    );
    let piece = score(1000);
    let secs = best(3, || play(&player, &piece));
    println!("a piece of 1,000 notes, {} steps: {secs:.2} s", player.sampling().steps);

    let Some(python) = std::env::var_os("ESPRESSIVO_PYTHON") else {
        return println!("PyTorch was not timed: ESPRESSIVO_PYTHON names no Python");
    };
    let script = root.join("scripts/pianoflow_torch.py");
    let threads = std::thread::available_parallelism().map_or(1, usize::from).to_string();
    let output = Command::new(python).arg(script).args(["bench", "--threads", &threads]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let theirs = json["notes_per_second_of_ten_steps"].as_f64().unwrap();
    println!(
        "PyTorch, {threads} threads: {theirs:.0} notes/s; Espressivo is {:.2} times as fast",
        ours / theirs
    );
}
