//! The page that a played score was read from: each printed measure once, with signs for the order.
//!
//! A [`Score`] has its repeats written out and keeps no signs. They are found again by the order in
//! which its written measures are played, and a player of the signs has to find that same order; where
//! it does not, the page is the score as it is played.

mod sign;

pub use sign::{Al, Sign, SignKind};

use crate::score::Score;

/// A score as it stands on the page: each printed measure once, with signs that say in which order they
/// are played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrintedScore {
    /// The measures of the page in the order of the page, contiguous in time, with the notes,
    /// directions, metres, keys and swing that stand there. Notes and measures keep the ids, `written`
    /// and `pass` of the pass that they were taken from.
    pub score: Score,
    /// For each note of `score.notes` the indices into the played score's notes of all times that it is
    /// played, rising, at least one.
    pub notes: Vec<Vec<u32>>,
    /// For each measure of `score.measures` the indices into the played score's measures, rising, at
    /// least one.
    pub measures: Vec<Vec<u32>>,
    /// Signs, in the order of the page.
    pub signs: Vec<Sign>,
}

impl PrintedScore {
    /// The page of a played score.
    pub fn of(score: &Score) -> Self {
        Self::written_out(score)
    }

    /// The score as it is played, without signs.
    fn written_out(score: &Score) -> Self {
        let each = |count: usize| (0..count as u32).map(|k| vec![k]).collect();
        Self {
            notes: each(score.notes.len()),
            measures: each(score.measures.len()),
            signs: Vec::new(),
            score: score.clone(),
        }
    }
}
