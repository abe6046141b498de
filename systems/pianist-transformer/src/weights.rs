//! The model folder: `config.json` and `weights.safetensors` (f16, or f32 in tests). Linear layers are
//! `[input, output]`, as Burn has them.

use std::path::Path;

use neural::files::{LARGEST_SETTINGS_BYTES, read};
use performers::PerformError;

use crate::config::{self, Settings};

/// Name of the weights in a model folder.
pub const FILE_NAME: &str = "weights.safetensors";

/// Reads what lies beside the weights.
///
/// # Errors
/// When there is no `config.json`, or it says what cannot be.
pub fn settings(folder: &Path) -> Result<Settings, PerformError> {
    let path = folder.join("config.json");
    let json = read(&path, "the model's settings", LARGEST_SETTINGS_BYTES)?;
    config::parse(&json).map_err(|what| PerformError::Model { what, path })
}
