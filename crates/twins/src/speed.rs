//! How fast networks are, beside their twins.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use notation::{Measure, Note, Quarters, Score, TimeSignature};
use serde_json::Value;

/// Why nothing was timed.
pub type Failure = Box<dyn std::error::Error>;

/// The checkout, where models, scores and scripts are.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What is to be timed; none, with a message, where it cannot be loaded.
pub fn loaded<T, E: Display>(result: Result<T, E>) -> Option<T> {
    result.inspect_err(|error| println!("no model to time: {error}")).ok()
}

/// Prints how large a network is, and how many threads it has.
pub fn say_size(parameters: usize) {
    println!("{parameters} parameters, {} threads", threads());
}

/// Threads of this machine that run side by side.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Seconds of the fastest of some runs.
///
/// # Errors
/// When a run fails.
pub fn fastest_secs(runs: usize, mut run: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let begun = Instant::now();
        run()?;
        best = best.min(begun.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Whether what is to take so many seconds at most does, in words.
pub fn verdict(secs: f64, wanted_secs: f64) -> &'static str {
    if secs <= wanted_secs { "as wanted" } else { "too slow" }
}

/// What a program in `scripts/` tells of its speed, with as many threads; none, with a message, unless
/// `ESPRESSIVO_PYTHON` names a Python.
///
/// # Errors
/// When the program fails, with what it says.
pub fn pytorch(
    script: &str,
    args: impl FnOnce(&mut Command) -> &mut Command,
) -> Result<Option<Value>, Failure> {
    let Some(python) = std::env::var_os("ESPRESSIVO_PYTHON") else {
        println!("PyTorch was not timed: ESPRESSIVO_PYTHON names no Python");
        return Ok(None);
    };
    let mut command = Command::new(python);
    command.arg(root().join("scripts").join(script)).arg("bench");
    let output = args(&mut command).args(["--threads", &threads().to_string()]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}

/// Prints how many notes PyTorch plays in a second, if it was timed, beside ours.
pub fn say_beside(theirs: Option<f64>, ours: f64) {
    if let Some(theirs) = theirs {
        println!("PyTorch, the same: {theirs:.0} notes/s; Espressivo is {:.2} times as fast", ours / theirs);
    }
}

/// Chords of two eighths in bars of four quarters.
pub fn chords(notes: usize) -> Score {
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
        notes: (0..notes).map(note).collect(),
        measures: (0..notes.div_ceil(16) as u32).map(|k| Measure::regular(k, time)).collect(),
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    }
}
