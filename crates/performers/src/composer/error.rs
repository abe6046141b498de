//! Why there are no variations.

use std::path::PathBuf;

use thiserror::Error;

use super::limits::{MOST_BARS, MOST_VARIATIONS};
use crate::error::PerformError;

/// Why a composer wrote nothing.
#[derive(Debug, Error)]
pub enum ComposeError {
    /// It was cancelled.
    #[error("the making of variations was cancelled")]
    Cancelled,
    /// Too many bars, or none.
    #[error("{found} bars are chosen; choose one to {most}", most = MOST_BARS)]
    Bars {
        /// How many.
        found: usize,
    },
    /// There is nothing in the bars.
    #[error(
        "bars {first} to {last} hold no notes that a variation could begin from; choose bars that have some"
    )]
    NoNotes {
        /// The first bar, by its printed number.
        first: String,
        /// The last one.
        last: String,
    },
    /// Too many variations at once, or none.
    #[error("{found} variations are asked for; ask for one to {most}", most = MOST_VARIATIONS)]
    Count {
        /// How many.
        found: usize,
    },
    /// The similarity is out of its range.
    #[error("the similarity goes from 0 to 1, not to {found}")]
    SimilarityRange {
        /// The similarity that is asked for.
        found: f64,
    },
    /// No pitch is allowed.
    #[error("pitches {lowest} to {highest}: choose a range within 0 to 127, the lower one first")]
    Pitches {
        /// The lowest.
        lowest: u8,
        /// The highest.
        highest: u8,
    },
    /// No note is allowed.
    #[error("a largest chord of no notes leaves none to write; allow at least one")]
    LargestChord,
    /// The composer cannot read the bars.
    #[error("bar {bar}: {what}; choose other bars")]
    Unreadable {
        /// The first bar that it cannot read, by its printed number.
        bar: String,
        /// What is in the way.
        what: String,
    },
    /// Constraints leave too few possibilities.
    #[error(
        "only {found} of {wanted} variations could be written within what has to stay; allow more, or ask for fewer"
    )]
    TooNarrow {
        /// Variations that were found.
        found: usize,
        /// Variations that were asked for.
        wanted: usize,
    },
    /// Nobody is called that.
    #[error("there is no composer `{id}`; there are {known}")]
    Unknown {
        /// The requested name.
        id: String,
        /// The names that there are.
        known: String,
    },
    /// The model's files are missing or broken.
    #[error("{what} ({path}); reinstall the models folder", path = path.display())]
    Model {
        /// What is wrong.
        what: String,
        /// The file.
        path: PathBuf,
    },
    /// What a job or a model says that has no words of its own here.
    #[error(transparent)]
    Other(PerformError),
}

impl From<PerformError> for ComposeError {
    fn from(error: PerformError) -> Self {
        match error {
            PerformError::Cancelled => Self::Cancelled,
            PerformError::Model { what, path } => Self::Model { what, path },
            other => Self::Other(other),
        }
    }
}
