//! A piece as the sampler sees it.

use notation::Score;
use performers::Mood;

/// A piece as the sampler sees it: tables with one row a note.
pub struct Canvas<'a> {
    /// Score features `[notes, features]`.
    pub features: Vec<f32>,
    /// Scaled values `[notes, values]`, meaningful where known.
    pub values: Vec<f32>,
    /// What is known, of `values`.
    pub known: Vec<bool>,
    /// Which notes are to be performed.
    pub wanted: Vec<bool>,
    /// Index of each note's onset, ascending.
    pub onsets: Vec<u32>,
    /// The mood over the notes, if there is one.
    pub mood: Option<Painted<'a>>,
}

/// A mood, and the score that it is laid over.
pub struct Painted<'a> {
    /// The mood.
    pub mood: &'a Mood,
    /// What is written.
    pub score: &'a Score,
    /// Length of the network's condition.
    pub width: usize,
}

impl Canvas<'_> {
    /// How many notes there are.
    pub(super) fn notes(&self) -> usize {
        self.onsets.len()
    }

    /// The first note of the chord that holds `note`.
    pub(super) fn chord_start(&self, note: usize) -> usize {
        (0..note).rev().find(|n| self.onsets[*n] != self.onsets[note]).map_or(0, |n| n + 1)
    }
}
