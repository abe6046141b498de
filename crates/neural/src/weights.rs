//! Weights on disk: safetensors in half precision.

use std::path::{Path, PathBuf};

use burn::module::{Module, ModuleVisitor, Param};
use burn::store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use burn::tensor::Tensor;
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

/// Looks for weights that are infinite or no number.
#[derive(Default)]
struct Finite {
    is_broken: bool,
}

impl ModuleVisitor for Finite {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.is_broken |= !param.val().into_data().iter::<f32>().all(f32::is_finite);
    }
}

/// Reads weights into a network of the same shape. Weights that are infinite or no number are an error.
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
    let mut finite = Finite::default();
    module.visit(&mut finite);
    match finite.is_broken {
        true => Err(error(path, "the model's weights are damaged: some are infinite or no numbers")),
        false => Ok(()),
    }
}
