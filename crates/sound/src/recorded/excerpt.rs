//! What of a recording is heard.

use std::ops::Range;

/// Sound that is kept before the first note, for playing that begins a little early.
const LEAD_SECS: f64 = 1.0;

/// Sound that is kept after the last note, which dies away.
const TAIL_SECS: f64 = 6.0;

/// What of a recording is heard, in seconds of its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Excerpt {
    /// From the beginning of the first note to the end of the last one.
    pub played_secs: Range<f64>,
    /// Where notes begin, in any order: what is struck once, at any tempo.
    pub attacks_secs: Vec<f64>,
}

impl Excerpt {
    /// What is kept in memory.
    pub(super) fn kept_secs(&self) -> Range<f64> {
        let finite = |secs: f64| if secs.is_finite() { secs.max(0.0) } else { 0.0 };
        let from = (finite(self.played_secs.start) - LEAD_SECS).max(0.0);
        from..(finite(self.played_secs.end) + TAIL_SECS).max(from)
    }

    /// Where notes begin, in order.
    pub(super) fn attacks(&self) -> Vec<f64> {
        let mut attacks: Vec<f64> =
            self.attacks_secs.iter().copied().filter(|secs| secs.is_finite()).collect();
        attacks.sort_by(f64::total_cmp);
        attacks
    }
}
