//! How fast the Pianist Transformer plays, beside the same network in PyTorch with its keys and values
//! kept.
//!
//! `cargo xtask bench pianist`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors,
//! the twin plays the same model in the same minute, with as many threads.

use std::cell::Cell;
use std::time::Instant;

use neural::sampling::Choice;
use pianist_transformer::config::Playing;
use pianist_transformer::network::Network;
use pianist_transformer::roll::Roll;
use pianist_transformer::tokens::{Chords, Event};
use pianist_transformer::weights;
use twins::{Failure, loaded, pytorch, root, say_beside, say_size};

/// Notes that are a few bars.
const FIRST: usize = 32;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// The likeliest token always, as the twin plays.
const GREEDY: Choice = Choice { temperature: 0.0, top_p: 1.0 };

/// As the performer plays.
const SAMPLED: Choice = Choice { temperature: 1.0, top_p: 0.95 };

/// Seconds to the first notes, and to all.
struct Took {
    first_secs: f64,
    secs: f64,
}

fn main() -> Result<(), Failure> {
    let folder = root().join("models/pianist-transformer");
    let Some(settings) = loaded(weights::settings(&folder)) else { return Ok(()) };
    let network = Network::load(&folder, &settings.network)?;
    say_size(settings.network.parameters());
    let window = settings.playing.window;
    let whole = Playing::in_windows(window, Chords::default());
    let ours = window as f64 / play(&network, &whole, window, GREEDY)?.secs;
    println!("one window of {window} notes: {ours:.0} notes/s");
    let notes = window.to_string();
    let theirs = pytorch("pianist_torch.py", |command| command.arg(&folder).args(["--notes", &notes]))?;
    say_beside(theirs.and_then(|theirs| theirs["notes_per_second"].as_f64()), ours);
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

fn event(k: usize) -> Event {
    Event {
        pitch: 40 + (k * 7919 % 40) as u8,
        ioi_ms: if k.is_multiple_of(3) { 0 } else { 250 },
        velocity: 64,
        duration_ms: 400,
        pedal: [0; 4],
    }
}
