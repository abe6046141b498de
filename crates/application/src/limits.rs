//! The limits of what can be asked for and of what is read.

pub use protocol::limits::{
    AMOUNTS, BALANCES_DB, BEATS_PER_MINUTE, LARGEST_SEED, LONGEST_MOOD_CHARS, MOST_TAKES, RATES_PERCENT,
};

/// Largest score that is read, and largest packed score after unpacking. Larger files are no scores.
pub const SCORE_BYTES: u64 = 256 << 20;

/// Largest MIDI recording or take that is read.
pub const RECORDING_BYTES: u64 = 256 << 20;

/// Largest of the small files that Espressivo keeps for itself: settings and lists.
pub const SETTINGS_BYTES: u64 = 16 << 20;

/// Share of a MIDI file's notes, or of the score's if those are fewer, that must be found in the
/// score. A file with fewer is a performance of something else.
pub const LEAST_MATCHED: f64 = 0.5;
