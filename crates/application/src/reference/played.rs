//! What others are to be played like, and how long it has to be.

use notation::Score;
use performance::Performance;

use super::error::{LEAST_NOTES, ReferenceError};

/// A performance that others are to be played like.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What is played: the score that was given, without repeats that were left out, or an estimate.
    pub score: Score,
    /// How.
    pub played: Performance,
    /// What to tell people about it; the caller names the file.
    pub warnings: Vec<String>,
}

/// Whether so many notes can show a manner.
///
/// # Errors
/// If there are fewer than [`LEAST_NOTES`].
pub fn check_length(notes: usize) -> Result<(), ReferenceError> {
    if notes < LEAST_NOTES { Err(ReferenceError::FewNotes { notes }) } else { Ok(()) }
}
