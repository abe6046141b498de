//! Safetensors files: tensors by their names, in single, half or bfloat precision or as bytes.

use std::path::{Path, PathBuf};

use half::{bf16, f16};
use safetensors::tensor::{Metadata, TensorInfo, TensorView};
use safetensors::{Dtype, SafeTensorError, SafeTensors};

use crate::error::WeightsError;
use crate::files::{LARGEST_WEIGHTS_BYTES, read};

/// Bytes before the table of contents, which tell how long it is.
const LENGTH_BYTES: usize = 8;

/// A file whose table of contents was read.
pub struct Archive {
    bytes: Vec<u8>,
    /// Where the values begin.
    start: usize,
    contents: Metadata,
    path: PathBuf,
}

impl Archive {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or is damaged.
    pub fn read(path: &Path) -> Result<Self, WeightsError> {
        let bytes = read(path, "the model's weights", LARGEST_WEIGHTS_BYTES)?;
        let (length, contents) =
            SafeTensors::read_metadata(&bytes).map_err(|e| WeightsError::damaged(path, e))?;
        Ok(Self { start: LENGTH_BYTES + length, contents, path: path.to_owned(), bytes })
    }

    /// All bytes of the file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Length of a tensor's first dimension.
    ///
    /// # Errors
    /// When there is no such tensor, or it is a single number.
    pub fn rows(&self, name: &str) -> Result<usize, WeightsError> {
        let first = self.info(name)?.shape.first().copied();
        first.ok_or_else(|| WeightsError::misfit(&self.path, format!("`{name}` has no rows")))
    }

    /// The numbers of a tensor that must have this shape, row after row.
    ///
    /// # Errors
    /// When there is no such tensor, it has another shape or holds something else, or some numbers are
    /// infinite or none.
    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let (dtype, bytes) = self.data(name, shape, &[Dtype::F32, Dtype::F16, Dtype::BF16])?;
        let pairs = || bytes.as_chunks::<2>().0.iter().copied();
        let numbers: Vec<f32> = match dtype {
            Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => pairs().map(|b| f16::from_le_bytes(b).to_f32()).collect(),
            _ => pairs().map(|b| bf16::from_le_bytes(b).to_f32()).collect(),
        };
        match numbers.iter().all(|v| v.is_finite()) {
            true => Ok(numbers),
            false => Err(WeightsError::not_finite(&self.path)),
        }
    }

    /// The values of a tensor of signed bytes that must have this shape, row after row.
    ///
    /// # Errors
    /// When there is no such tensor, or it has another shape or holds something else.
    pub fn small_numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<i8>, WeightsError> {
        let (_, bytes) = self.data(name, shape, &[Dtype::I8])?;
        Ok(bytes.iter().map(|b| b.cast_signed()).collect())
    }

    fn info(&self, name: &str) -> Result<&TensorInfo, WeightsError> {
        let missing = || WeightsError::misfit(&self.path, format!("there is no `{name}` in them"));
        self.contents.info(name).ok_or_else(missing)
    }

    /// Kind and bytes of a tensor of this shape that has one of these kinds.
    fn data(&self, name: &str, shape: &[usize], kinds: &[Dtype]) -> Result<(Dtype, &[u8]), WeightsError> {
        let misfit = |what: String| WeightsError::misfit(&self.path, what);
        let info = self.info(name)?;
        if info.shape != shape {
            let found = &info.shape;
            return Err(misfit(format!("`{name}` has the shape {found:?} and should have {shape:?}")));
        }
        if !kinds.contains(&info.dtype) {
            return Err(misfit(format!("`{name}` has values of an unknown kind ({:?})", info.dtype)));
        }
        let (from, to) = info.data_offsets;
        // Reading the table of contents has checked that the file holds all of it.
        Ok((info.dtype, &self.bytes[self.start..][from..to]))
    }
}

/// What is written of a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Numbers<'a> {
    /// Rounded to half precision.
    Half(&'a [f32]),
    /// In single precision.
    Single(&'a [f32]),
    /// A signed byte each.
    Small(&'a [i8]),
}

impl Numbers<'_> {
    fn bytes(self) -> (Dtype, Vec<u8>) {
        match self {
            Self::Half(v) => (Dtype::F16, v.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect()),
            Self::Single(v) => (Dtype::F32, v.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Self::Small(v) => (Dtype::I8, v.iter().map(|v| v.cast_unsigned()).collect()),
        }
    }
}

/// The bytes of a file with these tensors: name, shape, numbers. Equal tensors make equal files, in
/// whatever order they are given.
///
/// # Errors
/// When a tensor has not as many numbers as its shape says.
pub fn write(tensors: &[(&str, &[usize], Numbers<'_>)]) -> Result<Vec<u8>, SafeTensorError> {
    let encoded: Vec<(Dtype, Vec<u8>)> = tensors.iter().map(|(_, _, numbers)| numbers.bytes()).collect();
    let mut views = Vec::with_capacity(tensors.len());
    for ((name, shape, _), (dtype, bytes)) in tensors.iter().zip(&encoded) {
        views.push((*name, TensorView::new(*dtype, shape.to_vec(), bytes)?));
    }
    safetensors::serialize(views, None)
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
