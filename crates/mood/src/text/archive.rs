//! Weights by the names under which they were published.
//!
//! The networks of others keep their own names and layout, so that a file can be read as it was
//! published, in single, half or bfloat precision.

use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};
use serde::de::DeserializeOwned;

use super::error::TextError;

/// Largest file that is taken for weights.
const LARGEST_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Reads a whole file of a bounded size.
pub fn read(path: &Path) -> Result<Vec<u8>, TextError> {
    let failed = |e: std::io::Error| TextError::files(path, format!("the file cannot be read: {e}"));
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > LARGEST_BYTES {
        return Err(TextError::files(path, "the file is larger than any text encoder of this app"));
    }
    std::fs::read(path).map_err(failed)
}

/// Reads a file of settings.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, TextError> {
    let json = read(path)?;
    serde_json::from_slice(&json).map_err(|e| TextError::files(path, format!("the file is damaged: {e}")))
}

/// The tensors of a safetensors file.
pub struct Archive<'a> {
    tensors: SafeTensors<'a>,
    path: &'a Path,
}

impl<'a> Archive<'a> {
    /// Looks into the bytes of a file; the path is for messages.
    pub fn parse(bytes: &'a [u8], path: &'a Path) -> Result<Self, TextError> {
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|e| TextError::files(path, format!("the file is damaged: {e}")))?;
        Ok(Self { tensors, path })
    }

    /// Whether there is a tensor of that name.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.tensor(name).is_ok()
    }

    /// Length of a tensor's first dimension.
    pub fn rows(&self, name: &str) -> Result<usize, TextError> {
        let missing = || TextError::files(self.path, format!("there is no `{name}` in it"));
        let view = self.tensors.tensor(name).map_err(|_| missing())?;
        view.shape().first().copied().ok_or_else(missing)
    }

    /// The values of a tensor that must have this shape, row after row.
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, TextError> {
        let bytes = self.bytes(name, shape, &[Dtype::F32, Dtype::F16, Dtype::BF16])?;
        let pairs = || bytes.1.as_chunks::<2>().0.iter().copied();
        let values: Vec<f32> = match bytes.0 {
            Dtype::F32 => bytes.1.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => pairs().map(|b| f16::from_le_bytes(b).to_f32()).collect(),
            _ => pairs().map(|b| bf16::from_le_bytes(b).to_f32()).collect(),
        };
        if values.iter().any(|v| !v.is_finite()) {
            return Err(TextError::files(self.path, format!("`{name}` holds values that are no numbers")));
        }
        Ok(values)
    }

    /// The values of a tensor of signed bytes.
    pub fn small_values(&self, name: &str, shape: &[usize]) -> Result<Vec<i8>, TextError> {
        let (_, bytes) = self.bytes(name, shape, &[Dtype::I8])?;
        Ok(bytes.iter().map(|b| b.cast_signed()).collect())
    }

    fn bytes(&self, name: &str, shape: &[usize], types: &[Dtype]) -> Result<(Dtype, &'a [u8]), TextError> {
        let wrong = |what: String| TextError::files(self.path, what);
        let view = self.tensors.tensor(name).map_err(|_| wrong(format!("there is no `{name}` in it")))?;
        if view.shape() != shape {
            return Err(wrong(format!(
                "`{name}` has the shape {:?} and should have {shape:?}",
                view.shape()
            )));
        }
        if !types.contains(&view.dtype()) {
            return Err(wrong(format!("`{name}` has values of an unknown kind ({})", view.dtype())));
        }
        Ok((view.dtype(), view.data()))
    }

    /// A tensor as it lies there.
    pub fn tensor<const D: usize>(
        &self,
        name: &str,
        shape: [usize; D],
        device: &Device,
    ) -> Result<Tensor<D>, TextError> {
        Ok(Tensor::from_data(TensorData::new(self.values(name, &shape)?, shape), device))
    }

    /// The matrix of a linear layer, published as `[output, input]`, as `[input, output]`.
    pub fn matrix(
        &self,
        name: &str,
        input: usize,
        output: usize,
        device: &Device,
    ) -> Result<Tensor<2>, TextError> {
        let published = self.values(name, &[output, input])?;
        let mut turned = vec![0.0; published.len()];
        for (row, values) in published.chunks_exact(input.max(1)).enumerate() {
            for (column, value) in values.iter().enumerate() {
                turned[column * output + row] = *value;
            }
        }
        Ok(Tensor::from_data(TensorData::new(turned, [input, output]), device))
    }
}
