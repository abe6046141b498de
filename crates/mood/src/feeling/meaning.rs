//! What one text means to a performer, and how that is told.

use notation::Score;
use performance::cues::{Cue, Cues};
use performers::mood::{Mood, Span};
use serde::{Deserialize, Serialize};

use super::evidence::ASKED;
use crate::labels::ALL;

/// A cue that changes less than this, in deviations between pianists, is not worth an arrow.
const NOTICED: f64 = 0.25;

/// What a text means to a performer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feeling {
    /// The text.
    pub text: String,
    /// How much of each label is in it.
    pub weights: Vec<f64>,
    /// The condition vector, [`WIDTH`](crate::WIDTH) values.
    pub vector: Vec<f32>,
    /// How a performance is expected to lean, in deviations between pianists.
    pub cues: Cues,
    /// Chance that people would agree with all of `cues`, 0 to 1: by how well such texts are understood
    /// ([`Evidence`](super::Evidence)).
    pub sureness: f64,
    /// Words that nobody knows.
    pub unknown: Vec<String>,
}

impl Feeling {
    /// What is expected to change, and whether to more (true) or less: of the cues that people were asked
    /// about, those that change enough to be noticed.
    pub fn arrows(&self) -> Vec<(Cue, bool)> {
        let of = |cue: Cue| (cue, self.cues[cue as usize]);
        ASKED.map(of).into_iter().filter(|(_, c)| c.abs() >= NOTICED).map(|(cue, c)| (cue, c > 0.0)).collect()
    }

    /// The labels that are most in it, with their share, the most first.
    pub fn nearest(&self, most: usize) -> Vec<(&'static str, f64)> {
        let mut all: Vec<_> = ALL.iter().map(|l| l.name).zip(self.weights.iter().copied()).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all.truncate(most);
        all
    }

    /// This mood from the first note to the last.
    pub fn throughout(&self, score: &Score, strength: f64) -> Mood {
        let from = score.notes.first().map(|n| n.onset).unwrap_or_default();
        let span = Span { from, to: score.end(), vector: self.vector.clone(), cues: self.cues };
        Mood { spans: vec![span], strength }
    }

    /// In words: what the performance will be.
    pub fn in_words(&self) -> String {
        let word = |(cue, more): (Cue, bool)| match (cue, more) {
            (Cue::Tempo, true) => "faster",
            (Cue::Tempo, false) => "slower",
            (Cue::Level, true) => "louder",
            (Cue::Level, false) => "softer",
            (Cue::Articulation, true) => "more legato",
            (Cue::Articulation, false) => "more detached",
            (Cue::Pedal, true) => "more pedal",
            (Cue::Pedal, false) => "less pedal",
            (_, true) => "freer",
            (_, false) => "steadier",
        };
        let words: Vec<&str> = self.arrows().into_iter().map(word).collect();
        if words.is_empty() { "nothing much changes".into() } else { words.join(", ") }
    }
}
