//! What chance draws for the steps of a take.

use neural::chance::Chances;
use notation::Score;

use crate::config::Coherences;
use crate::ecp::{Steps, beats};
use crate::network::quantile;

/// Chance of a take. It belongs to the beats and notes of the score, so bars alone are those of the whole piece.
pub(super) struct Hand {
    /// Of each beat.
    beats: Chances,
    /// Of each note, one for each of the other columns.
    notes: Vec<Chances>,
    variety: f64,
}

impl Hand {
    /// That of a seed.
    pub(super) fn of(score: &Score, coherences: &Coherences, seed: u64, variety: f64) -> Self {
        let [of_beats, of_notes @ ..] = coherences.all();
        let places = beats(score).into_iter().map(|beat| (beat.start.to_f64(), 1));
        let notes = of_notes.iter().zip(2..);
        Self {
            beats: Chances::of_groups(places, &of_beats, seed, 1),
            notes: notes.map(|(coherence, purpose)| Chances::of(score, coherence, seed, purpose)).collect(),
            variety,
        }
    }

    /// What is drawn at steps of a window that begins with one of the piece, given the step within the window, the
    /// column and the logits of its bins.
    pub(super) fn value<'a>(
        &'a self,
        steps: &'a Steps,
        first: usize,
    ) -> impl Fn(usize, usize, &[f32]) -> f32 + Sync + 'a {
        move |step, column, logits| quantile(column, logits, self.below(steps, first + step, column))
    }

    /// How much of the distribution of a value is to lie below what is drawn: a half at a variety of 0.
    fn below(&self, steps: &Steps, step: usize, column: usize) -> f64 {
        match steps.notes[step] {
            None => self.beats.below(steps.beats[step] as usize, self.variety),
            Some(note) => self.notes[column.saturating_sub(1)].below(note as usize, self.variety),
        }
    }
}
