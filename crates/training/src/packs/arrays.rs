//! Packed files: arrays by their names in one safetensors file. What is wrong with one is said with what was found and
//! expected.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Error, Result, ensure};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Writes a file. The same arrays give the same bytes.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    path: &Path,
    arrays: Vec<(&str, TensorView<'_>)>,
    about: Option<HashMap<String, String>>,
) -> Result<()> {
    let bytes = safetensors::serialize(arrays, about)?;
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Reads a file, of which `espressivo data COMMAND` makes `what`.
///
/// # Errors
/// When it is missing or damaged, or what `of` says of its arrays.
pub fn read<T>(
    path: &Path,
    what: &str,
    command: &str,
    of: impl FnOnce(&SafeTensors<'_>) -> Result<T>,
) -> Result<T> {
    let missing = || format!("no {what} at {}; `espressivo data {command}` makes them", path.display());
    let bytes = std::fs::read(path).with_context(missing)?;
    let file = SafeTensors::deserialize(&bytes).map_err(Error::from);
    file.and_then(|file| of(&file)).with_context(|| format!("{} is damaged", path.display()))
}

/// Whole numbers as bytes of i32.
pub fn integers(numbers: &[usize]) -> Vec<u8> {
    numbers.iter().flat_map(|n| (*n as i32).to_le_bytes()).collect()
}

/// Tokens as bytes of i16.
pub fn tokens(tokens: &[u16]) -> Vec<u8> {
    tokens.iter().flat_map(|t| (*t as i16).to_le_bytes()).collect()
}

/// The first dimension of an array.
///
/// # Errors
/// When there is no such array.
pub fn length(file: &SafeTensors<'_>, name: &str) -> Result<usize> {
    let view = file.tensor(name).with_context(|| format!("there is no array {name}"))?;
    Ok(view.shape().first().copied().unwrap_or(0))
}

/// The bytes of an array.
///
/// # Errors
/// When there is no such array, or it has another type or shape.
pub fn array<'a>(file: &SafeTensors<'a>, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&'a [u8]> {
    let view = file.tensor(name).with_context(|| format!("there is no array {name}"))?;
    ensure!(view.dtype() == dtype, "array {name} has the type {:?}, expected {dtype:?}", view.dtype());
    ensure!(view.shape() == shape, "array {name} has the shape {:?}, expected {shape:?}", view.shape());
    Ok(view.data())
}

/// So many whole numbers of an array of i32; what is negative becomes too large.
///
/// # Errors
/// As [`array()`].
pub fn read_integers(file: &SafeTensors<'_>, name: &str, count: usize) -> Result<Vec<usize>> {
    let bytes = array(file, name, Dtype::I32, &[count])?.as_chunks().0;
    Ok(bytes.iter().map(|b| i32::from_le_bytes(*b) as usize).collect())
}

/// The tokens of an array of i16.
///
/// # Errors
/// As [`array()`].
pub fn read_tokens(file: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<u16>> {
    let bytes = array(file, name, Dtype::I16, shape)?.as_chunks().0;
    Ok(bytes.iter().map(|b| i16::from_le_bytes(*b) as u16).collect())
}

/// Fails unless firsts go from 0 to the end without going back.
///
/// # Errors
/// When they do not.
pub fn check_starts(name: &str, starts: &[usize], end: usize) -> Result<()> {
    let [first, last] = [starts.first(), starts.last()].map(|at| at.copied());
    ensure!(
        first == Some(0) && last == Some(end) && starts.is_sorted(),
        "array {name} goes from {} to {}, expected 0 to {end} without going back",
        first.unwrap_or(0),
        last.unwrap_or(0)
    );
    Ok(())
}

/// Fails unless every value of a table is less than the size of its column; `row` is what a row is of.
///
/// # Errors
/// When one is not.
pub fn check_columns(name: &str, values: &[u8], sizes: &[usize], row: &str) -> Result<()> {
    for (k, value) in values.iter().enumerate() {
        let (place, column) = (k / sizes.len(), k % sizes.len());
        let most = sizes[column] - 1;
        ensure!(
            usize::from(*value) <= most,
            "array {name} has {value} in column {column} of {row} {place}, expected {most} at most"
        );
    }
    Ok(())
}
