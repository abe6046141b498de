//! Tempo where a score says nothing, and what is believed of what it says.

/// Where a score names no tempo, in quarters a minute: a moderato.
pub const UNMARKED_QUARTERS_PER_MINUTE: f64 = 100.0;

/// Slower and faster marks, in quarters a minute, are slips of the file.
pub const BELIEVABLE_QUARTERS_PER_MINUTE: std::ops::RangeInclusive<f64> = 5.0..=1000.0;
