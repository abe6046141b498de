//! Why a recording is not heard as it is.

use thiserror::Error;

use crate::decode::DecodeError;

/// A recording that cannot be heard as it is. The caller names it.
#[derive(Debug, Error)]
pub enum RecordedError {
    /// Its file gives no sound.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// More is played than is kept in memory.
    #[error("it lasts {minutes:.0} minutes, at most {most_minutes:.0} can be heard as they are")]
    TooLong {
        /// How long what is played lasts.
        minutes: f64,
        /// How long it may last.
        most_minutes: f64,
    },
    /// It is not the file that the notes were heard in.
    #[error("it ends before the music begins: it is another file than the one that was heard")]
    Short,
}
