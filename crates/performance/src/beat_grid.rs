//! Beats and bars in the time of a performance.

use std::ops::RangeInclusive;

/// When beats come, and which of them are the first of a bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeatGrid {
    /// When each beat is, in seconds, rising.
    pub beats_secs: Vec<f64>,
    /// Beats in a full bar.
    pub beats_per_bar: u8,
    /// The first beat of each bar, as indices into the beats, rising. Bars may be shorter than a full one.
    pub first_beats: Vec<usize>,
}

impl BeatGrid {
    /// Beats a minute: the median, and what nine of ten lie between.
    pub fn beats_per_minute(&self) -> (f64, RangeInclusive<f64>) {
        let mut rates: Vec<f64> = self.beats_secs.windows(2).map(|w| 60.0 / (w[1] - w[0])).collect();
        rates.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * rates.len().saturating_sub(1) as f64).round() as usize;
            rates.get(place).copied().unwrap_or(0.0)
        };
        (at(0.5), at(0.05)..=at(0.95))
    }

    /// When the first bar starts that is not a pick-up, if any.
    pub fn first_bar_secs(&self) -> Option<f64> {
        self.first_beats.first().and_then(|beat| self.beats_secs.get(*beat)).copied()
    }
}
