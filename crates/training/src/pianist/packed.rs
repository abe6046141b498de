//! Files of tokens: streams one after another in one safetensors file.
//!
//! | array | shape | type | what |
//! | --- | --- | --- | --- |
//! | `read` | `[notes, 8]` | i16 | tokens that the encoder reads |
//! | `written` | `[notes, 8]` | i16 | tokens that the decoder writes |
//! | `counts` | `[notes, 8]` | u8 | 1 where a written token is learned |
//! | `starts` | `[streams + 1]` | i32 | the first note of every stream, and the end of the last |
//! | `quantised` | `[streams]` | u8 | 1 where a stream lies on a grid |
//!
//! Files for pre-training have neither `written`, which is the same as `read`, nor `counts`. A token is
//! one of those that can stand in its slot ([`range`]).

use std::path::Path;

use anyhow::{Context, Result, ensure};
use pianist_transformer::tokens::{SLOTS, Token, range};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Streams of tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    /// What the encoder reads `[notes, 8]`.
    pub read: Vec<Token>,
    /// What the decoder writes `[notes, 8]`; empty if that is the same.
    pub written: Vec<Token>,
    /// 1 where a written token is learned `[notes, 8]`; empty if any can be.
    pub counts: Vec<u8>,
    /// The first note of each stream, and the end of the last.
    pub starts: Vec<usize>,
    /// Which streams lie on a grid.
    pub quantised: Vec<bool>,
}

impl Packed {
    /// Without streams.
    pub fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    /// Adds a performance without a score.
    pub fn push(&mut self, tokens: &[Token], quantised: bool) {
        self.read.extend_from_slice(tokens);
        self.end(quantised);
    }

    /// Adds a score and a performance of it.
    pub fn push_pair(&mut self, read: &[Token], written: &[Token], counts: &[u8]) {
        self.read.extend_from_slice(read);
        self.written.extend_from_slice(written);
        self.counts.extend_from_slice(counts);
        self.end(false);
    }

    fn end(&mut self, quantised: bool) {
        self.starts.push(self.read.len() / SLOTS);
        self.quantised.push(quantised);
    }

    /// Number of streams.
    pub fn streams(&self) -> usize {
        self.quantised.len()
    }

    /// Number of notes.
    pub fn notes(&self) -> usize {
        self.read.len() / SLOTS
    }

    /// Writes the file. The same streams give the same bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let tokens =
            |tokens: &[Token]| -> Vec<u8> { tokens.iter().flat_map(|t| (*t as i16).to_le_bytes()).collect() };
        let (read, written) = (tokens(&self.read), tokens(&self.written));
        let starts: Vec<u8> = self.starts.iter().flat_map(|s| (*s as i32).to_le_bytes()).collect();
        let quantised: Vec<u8> = self.quantised.iter().map(|q| u8::from(*q)).collect();
        let table = vec![self.notes(), SLOTS];
        let mut tensors = vec![
            ("read", TensorView::new(Dtype::I16, table.clone(), &read)?),
            ("starts", TensorView::new(Dtype::I32, vec![self.starts.len()], &starts)?),
            ("quantised", TensorView::new(Dtype::U8, vec![quantised.len()], &quantised)?),
        ];
        if !self.written.is_empty() {
            tensors.push(("written", TensorView::new(Dtype::I16, table.clone(), &written)?));
            tensors.push(("counts", TensorView::new(Dtype::U8, table, &self.counts)?));
        }
        let bytes = safetensors::serialize(tensors, None)?;
        std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is missing or damaged; when an array is missing, has another type or shape, or holds what
    /// cannot be: the error names it, with what was found and expected.
    pub fn read(path: &Path) -> Result<Self> {
        let what = || format!("no tokens at {}; `espressivo data tokens` makes them", path.display());
        let bytes = std::fs::read(path).with_context(what)?;
        let file =
            SafeTensors::deserialize(&bytes).with_context(|| format!("{} is damaged", path.display()))?;
        let packed = Self::of_arrays(&file).with_context(|| format!("{} is damaged", path.display()))?;
        packed.check().with_context(|| format!("{} is damaged", path.display()))?;
        Ok(packed)
    }

    fn of_arrays(file: &SafeTensors<'_>) -> Result<Self> {
        let (notes, streams) = (rows(file, "read")?, rows(file, "quantised")?);
        let tokens = |name: &str| -> Result<Vec<Token>> {
            let bytes = array(file, name, Dtype::I16, &[notes, SLOTS])?;
            Ok(bytes.as_chunks().0.iter().map(|b| i16::from_le_bytes(*b) as Token).collect())
        };
        let has_pairs = file.names().contains(&"written");
        let starts = array(file, "starts", Dtype::I32, &[streams + 1])?.as_chunks().0;
        let quantised = array(file, "quantised", Dtype::U8, &[streams])?;
        Ok(Self {
            read: tokens("read")?,
            written: if has_pairs { tokens("written")? } else { Vec::new() },
            counts: if has_pairs {
                array(file, "counts", Dtype::U8, &[notes, SLOTS])?.to_vec()
            } else {
                Vec::new()
            },
            // What is negative becomes too large.
            starts: starts.iter().map(|b| i32::from_le_bytes(*b) as usize).collect(),
            quantised: quantised.iter().map(|quantised| *quantised > 0).collect(),
        })
    }

    /// Fails unless streams follow each other and every token can stand in its slot.
    fn check(&self) -> Result<()> {
        let [first, last] = [self.starts.first(), self.starts.last()].map(|at| at.copied().unwrap_or(0));
        let notes = self.notes();
        ensure!(
            first == 0 && last == notes && self.starts.is_sorted(),
            "array starts goes from {first} to {last}, expected 0 to {notes} without going back"
        );
        for (name, tokens) in [("read", &self.read), ("written", &self.written)] {
            for (k, token) in tokens.iter().enumerate() {
                let (note, slot) = (k / SLOTS, k % SLOTS);
                ensure!(
                    range(slot).contains(token),
                    "array {name} has the token {token} in slot {slot} of note {note}, expected one of {:?}",
                    range(slot)
                );
            }
        }
        Ok(())
    }
}

/// The first dimension of an array.
fn rows(file: &SafeTensors<'_>, name: &str) -> Result<usize> {
    let view = file.tensor(name).with_context(|| format!("there is no array {name}"))?;
    Ok(view.shape().first().copied().unwrap_or(0))
}

/// The bytes of an array.
fn array<'a>(file: &SafeTensors<'a>, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&'a [u8]> {
    let view = file.tensor(name).with_context(|| format!("there is no array {name}"))?;
    ensure!(view.dtype() == dtype, "array {name} has the type {:?}, expected {dtype:?}", view.dtype());
    ensure!(view.shape() == shape, "array {name} has the shape {:?}, expected {shape:?}", view.shape());
    Ok(view.data())
}

#[cfg(test)]
#[path = "packed_tests.rs"]
mod tests;
