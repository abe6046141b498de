//! The model folder: `config.json` and `weights.safetensors` (f16, or f32 in tests).

use std::path::{Path, PathBuf};

use half::f16;
use performers::PerformError;
use safetensors::{Dtype, SafeTensors};

use crate::config::{self, Settings};

/// Name of the weights in a model folder.
pub const FILE_NAME: &str = "weights.safetensors";

/// Largest file that is taken for weights.
const LARGEST_BYTES: u64 = 512 * 1024 * 1024;

fn error(path: &Path, what: impl Into<String>) -> PerformError {
    PerformError::Model { what: what.into(), path: path.to_owned() }
}

/// Reads what lies beside the weights.
///
/// # Errors
/// When there is no `config.json`, or it says what cannot be.
pub fn settings(folder: &Path) -> Result<Settings, PerformError> {
    let path = folder.join("config.json");
    let json = std::fs::read(&path)
        .map_err(|e| error(&path, format!("the model's settings cannot be read: {e}")))?;
    config::parse(&json).map_err(|what| error(&path, what))
}

/// Numbers of a file by their names. Linear layers are `[input, output]`, as Burn has them.
pub struct Tensors {
    bytes: Vec<u8>,
    path: PathBuf,
}

impl Tensors {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or is too large.
    pub fn read(path: &Path) -> Result<Self, PerformError> {
        let unread = |e: std::io::Error| error(path, format!("the model's weights cannot be read: {e}"));
        if std::fs::metadata(path).map_err(unread)?.len() > LARGEST_BYTES {
            return Err(error(path, "the model's weights are larger than any model of this app"));
        }
        Ok(Self { bytes: std::fs::read(path).map_err(unread)?, path: path.to_owned() })
    }

    /// Looks a tensor up.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn open(&self) -> Result<Open<'_>, PerformError> {
        let tensors = SafeTensors::deserialize(&self.bytes)
            .map_err(|e| error(&self.path, format!("the model's weights do not fit its settings: {e}")))?;
        Ok(Open { tensors, path: &self.path })
    }
}

/// A file whose table of contents was read.
pub struct Open<'a> {
    tensors: SafeTensors<'a>,
    path: &'a Path,
}

impl Open<'_> {
    /// The numbers of a tensor, row after row.
    ///
    /// # Errors
    /// When there is no such tensor, it has another shape, or some are infinite or no numbers.
    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, PerformError> {
        let misfit =
            |what: String| error(self.path, format!("the model's weights do not fit its settings: {what}"));
        let tensor = self.tensors.tensor(name).map_err(|_| misfit(format!("{name} is missing")))?;
        if tensor.shape() != shape {
            return Err(misfit(format!("{name} has the sizes {:?}, not {shape:?}", tensor.shape())));
        }
        let data = tensor.data();
        let numbers: Vec<f32> = match tensor.dtype() {
            Dtype::F16 => data.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
            Dtype::F32 => data.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            other => return Err(misfit(format!("{name} holds {other:?}"))),
        };
        match numbers.iter().all(|v| v.is_finite()) {
            true => Ok(numbers),
            false => {
                let what = "the model's weights are damaged: some are infinite or no numbers";
                Err(error(self.path, what))
            }
        }
    }
}
