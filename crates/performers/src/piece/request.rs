//! The request to a writer of pieces.

use notation::Score;

use super::error::PieceError;
use super::limits::{MOST_NEW_BARS, TEMPERATURES};

/// What piece to write.
#[derive(Clone, Copy, Debug)]
pub struct PieceRequest<'a> {
    /// How many new bars, at most [`MOST_NEW_BARS`].
    pub bars: usize,
    /// The same seed gives the same piece.
    pub seed: u64,
    /// A score in whose manner to write: the writer reads some of it first.
    pub like: Option<&'a Score>,
    /// A score to go on with, and the first bar to write as an index into [`Score::measures`], at least 1 and at
    /// most their number. The bars before it are kept as they are; those from it on are left out.
    pub continues: Option<(&'a Score, usize)>,
    /// How much is left to chance, within [`TEMPERATURES`]: 1 is as often as the writer believes in.
    pub temperature: f64,
}

impl PieceRequest<'_> {
    /// A piece of so many bars from nothing.
    pub fn new(bars: usize, seed: u64) -> Self {
        Self { bars, seed, like: None, continues: None, temperature: 1.0 }
    }

    /// Whether the request can be answered by some writer.
    ///
    /// # Errors
    /// When a value is out of its range; the message says which.
    pub fn check(&self) -> Result<(), PieceError> {
        if !(1..=MOST_NEW_BARS).contains(&self.bars) {
            return Err(PieceError::Bars { found: self.bars });
        }
        if !TEMPERATURES.contains(&self.temperature) {
            return Err(PieceError::Temperature { found: self.temperature });
        }
        match self.continues {
            Some((score, from)) if from == 0 || from > score.measures.len() => {
                Err(PieceError::NoSuchBar { from: from + 1, bars: score.measures.len() })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
