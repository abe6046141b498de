//! Files of tokens: streams one after another in one safetensors file.
//!
//! `read` and `written` are `[notes, 8]` (i16): what the encoder reads and the decoder writes. `counts`
//! `[notes, 8]` (u8) says which written tokens are learned; files for pre-training, where the two are
//! the same, have `read` alone. `starts` (i32) holds the first note of every stream and their end,
//! `quantised` (u8) which streams lie on a grid.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use pianist_transformer::tokens::{SLOTS, Token, VOCABULARY};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Streams of tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    /// What the encoder reads.
    pub read: Vec<Token>,
    /// What the decoder writes; empty if that is the same.
    pub written: Vec<Token>,
    /// Which written tokens are learned; empty if any can be.
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
    /// When it is missing or damaged.
    pub fn read(path: &Path) -> Result<Self> {
        let what = || format!("no tokens at {}; `espressivo data tokens` makes them", path.display());
        let bytes = std::fs::read(path).with_context(what)?;
        let file =
            SafeTensors::deserialize(&bytes).with_context(|| format!("{} is damaged", path.display()))?;
        let numbers = |name: &str| file.tensor(name).map(|t| t.data().to_vec());
        let tokens = |name: &str| {
            numbers(name).map(|bytes| -> Vec<Token> {
                bytes.as_chunks().0.iter().map(|b| i16::from_le_bytes(*b) as Token).collect()
            })
        };
        let packed = Self {
            read: tokens("read")?,
            written: tokens("written").unwrap_or_default(),
            counts: numbers("counts").unwrap_or_default(),
            starts: numbers("starts")?
                .as_chunks()
                .0
                .iter()
                .map(|b| i32::from_le_bytes(*b) as usize)
                .collect(),
            quantised: numbers("quantised")?.iter().map(|q| *q > 0).collect(),
        };
        let fits = packed.starts.len() == packed.streams() + 1
            && packed.starts.is_sorted()
            && packed.starts.last() == Some(&packed.notes())
            && packed.read.iter().chain(&packed.written).all(|t| usize::from(*t) < VOCABULARY)
            && (packed.written.is_empty() || packed.written.len() == packed.read.len())
            && packed.counts.len() == packed.written.len();
        ensure!(fits, "{} is damaged: its tables do not fit each other", path.display());
        Ok(packed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_back_what_was_packed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.safetensors");
        let tokens: Vec<Token> = (0..6 * SLOTS).map(|k| (k * 97 % VOCABULARY) as Token).collect();
        let mut alone = Packed::new();
        alone.push(&tokens[..2 * SLOTS], true);
        alone.push(&tokens[2 * SLOTS..], false);
        let mut pairs = Packed::new();
        let other: Vec<Token> = tokens.iter().rev().copied().collect();
        pairs.push_pair(&tokens, &other, &vec![1; tokens.len()]);
        for packed in [alone, pairs] {
            packed.write(&path).unwrap();
            assert_eq!(Packed::read(&path).unwrap(), packed);
        }
        std::fs::write(&path, b"nothing").unwrap();
        assert!(Packed::read(&path).unwrap_err().to_string().contains("is damaged"));
        let error = Packed::read(&folder.path().join("none")).unwrap_err().to_string();
        assert!(error.contains("espressivo data tokens"), "{error}");
    }
}
