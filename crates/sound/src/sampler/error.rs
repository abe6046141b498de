//! Why a sampled piano cannot be played.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::decode::DecodeError;

/// What is wrong with the folder of a sampled piano: what happened, what to do, and the path last.
#[derive(Debug, Error)]
pub enum SamplerError {
    /// `piano.json` or a sample could not be opened or read.
    #[error("cannot read the sampled piano ({source}); get it again: {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// `piano.json` is not what it should be.
    #[error("the description of the sampled piano cannot be used ({reason}); get the piano again: {}", path.display())]
    Description {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        reason: String,
    },
    /// A sample is damaged or no sound.
    #[error("a sample of the piano cannot be used ({source}); get the piano again: {}", path.display())]
    Sample {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// A sample is sound, but none of a struck key.
    #[error("a sample of the piano cannot be used ({reason}); get the piano again: {}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The caller cancelled.
    #[error("loading the piano was cancelled")]
    Cancelled,
}
