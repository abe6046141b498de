//! Whether similarity is as asked for.

use serde::Serialize;

use super::written::Asked;

/// Similarities that are asked for.
pub const DIALS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

/// What comes of the similarities that are asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DialRow {
    /// Mean over segments of the rank correlation of the similarities asked for and found.
    pub rank_correlation: f64,
    /// The least of all segments.
    pub least: f64,
    /// Mean similarity at each of [`DIALS`].
    pub similarity: Vec<f64>,
}

/// Looks at what was written of segments for each similarity.
pub(super) fn row(asked: &[Asked]) -> DialRow {
    let found = asked.iter().map(|asked| -> Vec<f64> {
        let overall = asked.dial.iter().map(|found| found.as_ref().map(|one| one.similarity.overall()));
        overall.map(Option::unwrap_or_default).collect()
    });
    let found: Vec<Vec<f64>> = found.collect();
    let correlations: Vec<f64> = found.iter().map(|values| rank_correlation(&DIALS, values)).collect();
    let count = asked.len().max(1) as f64;
    let mean_at = |k: usize| found.iter().map(|values| values[k]).sum::<f64>() / count;
    DialRow {
        rank_correlation: correlations.iter().sum::<f64>() / count,
        least: correlations.iter().copied().fold(1.0, f64::min),
        similarity: (0..DIALS.len()).map(mean_at).collect(),
    }
}

/// Spearman's rank correlation; equal values share their ranks. 0 where all are equal.
fn rank_correlation(one: &[f64], other: &[f64]) -> f64 {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let rank = |x: &f64| {
            let below = values.iter().filter(|y| *y < x).count();
            let equal = values.iter().filter(|y| *y == x).count();
            below as f64 + (equal as f64 - 1.0) / 2.0
        };
        values.iter().map(rank).collect()
    };
    let (one, other) = (ranks(one), ranks(other));
    let middle = (one.len() as f64 - 1.0) / 2.0;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - middle) * (y - middle)).sum::<f64>();
    let spread = (dot(&one, &one) * dot(&other, &other)).sqrt();
    if spread > 0.0 { dot(&one, &other) / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.spearmanr([0, 1, 2, 3, 4], [5, 6, 7, 8, 7])` and with ties.
    #[test]
    fn rank_correlations_are_those_of_scipy() {
        let of = |other: [f64; 5]| rank_correlation(&[0.0, 1.0, 2.0, 3.0, 4.0], &other);
        assert!((of([5.0, 6.0, 7.0, 8.0, 7.0]) - 0.820_782_681_668_123_1).abs() < 1e-12);
        assert!((of([1.0, 2.0, 3.0, 4.0, 5.0]) - 1.0).abs() < 1e-12);
        assert_eq!(of([2.0; 5]), 0.0);
    }
}
