//! The most that is asked of a composer.

/// The most bars that one variation has: the networks learned from segments of four.
pub const MOST_BARS: usize = 4;

/// The most variations that are made at once.
pub const MOST_VARIATIONS: usize = 100;
