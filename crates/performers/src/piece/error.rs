//! Why there is no new piece.

use std::path::PathBuf;

use thiserror::Error;

use super::limits::{MOST_NEW_BARS, TEMPERATURES};
use crate::error::PerformError;

/// Why a writer of pieces wrote nothing.
#[derive(Debug, Error)]
pub enum PieceError {
    /// It was cancelled.
    #[error("the writing of a piece was cancelled")]
    Cancelled,
    /// Too many bars, or none.
    #[error("{found} bars are asked for; ask for one to {most}", most = MOST_NEW_BARS)]
    Bars {
        /// How many.
        found: usize,
    },
    /// The temperature is out of its range.
    #[error("the temperature goes from {least} to {most}, not to {found}", least = TEMPERATURES.start(), most = TEMPERATURES.end())]
    Temperature {
        /// The temperature that is asked for.
        found: f64,
    },
    /// A piece cannot be continued from this bar.
    #[error("the piece has {bars} bars, so it cannot go on from bar number {from} of them; choose one of 2 to {last}", last = bars + 1)]
    NoSuchBar {
        /// The first bar to write, counted from 1.
        from: usize,
        /// How many bars there are.
        bars: usize,
    },
    /// A score that the writer is to begin from has nothing that it could read.
    #[error("{what}; choose another score or other bars")]
    Unreadable {
        /// What is in the way.
        what: String,
    },
    /// Nobody is called that.
    #[error("there is no writer of pieces `{id}`; there are {known}")]
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

impl From<PerformError> for PieceError {
    fn from(error: PerformError) -> Self {
        match error {
            PerformError::Cancelled => Self::Cancelled,
            PerformError::Model { what, path } => Self::Model { what, path },
            other => Self::Other(other),
        }
    }
}
