//! Why a model's files cannot be read or written.

use std::path::{Path, PathBuf};

use performers::PerformError;
use thiserror::Error;

/// A model's file that cannot be read or written.
#[derive(Debug, Error)]
#[error("{what}: {}", path.display())]
pub struct WeightsError {
    /// What is wrong.
    pub what: String,
    /// The file.
    pub path: PathBuf,
}

impl WeightsError {
    pub(crate) fn new(path: &Path, what: impl Into<String>) -> Self {
        Self { what: what.into(), path: path.to_owned() }
    }

    /// The file holds weights of another network.
    pub(crate) fn misfit(path: &Path, what: impl std::fmt::Display) -> Self {
        Self::new(path, format!("the model's weights do not fit its settings: {what}"))
    }

    /// The file holds no weights, or not all of them.
    pub(crate) fn damaged(path: &Path, what: impl std::fmt::Display) -> Self {
        Self::new(path, format!("the model's weights are damaged: {what}"))
    }

    /// Some weights are infinite or no number.
    pub(crate) fn not_finite(path: &Path) -> Self {
        Self::damaged(path, "some are infinite or no numbers")
    }
}

impl From<WeightsError> for PerformError {
    fn from(error: WeightsError) -> Self {
        Self::Model { what: error.what, path: error.path }
    }
}
