//! What can go wrong.

use std::path::PathBuf;

use neural::weights::WeightsError;
use thiserror::Error;

/// A network that cannot be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// Its folder does not exist, or lacks a file.
    #[error(
        "the network that hears notes is not there: {}; `espressivo fetch transcriber` fetches it (in a checkout \
         `cargo xtask setup`)",
        folder.display()
    )]
    Missing {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// Its settings are no settings of this network.
    #[error("the transcriber's settings cannot be used: {what}: {}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file is damaged, or belongs to another network.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// Sound that was not transcribed; `E` is what its source reports.
#[derive(Debug, Error)]
pub enum TranscribeError<E> {
    /// The source of the sound failed.
    #[error(transparent)]
    Samples(E),
    /// Whoever asked for the notes no longer wants them.
    #[error("the transcription was cancelled")]
    Cancelled,
    /// The sound holds a value that is infinite or no number.
    #[error("the sound is damaged at {secs:.1} s: a sample is no finite number")]
    NotFinite {
        /// Where the sample is, from the start.
        secs: f64,
    },
}
