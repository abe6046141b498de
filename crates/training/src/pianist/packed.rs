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

use anyhow::{Result, ensure};
use pianist_transformer::tokens::{SLOTS, Token, range};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::packs::arrays::{self, array, check_starts, integers, length, read_integers, read_tokens, tokens};

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
        let (read, written, starts) = (tokens(&self.read), tokens(&self.written), integers(&self.starts));
        let quantised: Vec<u8> = self.quantised.iter().map(|q| u8::from(*q)).collect();
        let table = vec![self.notes(), SLOTS];
        let mut arrays = vec![
            ("read", TensorView::new(Dtype::I16, table.clone(), &read)?),
            ("starts", TensorView::new(Dtype::I32, vec![self.starts.len()], &starts)?),
            ("quantised", TensorView::new(Dtype::U8, vec![quantised.len()], &quantised)?),
        ];
        if !self.written.is_empty() {
            arrays.push(("written", TensorView::new(Dtype::I16, table.clone(), &written)?));
            arrays.push(("counts", TensorView::new(Dtype::U8, table, &self.counts)?));
        }
        arrays::write(path, arrays, None)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is missing or damaged; when an array is missing, has another type or shape, or holds what
    /// cannot be: the error names it, with what was found and expected.
    pub fn read(path: &Path) -> Result<Self> {
        arrays::read(path, "tokens", "tokens", Self::of_arrays)
    }

    fn of_arrays(file: &SafeTensors<'_>) -> Result<Self> {
        let (notes, streams) = (length(file, "read")?, length(file, "quantised")?);
        let table = [notes, SLOTS];
        let has_pairs = file.names().contains(&"written");
        let starts = read_integers(file, "starts", streams + 1)?;
        let quantised = array(file, "quantised", Dtype::U8, &[streams])?;
        let mut packed = Self {
            read: read_tokens(file, "read", &table)?,
            starts,
            quantised: quantised.iter().map(|quantised| *quantised > 0).collect(),
            ..Self::default()
        };
        if has_pairs {
            packed.written = read_tokens(file, "written", &table)?;
            packed.counts = array(file, "counts", Dtype::U8, &table)?.to_vec();
        }
        packed.check()?;
        Ok(packed)
    }

    /// Fails unless streams follow each other and every token can stand in its slot.
    fn check(&self) -> Result<()> {
        check_starts("starts", &self.starts, self.notes())?;
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

#[cfg(test)]
#[path = "packed_tests.rs"]
mod tests;
