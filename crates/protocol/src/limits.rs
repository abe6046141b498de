//! The limits of what a person can ask for. The face offers no more than this; the studio and the
//! command line take no more.

use std::ops::RangeInclusive;

pub use performance::amounts::BALANCES_DB;
pub use performance::base_tempo::BEATS_PER_MINUTE;

/// Most takes of one job.
pub const MOST_TAKES: u8 = 5;

/// Most variations of one job.
pub const MOST_VARIATIONS: u8 = 10;

/// Most bars of a variation: composers learned from passages of four.
pub const MOST_VARIED_BARS: usize = 4;

/// Bars of a new piece.
pub const NEW_BARS: RangeInclusive<u16> = 8..=64;

/// Bars that are written at the end of a piece at once.
pub const MORE_BARS: RangeInclusive<u16> = 1..=64;

/// Largest seed: numbers on their way to the face pass through JavaScript, which keeps whole numbers
/// exactly up to here.
pub const LARGEST_SEED: u64 = (1 << 53) - 1;

/// Amounts of each dimension of expression, and the strength of a mood: 0 none, 1 as played, 2 twice
/// as much.
pub const AMOUNTS: RangeInclusive<f64> = 0.0..=2.0;

/// Longest text of a mood, in characters.
pub const LONGEST_MOOD_CHARS: usize = 500;

/// Tempo of the transport, in percent of the tempo of what is heard.
pub const RATES_PERCENT: RangeInclusive<f64> = 25.0..=200.0;

/// Width of a page's systems in staff spaces.
pub const PAGE_WIDTHS_SPACES: RangeInclusive<f32> = 40.0..=400.0;

/// In place of a width: the page is one endless system.
pub const ENDLESS_SPACES: f32 = 0.0;

/// Height of a printed staff in millimetres, as in editions to play from.
pub const PAPER_STAFF_MM: f32 = 7.0;

/// Width of a printed page's systems in staff spaces: within margins of 12 mm on A4 paper (186 mm), which are on
/// Letter paper (192 mm), too. A staff is four spaces high.
pub const PAPER_SPACES: f32 = 106.0;

/// Scale of a drawn system.
pub const PIXELS_PER_SPACE: RangeInclusive<f32> = 2.0..=40.0;
