//! Windows of steps side by side, as batches.

use xmvae::ecp::{NOTE, PAD, PERFORMANCE_COLUMNS, SCORE_COLUMNS};

/// Windows side by side, filled up at their ends: tables `[batch, width]`, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// Windows.
    pub batch: usize,
    /// Steps of the longest.
    pub width: usize,
    /// What is written of each step `[batch, width, 4]`.
    pub written: Vec<u8>,
    /// Steps in use of each window.
    pub lengths: Vec<usize>,
    /// Which windows end where their piece does.
    pub ends: Vec<bool>,
}

/// Windows of performances.
#[derive(Clone, Debug)]
pub struct Played {
    /// What is written.
    pub steps: Steps,
    /// Features of the notes `[batch, width, features]`, zeros at beats.
    pub features: Vec<f32>,
    /// What is played `[batch, width, 5]`, in the units of [`xmvae::ecp::Steps::values`]; NaN where a value is unknown or
    /// does not apply.
    pub values: Vec<f32>,
    /// The window in whose manner each window is played.
    pub manners: Vec<usize>,
}

impl Steps {
    /// Puts windows side by side: what is written of each `[steps, 4]`, and whether it ends with its piece.
    pub fn of(windows: &[(Vec<u8>, bool)]) -> Self {
        let lengths: Vec<usize> = windows.iter().map(|(written, _)| written.len() / SCORE_COLUMNS).collect();
        let width = lengths.iter().copied().max().unwrap_or(0);
        let rows = windows.iter().map(|(written, _)| &written[..]);
        Self {
            batch: windows.len(),
            width,
            written: filled(rows, width * SCORE_COLUMNS, PAD),
            ends: windows.iter().map(|(_, ends)| *ends).collect(),
            lengths,
        }
    }

    /// Notes of all windows.
    pub fn notes(&self) -> usize {
        self.written.iter().step_by(SCORE_COLUMNS).filter(|family| **family == NOTE).count()
    }
}

impl Played {
    /// Puts performances of windows side by side: of each what is written and whether it ends with its piece, the
    /// features `[steps, features]` and the values `[steps, 5]`.
    pub fn of(
        windows: &[(Vec<u8>, bool)],
        features: &[Vec<f32>],
        values: &[Vec<f32>],
        manners: Vec<usize>,
    ) -> Self {
        let steps = Steps::of(windows);
        let lengths = windows.iter().map(|(written, _)| written.len() / SCORE_COLUMNS);
        let wide = features.iter().zip(lengths).map(|(of, length)| of.len() / length.max(1)).max();
        Self {
            features: filled(features.iter().map(|row| &row[..]), steps.width * wide.unwrap_or(0), 0.0),
            values: filled(values.iter().map(|row| &row[..]), steps.width * PERFORMANCE_COLUMNS, f32::NAN),
            steps,
            manners,
        }
    }
}

/// Rows one after another, each filled up to a width.
fn filled<'a, T: Copy + 'a>(rows: impl Iterator<Item = &'a [T]>, width: usize, with: T) -> Vec<T> {
    let row =
        |row: &'a [T]| row.iter().copied().chain(std::iter::repeat_n(with, width.saturating_sub(row.len())));
    rows.flat_map(row).collect()
}
