//! What a score contains beyond its notes: harmony, phrases, voices, how the KTH rules would shape it, and
//! the [`features`] that networks read.
//!
//! Everything here is made from a `Score` alone, the same way for a piece of the training data and for
//! a file that a musician opens. Weights depend on the features that they were trained on: a change of
//! what a column means raises [`features::REVISION`], and models that were trained before are refused.

pub mod features;
pub mod harmony;
pub mod melody;
pub mod phrases;
pub mod reading;
pub mod rules;
pub mod sketch;
pub mod tempo_cues;
pub mod tempo_marks;
pub mod written_tempo;

use notation::Score;

use harmony::Harmony;
use sketch::Sketch;

/// Where the harmony and the bass change clearly: indices into [`Score::onset_groups`], rising.
pub fn chord_changes(score: &Score) -> Vec<usize> {
    let sketch = Sketch::new(score);
    let bass = |onset: usize| {
        let notes = sketch.onsets[onset].notes.clone();
        notes.map(|n| score.notes[n].pitch).min().map(|pitch| pitch % 12)
    };
    let harmony = Harmony::read(&sketch);
    let clear =
        harmony.chords.windows(2).filter(|w| w[0].root != w[1].root && bass(w[0].onset) != bass(w[1].onset));
    clear.map(|w| w[1].onset).collect()
}
