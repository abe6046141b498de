//! Reading the files of texts, each up to a limit.

use std::path::Path;

use neural::files::{LARGEST_SETTINGS_BYTES, read};
use serde::de::DeserializeOwned;

use super::error::TextError;

/// Reads a file of words.
pub fn read_text(path: &Path) -> Result<String, TextError> {
    let bytes = read(path, "the file", LARGEST_SETTINGS_BYTES)?;
    String::from_utf8(bytes).map_err(|_| TextError::files(path, "the file is damaged: it is no text"))
}

/// Reads a file of settings.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, TextError> {
    let json = read(path, "the file", LARGEST_SETTINGS_BYTES)?;
    serde_json::from_slice(&json).map_err(|e| TextError::files(path, format!("the file is damaged: {e}")))
}
