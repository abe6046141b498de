//! The grid of a recording whose tempo is fixed: how long a sixteenth is, and where one begins.
//!
//! The period is the one whose sixteenths the first half minute's onsets agree with best; it is then fitted to
//! more and more of the recording by least squares, so that it is exact enough for the last bar. Which octave the
//! tempo is in cannot be heard in onsets: a quarter is taken to last as long as one of 66 to 132 a minute.

use std::f64::consts::TAU;

/// Quarters a minute: an octave, so that the answer is one.
const SLOWEST: f64 = 66.0;
const FASTEST: f64 = 132.0;

/// Ratio of two periods that are tried: over the first half minute, an eighth of a sixteenth apart.
const STEP: f64 = 3e-4;

/// How much is looked at first, and at most how many onsets of it.
const FIRST_SECS: f64 = 25.0;
const FIRST_ONSETS: usize = 150;

/// Onsets this far from a sixteenth, in sixteenths, are on none: triplets, ornaments.
const OFF: f64 = 0.15;

/// A recording with so few onsets on its sixteenths has no fixed tempo.
const LEAST_ON: f64 = 0.8;

/// Fewer onsets say nothing.
const LEAST_ONSETS: usize = 64;

/// A fixed tempo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    /// How long a sixteenth is.
    pub sixteenth_secs: f64,
    /// When one of them begins.
    pub origin_secs: f64,
}

impl Pulse {
    /// The fixed tempo of a recording with these onsets, ascending; nothing if it has none.
    pub fn find(onsets: &[f64]) -> Option<Self> {
        let (first, last) = (*onsets.first()?, *onsets.last()?);
        if onsets.len() < LEAST_ONSETS {
            return None;
        }
        let mut pulse = Self::coarse(upto(onsets, first + FIRST_SECS));
        let mut span = FIRST_SECS;
        loop {
            pulse = pulse.fitted(upto(onsets, first + span));
            if span > last - first {
                break;
            }
            span *= 2.0;
        }
        let on = onsets.iter().filter(|secs| pulse.off(**secs).abs() < OFF).count();
        (on as f64 >= LEAST_ON * onsets.len() as f64).then_some(pulse)
    }

    /// How long a quarter is.
    pub fn quarter_secs(&self) -> f64 {
        4.0 * self.sixteenth_secs
    }

    /// Where a time is, in sixteenths.
    pub fn at(&self, secs: f64) -> f64 {
        (secs - self.origin_secs) / self.sixteenth_secs
    }

    /// How far from the nearest sixteenth, in sixteenths.
    fn off(&self, secs: f64) -> f64 {
        let at = self.at(secs);
        at - at.round()
    }

    /// The period at which the onsets point in one direction, as angles.
    fn coarse(onsets: &[f64]) -> Self {
        let onsets = &onsets[..onsets.len().min(FIRST_ONSETS)];
        let first = onsets.first().copied().unwrap_or(0.0);
        let sum = |period: f64| {
            onsets.iter().fold((0.0, 0.0), |(x, y), secs| {
                let (sin, cos) = (TAU * (secs - first) / period).sin_cos();
                (x + cos, y + sin)
            })
        };
        let periods = (0..i32::MAX).map(|k| 15.0 / FASTEST * (STEP * f64::from(k)).exp());
        let mut best = (f64::NEG_INFINITY, 15.0 / FASTEST, 0.0);
        for period in periods.take_while(|period| *period < 15.0 / SLOWEST) {
            let (x, y) = sum(period);
            if x.hypot(y) > best.0 {
                best = (x.hypot(y), period, y.atan2(x));
            }
        }
        let (_, sixteenth_secs, angle) = best;
        Self { sixteenth_secs, origin_secs: first + angle / TAU * sixteenth_secs }
    }

    /// The straight line through the onsets that are on a sixteenth.
    fn fitted(mut self, onsets: &[f64]) -> Self {
        for _ in 0..3 {
            let on: Vec<(f64, f64)> = onsets
                .iter()
                .filter(|secs| self.off(**secs).abs() < OFF)
                .map(|secs| (self.at(*secs).round(), *secs))
                .collect();
            let count = on.len() as f64;
            let mean = |of: fn(&(f64, f64)) -> f64| on.iter().map(of).sum::<f64>() / count;
            let (place, secs) = (mean(|p| p.0), mean(|p| p.1));
            let both: f64 = on.iter().map(|p| (p.0 - place) * (p.1 - secs)).sum();
            let spread: f64 = on.iter().map(|p| (p.0 - place).powi(2)).sum();
            let slope = both / spread;
            if !slope.is_finite() || slope <= 0.0 {
                break;
            }
            self = Self { sixteenth_secs: slope, origin_secs: secs - slope * place };
        }
        self
    }
}

/// The onsets before a time.
fn upto(onsets: &[f64], secs: f64) -> &[f64] {
    &onsets[..onsets.partition_point(|onset| *onset < secs)]
}

#[cfg(test)]
#[path = "pulse_tests.rs"]
mod tests;
