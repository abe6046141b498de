//! The request to a composer.

use std::ops::Range;

use notation::Score;
use serde::{Deserialize, Serialize};

use super::error::ComposeError;
use super::limits::{MOST_BARS, MOST_VARIATIONS};

/// Which bars to vary, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct VariationRequest<'a> {
    /// The whole score.
    pub score: &'a Score,
    /// The passage: one to [`MOST_BARS`] measures, as indices into [`Score::measures`].
    pub bars: Range<usize>,
    /// How near to the passage, as [`super::Similarity::overall`] says: 1 is the passage itself, 0 an idea of
    /// the composer's own.
    pub similarity: f64,
    /// How many variations, at most [`MOST_VARIATIONS`].
    pub count: usize,
    /// The same seed gives the same variations.
    pub seed: u64,
    /// What has to stay, and what may not be.
    pub constraints: Constraints,
}

/// What has to stay of a passage, and what may not be written.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Constraints {
    /// Whether onsets and durations stay, and how many notes begin at each onset.
    pub keep_rhythm: bool,
    /// Whether the notes of the melody stay as they are, and none is written above them where they sound.
    pub keep_melody: bool,
    /// Whether only pitch classes of the passage's scale are written, beside its own notes.
    pub stay_in_scale: bool,
    /// The lowest and the highest pitch that may be written, in MIDI numbers.
    pub pitches: Option<(u8, u8)>,
    /// The most notes that begin together.
    pub largest_chord: Option<u8>,
}

impl VariationRequest<'_> {
    /// Whether the request can be answered by some composer.
    ///
    /// # Errors
    /// When a value is out of its range, or the bars hold no notes but grace notes; the message says which.
    pub fn check(&self) -> Result<(), ComposeError> {
        let measures = self.score.measures.get(self.bars.clone()).unwrap_or_default();
        let (Some(first), Some(last)) = (measures.first(), measures.last()) else {
            return Err(ComposeError::Bars { found: 0 });
        };
        if measures.len() > MOST_BARS {
            return Err(ComposeError::Bars { found: measures.len() });
        }
        let notes = &self.score.notes[self.score.notes_in_measures(self.bars.clone())];
        if notes.iter().all(|note| note.grace.is_some()) {
            return Err(ComposeError::NoNotes { first: first.number.clone(), last: last.number.clone() });
        }
        if !(1..=MOST_VARIATIONS).contains(&self.count) {
            return Err(ComposeError::Count { found: self.count });
        }
        if !(0.0..=1.0).contains(&self.similarity) {
            return Err(ComposeError::SimilarityRange { found: self.similarity });
        }
        self.constraints.check()
    }
}

impl Constraints {
    fn check(&self) -> Result<(), ComposeError> {
        if let Some((lowest, highest)) = self.pitches.filter(|(low, high)| low > high || *high > 127) {
            return Err(ComposeError::Pitches { lowest, highest });
        }
        if self.largest_chord == Some(0) { Err(ComposeError::LargestChord) } else { Ok(()) }
    }
}
