//! Why a text cannot be read.

use std::path::{Path, PathBuf};

use neural::weights::WeightsError;
use thiserror::Error;

/// Why a text cannot be read.
#[derive(Debug, Error)]
pub enum TextError {
    /// There is nothing in it.
    #[error("the text is empty; write a mood, such as `calm`")]
    Empty,
    /// There is too much in it.
    #[error("the text has {found} words, pieces of words or characters, at most {most} are read; shorten it")]
    TooLong {
        /// How much there is.
        found: usize,
        /// How much is read.
        most: usize,
    },
    /// Numbers of tokens that are none.
    #[error("the tokens do not belong to this text encoder's vocabulary")]
    Tokens,
    /// The files are missing or broken.
    #[error(
        "{what} ({path}); install Espressivo again",
        path = path.display()
    )]
    Files {
        /// What is wrong.
        what: String,
        /// The file.
        path: PathBuf,
    },
}

impl TextError {
    pub(crate) fn files(path: &Path, what: impl Into<String>) -> Self {
        Self::Files { what: what.into(), path: path.to_owned() }
    }
}

impl From<WeightsError> for TextError {
    fn from(error: WeightsError) -> Self {
        Self::Files { what: error.what, path: error.path }
    }
}
