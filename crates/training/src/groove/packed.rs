//! Files of played notes: streams one after another in one safetensors file.
//!
//! | array | shape | type | what |
//! | --- | --- | --- | --- |
//! | `rows` | `[notes, 14]` | u8 | what is written ([`cadenza::groove::rows`]) |
//! | `velocity` | `[notes]` | u8 | MIDI velocity; 0 where nothing was played |
//! | `timing` | `[notes]` | u8 | per cents of a sixteenth after the grid, plus 50; 255 where none is known |
//! | `starts` | `[streams + 1]` | i32 | the first note of every stream, and the end of the last |
//! | `style` | `[streams]` | u8 | index into [`STYLES`] |

use std::path::Path;

use anyhow::{Result, ensure};
use cadenza::groove::{COLUMNS, SIGNS, SIZES, TIMINGS};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::STYLES;
use crate::packs::arrays::{self, array, check_columns, check_starts, length, read_integers};

/// The timing of a note that has none.
pub const NO_TIMING: u8 = 255;

/// Streams of played notes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    /// What is written `[notes, COLUMNS]`.
    pub rows: Vec<u8>,
    /// Velocities; 0 where nothing was played.
    pub velocity: Vec<u8>,
    /// Bins of micro-timing, or [`NO_TIMING`].
    pub timing: Vec<u8>,
    /// The first note of each stream, and the end of the last.
    pub starts: Vec<usize>,
    /// The style of each stream.
    pub style: Vec<u8>,
}

impl Packed {
    /// Without streams.
    pub fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    /// Adds a stream: rows `[notes, COLUMNS]`, and what was played of each note.
    pub fn push(&mut self, style: u8, rows: &[u8], velocity: &[u8], timing: &[u8]) {
        self.rows.extend_from_slice(rows);
        self.velocity.extend_from_slice(velocity);
        self.timing.extend_from_slice(timing);
        self.starts.push(self.velocity.len());
        self.style.push(style);
    }

    /// Whether there is a sign at a note of a style.
    pub fn has_signs(&self, style: usize) -> bool {
        let streams = (0..self.streams()).filter(|k| usize::from(self.style[*k]) == style);
        let mut rows = streams.flat_map(|k| {
            self.rows[self.starts[k] * COLUMNS..self.starts[k + 1] * COLUMNS].chunks_exact(COLUMNS)
        });
        rows.any(|row| row[SIGNS].iter().any(|sign| *sign > 0))
    }

    /// Number of streams.
    pub fn streams(&self) -> usize {
        self.style.len()
    }

    /// Number of notes.
    pub fn notes(&self) -> usize {
        self.velocity.len()
    }

    /// Writes the file. The same streams give the same bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let starts = arrays::integers(&self.starts);
        let notes = self.notes();
        let arrays = vec![
            ("rows", TensorView::new(Dtype::U8, vec![notes, COLUMNS], &self.rows)?),
            ("velocity", TensorView::new(Dtype::U8, vec![notes], &self.velocity)?),
            ("timing", TensorView::new(Dtype::U8, vec![notes], &self.timing)?),
            ("starts", TensorView::new(Dtype::I32, vec![self.starts.len()], &starts)?),
            ("style", TensorView::new(Dtype::U8, vec![self.style.len()], &self.style)?),
        ];
        arrays::write(path, arrays, None)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is missing or damaged; when an array is missing, has another type or shape, or holds what
    /// cannot be: the error names it, with what was found and expected.
    pub fn read(path: &Path) -> Result<Self> {
        arrays::read(path, "played notes", "grooves", Self::of_arrays)
    }

    fn of_arrays(file: &SafeTensors<'_>) -> Result<Self> {
        let (notes, streams) = (length(file, "velocity")?, length(file, "style")?);
        let packed = Self {
            rows: array(file, "rows", Dtype::U8, &[notes, COLUMNS])?.to_vec(),
            velocity: array(file, "velocity", Dtype::U8, &[notes])?.to_vec(),
            timing: array(file, "timing", Dtype::U8, &[notes])?.to_vec(),
            starts: read_integers(file, "starts", streams + 1)?,
            style: array(file, "style", Dtype::U8, &[streams])?.to_vec(),
        };
        packed.check()?;
        Ok(packed)
    }

    /// Fails unless streams follow each other and every value is one that can be.
    fn check(&self) -> Result<()> {
        check_starts("starts", &self.starts, self.notes())?;
        check_columns("rows", &self.rows, &SIZES, "note")?;
        let timing = self.timing.iter().find(|bin| usize::from(**bin) >= TIMINGS && **bin != NO_TIMING);
        ensure!(
            timing.is_none(),
            "array timing has {timing:?}, expected less than {TIMINGS}, or {NO_TIMING}"
        );
        let velocity = self.velocity.iter().find(|velocity| **velocity > 127);
        ensure!(velocity.is_none(), "array velocity has {velocity:?}, expected 127 at most");
        let style = self.style.iter().find(|style| usize::from(**style) >= STYLES.len());
        ensure!(style.is_none(), "array style has {style:?}, expected less than {}", STYLES.len());
        Ok(())
    }
}

#[cfg(test)]
#[path = "packed_tests.rs"]
mod tests;
