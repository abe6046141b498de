//! How fast XMVAE plays and reads manners, beside the same network in PyTorch.
//!
//! `cargo xtask bench xmvae`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors, the twin plays
//! and reads a window of as many notes with the same model in the same minute, with as many threads.

use performers::{Controls, Job, Performer, Region, Request, take};
use twins::{Failure, chords, fastest_secs, loaded, pytorch, root, say_beside, say_size, verdict};
use xmvae::ecp::{FAMILY, METRIC, NOTE};
use xmvae::network::{Model, ScoreTokens};
use xmvae::performer::Xmvae;

/// Notes of a piece.
const NOTES: usize = 5000;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// A take of so many notes is to take no longer.
const WANTED_SECS: f64 = 5.0;

fn main() -> Result<(), Failure> {
    let folder = root().join("models/xmvae");
    let Some(model) = loaded(Model::load(&folder)) else { return Ok(()) };
    say_size(model.settings().network.parameters());
    let theirs = pytorch("xmvae_torch.py", |command| command.arg(&folder))?;
    for (what, ours, field) in [
        ("played", notes_a_second(&model, false)?, "played_notes_per_second"),
        ("its manner read", notes_a_second(&model, true)?, "read_notes_per_second"),
    ] {
        println!("a window, {what}: {ours:.0} notes/s");
        say_beside(theirs.as_ref().and_then(|theirs| theirs[field].as_f64()), ours);
    }
    let (performer, score, controls) = (Xmvae::load(&folder)?, chords(NOTES), Controls::default());
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let take = take::perform(&performer, &request, &Job::default())?;
    let secs = fastest_secs(RUNS, || {
        take::perform(&performer, &request, &Job::default())?;
        Ok(())
    })?;
    let verdict = verdict(secs, WANTED_SECS);
    println!("a take of {NOTES} notes, finished: {secs:.3} s ({verdict}: {WANTED_SECS} s)");
    let secs = fastest_secs(RUNS, || {
        performer.manner(&score, &take, "", &Job::default())?;
        Ok(())
    })?;
    println!("the manner of a performance of {NOTES} notes: {secs:.3} s");
    Ok(())
}

/// Notes a second of a full window, a beat to three notes.
fn notes_a_second(model: &Model, is_read: bool) -> Result<f64, Failure> {
    let sizes = &model.settings().network;
    let step = |k: usize| -> ScoreTokens {
        let value = |most: usize| 1 + (k * 7919 % 1009 % most) as u8;
        if k.is_multiple_of(4) { [METRIC, value(4), 0, 26] } else { [NOTE, value(24), value(88), value(51)] }
    };
    let steps: Vec<ScoreTokens> = (0..sizes.window * 4 / 3).map(step).collect();
    let features = vec![0.25; steps.len() * sizes.features];
    let values = vec![[0.25; 5]; steps.len()];
    let notes = steps.iter().filter(|step| step[FAMILY] == NOTE).count();
    let secs = fastest_secs(RUNS, || {
        let reading = model.read(&steps, &features, &model.codes(&steps));
        if is_read {
            model.posterior(&reading, &values);
        } else {
            model.expected(&reading, &model.states(&reading, None));
        }
        Ok(())
    })?;
    Ok(notes as f64 / secs)
}
