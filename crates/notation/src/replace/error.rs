//! Why notes cannot take the place of others.

use std::ops::Range;

use thiserror::Error;

use crate::time::Quarters;

/// Why notes cannot take the place of others.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplaceError {
    /// The score has no such measures.
    #[error(
        "the score has {count} bars, so there are none from {} to before {} (counted from 0); choose others",
        bars.start, bars.end
    )]
    NoSuchMeasures {
        /// The measures, as indices.
        bars: Range<usize>,
        /// How many there are.
        count: usize,
    },
    /// The passage has more or fewer measures.
    #[error("{found} bars cannot take the place of {wanted}; as many are needed")]
    Count {
        /// How many are to be replaced.
        wanted: usize,
        /// How many the passage has.
        found: usize,
    },
    /// A measure of the passage is longer or shorter.
    #[error("bar {bar} is {wanted} quarters long and would become {found}; its length has to stay")]
    Length {
        /// Its printed number.
        bar: String,
        /// Its length.
        wanted: Quarters,
        /// The length of the measure in its place.
        found: Quarters,
    },
    /// A note is outside the passage, or on a staff that the score does not have.
    #[error("the note of pitch {pitch}, {onset} quarters into the passage, has no place in the score")]
    NoPlace {
        /// MIDI pitch.
        pitch: u8,
        /// From the start of the passage.
        onset: Quarters,
    },
    /// All numbers of notes are taken.
    #[error("the score has so many notes that no numbers are left for others; use a shorter piece")]
    Full,
}
