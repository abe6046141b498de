//! Weights on disk: safetensors in half precision.

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use thiserror::Error;

/// Largest file that is taken for weights.
const LARGEST_BYTES: u64 = 512 * 1024 * 1024;

/// Weights that cannot be read or written.
#[derive(Debug, Error)]
#[error("{what}: {}", path.display())]
pub struct WeightsError {
    /// What is wrong.
    pub what: String,
    /// The file.
    pub path: PathBuf,
}

fn error(path: &Path, what: impl Into<String>) -> WeightsError {
    WeightsError { what: what.into(), path: path.to_owned() }
}

/// Writes a network's weights as f16. Equal weights make equal files.
pub fn save<M: Module + ModuleSnapshot>(module: &M, path: &Path) -> Result<(), WeightsError> {
    let mut store = SafetensorsStore::from_file(path)
        .overwrite(true)
        // Burn's own entries are written in a random order; one entry makes equal weights equal files.
        .clear_metadata()
        .metadata("format", "safetensors")
        .with_to_adapter(HalfPrecisionAdapter::new());
    module.save_into(&mut store).map_err(|e| error(path, e.to_string()))
}

/// Reads weights into a network of the same shape.
pub fn load<M: Module + ModuleSnapshot>(module: &mut M, path: &Path) -> Result<(), WeightsError> {
    let length = std::fs::metadata(path)
        .map_err(|e| error(path, format!("the model's weights cannot be read: {e}")))?
        .len();
    if length > LARGEST_BYTES {
        return Err(error(path, "the model's weights are larger than any model of this app"));
    }
    let mut store = SafetensorsStore::from_file(path).with_from_adapter(HalfPrecisionAdapter::new());
    module
        .load_from(&mut store)
        .map_err(|e| error(path, format!("the model's weights do not fit its settings: {e}")))?;
    Ok(())
}
