//! Where things stand in the table, and what is done to whole columns.

use std::ops::Range;

/// Columns of the table; the network's input is as wide.
///
/// New columns come before the last, so that the columns of a model that has fewer keep their places but
/// for the last, and it can be trained on when it has been widened.
pub const WIDTH: usize = 144;

/// The column that holds pitch, for transposition in training.
pub const PITCH: usize = 0;

/// Semitones for each unit of that column.
pub const PITCH_SCALE: f32 = 20.0;

/// The column that holds how fast the performance is as a whole, which the score does not contain:
/// [`set_log_beat_periods`] fills it in.
pub const LOG_BEAT_PERIOD: usize = WIDTH - 1;

/// The level column for a performance of this mean log2 of seconds per quarter.
pub fn log_beat_period_feature(level: f64) -> f32 {
    (level + 1.0) as f32
}

/// Fills the level column of a table, each note's own.
pub fn set_log_beat_periods(table: &mut [f32], level: impl Fn(usize) -> f64) {
    let cells = table.iter_mut().skip(LOG_BEAT_PERIOD).step_by(WIDTH).enumerate();
    cells.for_each(|(note, cell)| *cell = log_beat_period_feature(level(note)));
}

/// Takes the information out of columns: each is its mean over the table.
pub fn flatten(table: &mut [f32], columns: Range<usize>) {
    let count = (table.len() / WIDTH).max(1) as f32;
    for column in columns {
        let mean = table.iter().skip(column).step_by(WIDTH).sum::<f32>() / count;
        table.iter_mut().skip(column).step_by(WIDTH).for_each(|cell| *cell = mean);
    }
}
