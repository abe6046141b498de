//! Why a text cannot steer a performance.

use thiserror::Error;

use crate::text::TextError;
use crate::words::WordsError;

/// Why a text cannot steer a performance.
#[derive(Debug, Error)]
pub enum MoodError {
    /// The text cannot be taken apart.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// The text cannot be read.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Bars that the score does not have.
    #[error("the mood `{text}` is for bars {bars}, but the score has no such bars")]
    Bars {
        /// The mood.
        text: String,
        /// The bars asked for.
        bars: String,
    },
}
