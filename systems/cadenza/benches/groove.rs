//! How fast the groove performer plays, beside the same network in PyTorch.
//!
//! `cargo xtask bench groove`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors, the twin
//! reads as many notes with the same model in the same minute, with as many threads.

use cadenza::groove::{self, COLUMNS, Groove, Network, SIZES};
use performers::{Controls, Job, Region, Request, take};
use twins::{Failure, chords, fastest_secs, loaded, pytorch, root, say_beside, say_size, verdict};

/// Notes of a piece.
const NOTES: usize = 1000;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// A take of so many notes is to take no longer.
const WANTED_SECS: f64 = 1.0;

fn main() -> Result<(), Failure> {
    let folder = root().join("models/groove");
    let Some(settings) = loaded(groove::settings(&folder)) else { return Ok(()) };
    let network = Network::load(&folder, &settings)?;
    say_size(settings.network.parameters(settings.styles.len()));
    let rows: Vec<u8> = (0..NOTES * COLUMNS).map(|k| (k * 7919 % 1009 % SIZES[k % COLUMNS]) as u8).collect();
    let ours = NOTES as f64
        / fastest_secs(RUNS, || {
            network.read_all(&rows, 0, 0..NOTES, &|| Ok(()), &mut |_| Ok(()))?;
            Ok(())
        })?;
    println!("the network, {NOTES} notes: {ours:.0} notes/s");
    let notes = NOTES.to_string();
    let theirs = pytorch("groove_torch.py", |command| command.arg(&folder).args(["--notes", &notes]))?;
    say_beside(theirs.and_then(|theirs| theirs["notes_per_second"].as_f64()), ours);
    let (performer, score, controls) = (Groove::load(&folder)?, chords(NOTES), Controls::default());
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let secs = fastest_secs(RUNS, || {
        take::perform(&performer, &request, &Job::default())?;
        Ok(())
    })?;
    let verdict = verdict(secs, WANTED_SECS);
    println!("a take of {NOTES} notes, finished: {secs:.3} s ({verdict}: {WANTED_SECS} s)");
    Ok(())
}
