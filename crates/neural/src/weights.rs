//! Weights on disk: safetensors in half precision.

use std::path::Path;

use burn::module::{Module, ModuleVisitor, Param};
use burn::store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use burn::tensor::Tensor;

use crate::archive::Archive;
pub use crate::error::WeightsError;

/// Writes a network's weights as f16. Equal weights make equal files.
pub fn save<M: Module + ModuleSnapshot>(module: &M, path: &Path) -> Result<(), WeightsError> {
    let mut store = SafetensorsStore::from_file(path)
        .overwrite(true)
        // Burn's own entries are written in a random order; one entry makes equal weights equal files.
        .clear_metadata()
        .metadata("format", "safetensors")
        .with_to_adapter(HalfPrecisionAdapter::new());
    module.save_into(&mut store).map_err(|e| WeightsError::new(path, e.to_string()))
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
    let bytes = Archive::read(path)?.into_bytes();
    let mut store = SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(HalfPrecisionAdapter::new());
    module.load_from(&mut store).map_err(|e| WeightsError::misfit(path, e))?;
    let mut finite = Finite::default();
    module.visit(&mut finite);
    match finite.is_broken {
        true => Err(WeightsError::not_finite(path)),
        false => Ok(()),
    }
}
