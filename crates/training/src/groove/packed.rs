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

use anyhow::{Context, Result, ensure};
use cadenza::groove::{COLUMNS, SIGNS, SIZES, TIMINGS};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::STYLES;

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
        let starts: Vec<u8> = self.starts.iter().flat_map(|s| (*s as i32).to_le_bytes()).collect();
        let notes = self.notes();
        let tensors = vec![
            ("rows", TensorView::new(Dtype::U8, vec![notes, COLUMNS], &self.rows)?),
            ("velocity", TensorView::new(Dtype::U8, vec![notes], &self.velocity)?),
            ("timing", TensorView::new(Dtype::U8, vec![notes], &self.timing)?),
            ("starts", TensorView::new(Dtype::I32, vec![self.starts.len()], &starts)?),
            ("style", TensorView::new(Dtype::U8, vec![self.style.len()], &self.style)?),
        ];
        let bytes = safetensors::serialize(tensors, None)?;
        std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is missing or damaged; when an array is missing, has another type or shape, or holds what
    /// cannot be: the error names it, with what was found and expected.
    pub fn read(path: &Path) -> Result<Self> {
        let what = || format!("no played notes at {}; `espressivo data grooves` makes them", path.display());
        let bytes = std::fs::read(path).with_context(what)?;
        let damaged = || format!("{} is damaged", path.display());
        let file = SafeTensors::deserialize(&bytes).with_context(damaged)?;
        let packed = Self::of_arrays(&file).with_context(damaged)?;
        packed.check().with_context(damaged)?;
        Ok(packed)
    }

    fn of_arrays(file: &SafeTensors<'_>) -> Result<Self> {
        let (notes, streams) = (length(file, "velocity")?, length(file, "style")?);
        let starts = array(file, "starts", Dtype::I32, &[streams + 1])?.as_chunks().0;
        Ok(Self {
            rows: array(file, "rows", Dtype::U8, &[notes, COLUMNS])?.to_vec(),
            velocity: array(file, "velocity", Dtype::U8, &[notes])?.to_vec(),
            timing: array(file, "timing", Dtype::U8, &[notes])?.to_vec(),
            // What is negative becomes too large.
            starts: starts.iter().map(|b| i32::from_le_bytes(*b) as usize).collect(),
            style: array(file, "style", Dtype::U8, &[streams])?.to_vec(),
        })
    }

    /// Fails unless streams follow each other and every value is one that can be.
    fn check(&self) -> Result<()> {
        let [first, last] = [self.starts.first(), self.starts.last()].map(|at| at.copied().unwrap_or(0));
        let notes = self.notes();
        ensure!(
            first == 0 && last == notes && self.starts.is_sorted(),
            "array starts goes from {first} to {last}, expected 0 to {notes} without going back"
        );
        for (k, value) in self.rows.iter().enumerate() {
            let (note, column) = (k / COLUMNS, k % COLUMNS);
            let most = SIZES[column] - 1;
            ensure!(
                usize::from(*value) <= most,
                "array rows has {value} in column {column} of note {note}, expected {most} at most"
            );
        }
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

/// The first dimension of an array.
fn length(file: &SafeTensors<'_>, name: &str) -> Result<usize> {
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
