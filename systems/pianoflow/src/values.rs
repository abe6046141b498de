//! What the network learns of a performance: one row of numbers a note, and back.
//!
//! The values are those of the performance codec (partitura's, systems F.3) rather than the
//! sequential time shifts of the paper: tempo has a channel of its own at two time scales, so that
//! the written rhythm does not drown it and errors do not add up over a piece.

mod decode;
mod encode;

use std::ops::Range;

pub use decode::decode;
pub use encode::encode;

/// Columns of the table.
pub const WIDTH: usize = 9;

/// MIDI velocity.
pub const VELOCITY: usize = 0;
/// log2 of seconds per quarter, the least-squares slope over two quarters either way. What the
/// network learns is how it departs from the [`Values::log_beat_period`] of the performance.
pub const QUARTER_TEMPO: usize = 1;
/// log2 of seconds per quarter up to the next onset, less [`QUARTER_TEMPO`].
pub const ONSET_TEMPO: usize = 2;
/// Seconds from the mean onset of the chord, compressed by [`compress`].
pub const CHORD: usize = 3;
/// log2 of played over nominal duration at the quarter tempo; of a grace note, over 0.1 s.
pub const ARTICULATION: usize = 4;
/// Sustain pedal, 0 up to 1 down, at 0, 1/4, 1/2 and 3/4 of the way to the next onset.
pub const PEDAL: Range<usize> = 5..9;

/// Kinds of values: the columns, all of the pedal's as one.
pub const KINDS: usize = PEDAL.start + 1;

/// The kind of a column.
pub fn kind_of(column: usize) -> usize {
    column.min(KINDS - 1)
}

/// Columns that belong to an onset: the same for all its notes.
pub fn shared_columns() -> impl Iterator<Item = usize> {
    [QUARTER_TEMPO, ONSET_TEMPO].into_iter().chain(PEDAL)
}

/// Nominal duration of a grace note, in seconds.
const NOMINAL_GRACE_SECS: f64 = 0.1;

/// Onset deviations are linear up to about this many seconds and logarithmic beyond.
const CHORD_SCALE_SECS: f64 = 0.02;

/// Values of a performance: `[notes, WIDTH]` row by row, NaN where missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Values(pub Vec<f32>);

impl Values {
    /// One value.
    pub fn get(&self, note: usize, column: usize) -> f64 {
        f64::from(self.0[note * WIDTH + column])
    }

    /// Mean of the quarter tempo over all notes that have one: how fast the performance is as a
    /// whole.
    ///
    /// Pieces differ far more in this than a piece does within itself. Left in, it would be most of
    /// what the network is praised for, and rubato a detail.
    pub fn log_beat_period(&self) -> Option<f64> {
        let known = self.0.iter().skip(QUARTER_TEMPO).step_by(WIDTH).filter(|v| v.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(s, c), v| (s + f64::from(*v), c + 1.0));
        (count > 0.0).then(|| sum / count)
    }

    /// Adds to all values of a column.
    pub fn shift(&mut self, column: usize, by: f64) {
        for value in self.0.iter_mut().skip(column).step_by(WIDTH) {
            *value += by as f32;
        }
    }

    /// Makes the whole performance slower by `log2_period`.
    pub fn shift_log_beat_period(&mut self, log2_period: f64) {
        self.shift(QUARTER_TEMPO, log2_period);
    }
}

/// Logarithmic beyond about 20 ms, so that a few wide arpeggios do not rule the scale.
fn compress(secs: f64) -> f64 {
    secs.signum() * (secs.abs() / CHORD_SCALE_SECS).ln_1p()
}

fn expand(value: f64) -> f64 {
    value.signum() * value.abs().min(3.5).exp_m1() * CHORD_SCALE_SECS
}
