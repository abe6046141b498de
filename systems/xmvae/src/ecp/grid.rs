//! When each beat is played.

use super::beats::Beat;
use super::spans::Span;

/// log2 of half seconds a quarter of no beat is below this, which is 3,840 quarters a minute: a grid that lags behind
/// goes on.
const LEAST_PERIOD: f64 = -5.0;

/// Nor above this, so that times stay numbers: nearly nine hours a quarter.
const MOST_PERIOD: f64 = 16.0;

/// Seconds a quarter where the logarithm is 0.
const UNIT_SECS: f64 = 0.5;

/// A grid that starts anew nowhere.
const NO_STARTS: &[f64] = &[];

/// A place in the score, from its beat on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BeatPlace {
    /// Index of the beat.
    pub beat: usize,
    /// Quarters after its start.
    pub after_quarters: f64,
}

/// The grid of beats as it is decoded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    /// log2 of half seconds a quarter of each beat; NaN where unknown.
    known: Vec<f64>,
    /// The same, with something in every place.
    periods: Vec<f64>,
    /// When each beat starts, in seconds.
    secs: Vec<f64>,
    /// Whether what is played in a beat can be told against it.
    anchored: Vec<bool>,
}

impl Grid {
    /// The grid that follows what was played in spans of beats. Periods are what `round` makes of them, each chosen
    /// with what rounding did before in mind.
    pub(super) fn follow(beats: &[Beat], spans: &[Span], round: &dyn Fn(f64) -> f64) -> Self {
        let mut known = vec![f64::NAN; beats.len()];
        let mut starts = vec![f64::NAN; beats.len()];
        // Before the first span and after the last the grid goes on as it is decoded.
        let from = spans.first().map_or(0, |span| span.beats.start);
        let to = spans.last().map_or(0, |span| span.beats.end);
        let mut anchored: Vec<bool> = (0..beats.len()).map(|beat| beat < from || beat >= to).collect();
        for span in spans {
            let mut at = span.secs.first().copied().unwrap_or(0.0);
            for (k, beat) in span.beats.clone().enumerate() {
                let quarters = beats[beat].length.to_f64();
                (starts[beat], anchored[beat]) = (at, true);
                let next = span.secs.get(k + 1).copied().unwrap_or(at);
                known[beat] = round(period_of((next - at) / quarters));
                at += quarters * secs_of(known[beat]);
            }
            if let Some(after) = anchored.get_mut(span.beats.end) {
                *after = true;
            }
        }
        let periods = filled(&known);
        let first = spans.iter().find(|span| !span.secs.is_empty());
        let anchor = first.map_or((0, 0.0), |span| (span.beats.start, span.secs[0]));
        let mut start_secs = anchor.1;
        for beat in 0..anchor.0.min(beats.len()) {
            start_secs -= beats[beat].length.to_f64() * secs_of(periods[beat]);
        }
        Self::through(beats, known, periods, (start_secs, &starts[..]), anchored)
    }

    /// The grid of beat periods, log2 of half seconds a quarter, NaN where unknown, from a time on.
    pub(super) fn of_periods(beats: &[Beat], known: Vec<f64>, start_secs: f64) -> Self {
        let periods = filled(&known);
        let anchored = vec![true; beats.len()];
        Self::through(beats, known, periods, (start_secs, NO_STARTS), anchored)
    }

    /// Adds up the beats; where the start of one is given, the grid goes on from there.
    fn through(
        beats: &[Beat],
        known: Vec<f64>,
        periods: Vec<f64>,
        (start_secs, starts): (f64, &[f64]),
        anchored: Vec<bool>,
    ) -> Self {
        let mut at = start_secs;
        let mut secs = Vec::with_capacity(beats.len());
        for (k, beat) in beats.iter().enumerate() {
            at = starts.get(k).copied().filter(|start| start.is_finite()).unwrap_or(at);
            secs.push(at);
            at += beat.length.to_f64() * secs_of(periods[k]);
        }
        Self { known, periods, secs, anchored }
    }

    /// When the first beat starts, in seconds; 0 without beats.
    pub(super) fn start_secs(&self) -> f64 {
        self.secs.first().copied().unwrap_or(0.0)
    }

    /// When a place in the score is played, in seconds.
    pub(super) fn secs_at(&self, at: BeatPlace) -> f64 {
        self.secs.get(at.beat).copied().unwrap_or(0.0) + at.after_quarters * self.period_secs(at.beat)
    }

    /// Seconds a quarter of a beat.
    pub(super) fn period_secs(&self, beat: usize) -> f64 {
        secs_of(self.periods.get(beat).copied().unwrap_or(0.0))
    }

    /// log2 of half seconds a quarter of a beat; NaN if it is unknown.
    pub(super) fn known_period(&self, beat: usize) -> f64 {
        self.known.get(beat).copied().unwrap_or(f64::NAN)
    }

    /// Whether what is played in a beat can be told against it: not in a gap.
    pub(super) fn is_anchored(&self, beat: usize) -> bool {
        self.anchored.get(beat).copied().unwrap_or(false)
    }
}

/// log2 of half seconds of seconds a quarter.
fn period_of(secs: f64) -> f64 {
    (secs / UNIT_SECS).max(LEAST_PERIOD.exp2()).log2().min(MOST_PERIOD)
}

/// Seconds a quarter of log2 of half seconds.
fn secs_of(period: f64) -> f64 {
    UNIT_SECS * period.clamp(LEAST_PERIOD, MOST_PERIOD).exp2()
}

/// Numbers with something in every place: between two that are known what lies on the line between them, before the
/// first and after the last what they are; 0 if none is known.
pub(super) fn filled(values: &[f64]) -> Vec<f64> {
    let mut filled = values.to_vec();
    let mut last: Option<usize> = None;
    for (k, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        match last {
            None => filled[..k].fill(*value),
            Some(from) => {
                let step = (value - values[from]) / (k - from) as f64;
                for (n, slot) in filled[from + 1..k].iter_mut().enumerate() {
                    *slot = values[from] + step * (n + 1) as f64;
                }
            }
        }
        last = Some(k);
    }
    let end = last.map_or((0, 0.0), |k| (k, values[k]));
    filled[end.0..].fill(end.1);
    filled
}

#[cfg(test)]
#[path = "grid_tests.rs"]
mod tests;
