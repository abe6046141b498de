//! The columns of a step: their places, sizes and bins.

use super::durations::{duration_of, nearest_token};

/// Kind of step: [`NOTE`], [`METRIC`], [`BEGIN`] or [`END`].
pub const FAMILY: usize = 0;
/// Number of a beat in its bar, or place of a note in its beat, each plus 1.
pub const POSITION: usize = 1;
/// MIDI pitch of a note less 20.
pub const PITCH: usize = 2;
/// Length of a beat, or written duration of a note: an entry of [`super::DURATIONS`], from 1.
pub const DURATION: usize = 3;
/// log2 of half seconds a quarter, of a beat.
pub const BEAT_PERIOD: usize = 4;
/// MIDI velocity of a note.
pub const VELOCITY: usize = 5;
/// Onset of a note less its place on the grid of beats, in seconds.
pub const TIMING: usize = 6;
/// log2 of a note's played over its written duration at the beat period of its beat.
pub const ARTICULATION: usize = 7;
/// Mean depth of the sustain pedal from a note's onset to the next onset, 0 to 1.
pub const PEDAL: usize = 8;

/// Number of columns.
pub const COLUMNS: usize = 9;
/// Columns of what is written: the first.
pub const SCORE_COLUMNS: usize = 4;
/// Columns of what is played: the others.
pub const PERFORMANCE_COLUMNS: usize = 5;

/// Names of the columns, as the tensors of a model have them.
pub const NAMES: [&str; COLUMNS] =
    ["family", "position", "pitch", "duration", "beat_period", "velocity", "timing", "articulation", "pedal"];

/// Number of values of each column, with 0.
pub const SIZES: [usize; COLUMNS] = [5, 25, 89, 52, 162, 33, 42, 82, 6];

/// Family of what fills up a window.
pub const PAD: u8 = 0;
/// Family of a note.
pub const NOTE: u8 = 1;
/// Family of a beat.
pub const METRIC: u8 = 2;
/// Family of the beginning of a window.
pub const BEGIN: u8 = 3;
/// Family of the end of a piece.
pub const END: u8 = 4;

/// Places of notes in a beat.
pub const PLACES: u32 = 24;

/// MIDI pitch of token 1.
pub(super) const LOWEST_PITCH: u8 = 21;
/// The highest MIDI pitch that has a token.
pub(super) const HIGHEST_PITCH: u8 = 108;

/// Bins of the same width: the middle of the first, and the width. The edges lie half a width from each middle, and
/// the first and the last bin have everything beyond them, too.
const BINS: [(f64, f64); PERFORMANCE_COLUMNS] =
    [(-2.0, 0.025), (1.5, 4.0), (-0.19, 0.0095), (-3.975, 0.075), (0.1, 0.2)];

/// The token of a value in a column of the nine: of pitch in MIDI numbers, of duration in quarters, of position and
/// family the number of the token itself, of the others as [`super::Steps::values`] has them. 0 for NaN.
pub fn token_of(column: usize, value: f32) -> u8 {
    if value.is_nan() {
        return 0;
    }
    let value = f64::from(value);
    let last = SIZES.get(column).map_or(0, |size| size - 1) as f64;
    let token = match column {
        DURATION => return nearest_token(value, 0),
        PITCH => value - f64::from(LOWEST_PITCH - 1),
        FAMILY | POSITION => return value.round().clamp(0.0, last) as u8,
        _ => match column.checked_sub(SCORE_COLUMNS).and_then(|k| BINS.get(k)) {
            Some((first, width)) => 1.0 + ((value - first) / width).round(),
            None => return 0,
        },
    };
    token.round().clamp(1.0, last) as u8
}

/// The value that a token of a column of the nine stands for: the middle of its bin. NaN for 0.
pub fn centre(column: usize, token: u8) -> f32 {
    if token == 0 {
        return f32::NAN;
    }
    match column {
        DURATION => duration_of(token).to_f64() as f32,
        PITCH => f32::from(LOWEST_PITCH - 1) + f32::from(token),
        FAMILY | POSITION => f32::from(token),
        _ => match column.checked_sub(SCORE_COLUMNS).and_then(|k| BINS.get(k)) {
            Some((first, width)) => (first + width * f64::from(token - 1)) as f32,
            None => f32::NAN,
        },
    }
}

/// What the tokens of a column from 1 on stand for.
pub fn centres(column: usize) -> Vec<f32> {
    (1..SIZES.get(column).copied().unwrap_or(1)).map(|token| centre(column, token as u8)).collect()
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
