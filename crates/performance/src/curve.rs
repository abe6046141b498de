//! A monotone curve between score time and performance time.

/// Less than this is no step in score time.
const LEAST_STEP_QUARTERS: f64 = 1e-9;

/// Points of (quarters, seconds), both strictly rising, joined by straight lines. Before the first
/// and after the last point the nearest line goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct BeatCurve {
    quarters: Vec<f64>,
    secs: Vec<f64>,
    /// Seconds per quarter after each point; the last goes on for ever.
    periods: Vec<f64>,
}

impl BeatCurve {
    /// A curve through the start of each stretch; `stretches` holds (quarters, seconds per quarter
    /// from there on), rising in quarters. Stretches that do not rise or whose period is not
    /// positive are left out; with none left, a quarter lasts a second.
    pub fn from_periods(start_secs: f64, stretches: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut curve = Self { quarters: Vec::new(), secs: Vec::new(), periods: Vec::new() };
        for (quarters, period) in stretches {
            if !(quarters.is_finite() && period.is_finite() && period > 0.0) {
                continue;
            }
            let secs = match (curve.quarters.last(), curve.secs.last(), curve.periods.last()) {
                (Some(q), Some(_), Some(_)) if quarters - q < LEAST_STEP_QUARTERS => continue,
                (Some(q), Some(secs), Some(last)) => secs + (quarters - q) * last,
                _ => start_secs,
            };
            curve.quarters.push(quarters);
            curve.secs.push(secs);
            curve.periods.push(period);
        }
        if curve.quarters.is_empty() {
            curve = Self { quarters: vec![0.0], secs: vec![start_secs], periods: vec![1.0] };
        }
        curve
    }

    /// When a point of the score is played.
    pub fn secs_at(&self, quarters: f64) -> f64 {
        let k = self.quarters.partition_point(|q| *q <= quarters).saturating_sub(1);
        self.secs[k] + (quarters - self.quarters[k]) * self.periods[k]
    }

    /// The point of the score that is played at a time.
    pub fn quarters_at(&self, secs: f64) -> f64 {
        let k = self.secs.partition_point(|s| *s <= secs).saturating_sub(1);
        self.quarters[k] + (secs - self.secs[k]) / self.periods[k]
    }

    /// Seconds per quarter from a point of the score on.
    pub fn period_secs_at(&self, quarters: f64) -> f64 {
        self.periods[self.quarters.partition_point(|q| *q <= quarters).saturating_sub(1)]
    }

    /// The points of the curve, in quarters and seconds.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.quarters.iter().copied().zip(self.secs.iter().copied())
    }
}
