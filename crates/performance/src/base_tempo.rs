//! The requested tempo of a piece as a whole.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// Beats a minute that may be requested.
pub const BEATS_PER_MINUTE: RangeInclusive<f64> = 10.0..=400.0;

/// How fast a piece is played as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum BaseTempo {
    /// As the metronome marks say that a person chose, on the page or for playback, each section as its
    /// own; as the performer would where there are none.
    #[default]
    AsMarked,
    /// As the performer would.
    Free,
    /// So many beats a minute, within [`BEATS_PER_MINUTE`]. The beat is that of the first metronome
    /// mark that a person chose; where there is none, what the metre counts.
    Bpm(f64),
}

impl BaseTempo {
    /// How takes were played before a tempo could be requested: what is read for those of older
    /// files.
    pub fn free() -> Self {
        Self::Free
    }

    /// Whether it is the performer's own.
    pub fn is_free(&self) -> bool {
        *self == Self::Free
    }

    /// The same within its bounds; what is no number is as marked.
    #[must_use]
    pub fn bounded(self) -> Self {
        match self {
            Self::Bpm(per_minute) if per_minute.is_nan() => Self::AsMarked,
            Self::Bpm(per_minute) => {
                Self::Bpm(per_minute.clamp(*BEATS_PER_MINUTE.start(), *BEATS_PER_MINUTE.end()))
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tempo_stays_within_its_bounds() {
        assert_eq!(BaseTempo::Bpm(66.0).bounded(), BaseTempo::Bpm(66.0));
        assert_eq!(BaseTempo::Bpm(0.0).bounded(), BaseTempo::Bpm(10.0));
        assert_eq!(BaseTempo::Bpm(f64::INFINITY).bounded(), BaseTempo::Bpm(400.0));
        assert_eq!(BaseTempo::Bpm(f64::NAN).bounded(), BaseTempo::AsMarked);
        assert_eq!(BaseTempo::Free.bounded(), BaseTempo::Free);
    }
}
