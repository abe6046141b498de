//! A smooth curve of time over score time through the onsets of a performance.
//!
//! Each distinct score onset was played at the median of its notes, grace notes excepted. Around it
//! a line is fitted by least squares to the onsets within two quarters either way. Then onsets far
//! from their own line get less weight or none (Tukey's bisquare), and the lines are fitted anew, so
//! that a wrongly aligned note does not bend the curve. Between the onsets it is interpolated.

use std::ops::Range;

/// Half the width of the window of a line, in quarters.
const WINDOW_QUARTERS: f64 = 2.0;
/// A window with fewer onsets than this gives way to [`NEIGHBOURS`].
const LEAST_ONSETS: usize = 5;
/// Onsets before and after that a line goes through where the window holds too few.
const NEIGHBOURS: usize = 3;
/// How often the weights are computed.
const ROUNDS: usize = 2;
/// Residual at which the weight is 0, as a multiple of the median residual: Tukey's constant 4.685
/// times three standard deviations, each 1.4826 median residuals.
const ZERO_WEIGHT: f64 = 4.685 * 3.0 * 1.4826;

/// The curve at the distinct onsets of a performance.
pub struct Curve {
    /// Score times in quarters, rising.
    quarters: Vec<f64>,
    /// Times of the fitted lines in seconds.
    secs: Vec<f64>,
    /// Slopes of the fitted lines, in seconds a quarter.
    slopes: Vec<f64>,
}

/// Median time of the notes of each distinct onset. `notes` are onset in quarters and seconds, in
/// order of the first.
pub fn onset_times(notes: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let groups = notes.chunk_by(|a, b| a.0 == b.0);
    groups.map(|group| (group[0].0, median(group.iter().map(|n| n.1).collect()))).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}

impl Curve {
    /// Fits a curve to the times of distinct onsets, rising in quarters.
    pub fn new(onsets: &[(f64, f64)]) -> Self {
        let windows = windows(onsets);
        let mut weights = vec![1.0; onsets.len()];
        let mut lines = lines(onsets, &windows, &weights);
        for _ in 0..ROUNDS {
            let residuals: Vec<f64> =
                onsets.iter().zip(&lines).map(|(o, (secs, _))| (o.1 - secs).abs()).collect();
            let zero = ZERO_WEIGHT * median(residuals.clone());
            weights = residuals.iter().map(|r| bisquare(r / zero)).collect();
            lines = self::lines(onsets, &windows, &weights);
        }
        let (secs, slopes) = lines.into_iter().unzip();
        Self { quarters: onsets.iter().map(|o| o.0).collect(), secs, slopes }
    }

    /// Time of a point, and seconds a quarter there; outside the onsets those of the nearest.
    pub fn at(&self, u: f64) -> (f64, f64) {
        let next = self.quarters.partition_point(|q| *q <= u);
        let (Some(before), after) = (next.checked_sub(1), next) else {
            return (first(&self.secs), first(&self.slopes));
        };
        if after >= self.quarters.len() {
            return (self.secs[before], self.slopes[before]);
        }
        let share = (u - self.quarters[before]) / (self.quarters[after] - self.quarters[before]);
        let between = |values: &[f64]| values[before] + share * (values[after] - values[before]);
        (between(&self.secs), between(&self.slopes))
    }

    /// Times of the quarters 0, 1, 2 … up to the last onset; NaN before the first.
    pub fn whole_quarters(&self) -> Vec<f64> {
        let last = self.quarters.last().map_or(-1.0, |q| q.floor());
        let start = first(&self.quarters);
        let count = (last + 1.0).max(0.0) as usize;
        (0..count).map(|k| k as f64).map(|u| if u < start { f64::NAN } else { self.at(u).0 }).collect()
    }
}

fn first(values: &[f64]) -> f64 {
    values.first().copied().unwrap_or(f64::NAN)
}

/// For each onset, the onsets that its line goes through.
fn windows(onsets: &[(f64, f64)]) -> Vec<Range<usize>> {
    let window = |(k, (u, _)): (usize, &(f64, f64))| {
        let first = onsets.partition_point(|o| o.0 < u - WINDOW_QUARTERS);
        let last = onsets.partition_point(|o| o.0 <= u + WINDOW_QUARTERS);
        if last - first >= LEAST_ONSETS {
            return first..last;
        }
        k.saturating_sub(NEIGHBOURS)..(k + NEIGHBOURS + 1).min(onsets.len())
    };
    onsets.iter().enumerate().map(window).collect()
}

/// Value and slope of the line at each onset.
fn lines(onsets: &[(f64, f64)], windows: &[Range<usize>], weights: &[f64]) -> Vec<(f64, f64)> {
    let line = |(window, (u, _)): (&Range<usize>, &(f64, f64))| {
        line(&onsets[window.clone()], &weights[window.clone()], *u)
    };
    windows.iter().zip(onsets).map(line).collect()
}

/// Value and slope at `u` of the least-squares line through the points; where fewer than two have
/// any weight, all count alike.
fn line(points: &[(f64, f64)], weights: &[f64], u: f64) -> (f64, f64) {
    let alike = vec![1.0; points.len()];
    let weights = if weights.iter().filter(|w| **w > 0.0).count() < 2 { &alike } else { weights };
    let total: f64 = weights.iter().sum();
    let mean =
        |of: fn(&(f64, f64)) -> f64| points.iter().zip(weights).map(|(p, w)| w * of(p)).sum::<f64>() / total;
    let (mean_q, mean_t) = (mean(|p| p.0), mean(|p| p.1));
    let (mut covariance, mut variance) = (0.0, 0.0);
    for ((q, t), weight) in points.iter().zip(weights) {
        covariance += weight * (q - mean_q) * (t - mean_t);
        variance += weight * (q - mean_q).powi(2);
    }
    let slope = if variance > 0.0 { covariance / variance } else { 0.0 };
    (mean_t + slope * (u - mean_q), slope)
}

/// Tukey's weight of a residual, as a share of the one at which it is 0.
fn bisquare(residual: f64) -> f64 {
    // Where all residuals are 0 there is no share, and all count in full.
    if residual.is_nan() { 1.0 } else { (1.0 - residual.min(1.0).powi(2)).powi(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a second a quarter, a note every eighth from the second quarter on.
    fn steady() -> Vec<(f64, f64)> {
        (2..20).map(|k| (f64::from(k) / 2.0, 3.0 + f64::from(k) / 4.0)).collect()
    }

    #[test]
    fn a_steady_tempo_is_a_line() {
        let curve = Curve::new(&steady());
        let whole = curve.whole_quarters();
        assert_eq!(whole.len(), 10);
        assert!(whole[0].is_nan());
        assert!(whole[1..].iter().enumerate().all(|(k, t)| (t - 3.5 - 0.5 * k as f64).abs() < 1e-9));
        assert!((curve.at(4.25).1 - 0.5).abs() < 1e-9);
    }

    #[test]
    fn one_wrong_onset_hardly_bends_it() {
        let mut onsets = steady();
        onsets[8].1 += 1.0;
        let (secs, _) = Curve::new(&onsets).at(onsets[8].0);
        assert!((secs - steady()[8].1).abs() < 0.01, "{secs}");
    }

    #[test]
    fn an_onset_is_played_at_the_median_of_its_notes() {
        let notes = [(0.0, 1.0), (1.0, 1.6), (1.0, 1.5), (1.0, 9.0), (2.0, 2.0), (2.0, 2.1)];
        assert_eq!(onset_times(&notes), [(0.0, 1.0), (1.0, 1.6), (2.0, 2.05)]);
    }
}
