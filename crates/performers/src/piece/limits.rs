//! What can be asked of a writer of pieces.

use std::ops::RangeInclusive;

/// The most bars that are written at once.
pub const MOST_NEW_BARS: usize = 256;

/// From what is likeliest to what is hardly more than chance.
pub const TEMPERATURES: RangeInclusive<f64> = 0.1..=2.0;
