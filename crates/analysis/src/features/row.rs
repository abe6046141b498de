//! One row of the table under construction.

use super::columns::{LOG_BEAT_PERIOD, WIDTH};

/// A row under construction: cells are pushed from left to right.
pub(super) struct Row<'a> {
    pub values: &'a mut Vec<f32>,
    /// Where the row begins.
    pub start: usize,
}

impl Row<'_> {
    /// A number, held within -4 to 4.
    pub fn push(&mut self, value: f64) {
        self.values.push((value as f32).clamp(-4.0, 4.0));
    }

    /// 1 for yes.
    pub fn flag(&mut self, value: bool) {
        self.values.push(f32::from(u8::from(value)));
    }

    /// One column for each possible value.
    pub fn one_hot(&mut self, value: usize, of: usize) {
        (0..of).for_each(|k| self.flag(k == value));
    }

    /// Fills up to the fixed width, so that a new feature does not change the network.
    pub fn finish(self) {
        debug_assert!(
            self.values.len() - self.start <= LOG_BEAT_PERIOD,
            "{} features",
            self.values.len() - self.start
        );
        self.values.resize(self.start + WIDTH, 0.0);
    }
}

/// log2 of a length in quarters, with a floor of a 1/64 note.
pub(super) fn log_length(quarters: f64) -> f64 {
    quarters.max(1.0 / 16.0).log2() / 2.0
}
