//! How fast PianoFlow plays on the CPU, beside the same network in PyTorch.
//!
//! `cargo xtask bench pianoflow`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and
//! safetensors, the twin runs in the same minute and two ratios are printed: of one network against
//! PyTorch's one, and of the model, whose networks play together, against PyTorch's one.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

use burn::tensor::Device;
use notation::{Note, Quarters, Score};
use performers::{Controls, Job, PerformError, Performer, Region, Request, Run};
use pianoflow::settings::Sampling;
use pianoflow::{PianoFlow, weights};
use twins::{fastest_secs, loaded, pytorch, root, threads};

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
    let run = || {
        run();
        Ok(())
    };
    fastest_secs(runs, run).unwrap()
}

/// The model alone of its first network: what one network of PyTorch's is compared with.
fn one_network(model: &Path) -> Result<PianoFlow, PerformError> {
    let (networks, settings) = weights::load(model, &Device::flex())?;
    let folder = tempfile::tempdir().unwrap();
    weights::save(&networks[..1], &settings, folder.path())?;
    PianoFlow::load(folder.path(), Device::flex())
}

/// The sampling that PyTorch is timed at, whatever the model's own.
fn as_in_pytorch(player: PianoFlow) -> PianoFlow {
    let sampling = player.sampling().clone();
    player.with_sampling(Sampling { steps: 10, window: 256, overlap: 96, lookahead: 32, ..sampling })
}

fn play(player: &PianoFlow, score: &Score) {
    let request = Request { score, region: &Region::All, context: None, controls: &Controls::default() };
    player.perform(&request, &Run::of(&Job::default())).unwrap();
}

/// Notes that PyTorch plays in a second with one network; none, with a message, without Python.
fn theirs() -> Option<f64> {
    let notes_per_sec = pytorch("pianoflow_torch.py", |command| command).unwrap()?;
    let notes_per_sec = notes_per_sec["notes_per_second_of_ten_steps"].as_f64().unwrap();
    println!("PyTorch, one network, the same window, {} threads: {notes_per_sec:.0} notes/s", threads());
    Some(notes_per_sec)
}

fn main() {
    let model = root().join("models/pianoflow");
    let both = one_network(&model).and_then(|one| Ok((one, PianoFlow::load(&model, Device::flex())?)));
    let Some((one, all)) = loaded(both) else { return };
    let piece = score(1000);
    let secs = best(3, || play(&all, &piece));
    println!("a piece of 1,000 notes, the model as it is, {} steps: {secs:.2} s", all.sampling().steps);

    let (one, all) = (as_in_pytorch(one), as_in_pytorch(all));
    let (notes, steps) = (one.sampling().window, one.sampling().steps);
    let window = score(notes);
    let notes_per_sec = |player| notes as f64 / best(5, || play(player, &window));
    let (one, all) = (notes_per_sec(&one), notes_per_sec(&all));
    println!("one network, one window of {notes} notes, {steps} steps: {one:.0} notes/s");
    println!("all networks of the model, the same window: {all:.0} notes/s");
    if let Some(theirs) = theirs() {
        println!(
            "Espressivo is {:.2} times as fast, one network against one; all networks of the model are \
             {:.2} times as fast as PyTorch's one",
            one / theirs,
            all / theirs
        );
    }
}
