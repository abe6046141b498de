//! What makes the beats of a recording too doubtful to learn from.

use std::collections::BTreeMap;

/// Beats a minute outside which a beat is doubtful.
const BEATS_PER_MINUTE: std::ops::RangeInclusive<f64> = 20.0..=600.0;
/// Correlation of log beat durations above which two recordings are one.
const SAME_RECORDING: f64 = 0.999;

/// Durations in seconds from each beat to the next.
pub fn durations(times: &[f64]) -> Vec<f64> {
    times.windows(2).map(|w| w[1] - w[0]).collect()
}

/// Number of doubtful beats.
pub fn out_of_range(times: &[f64]) -> usize {
    durations(times).iter().filter(|d| !BEATS_PER_MINUTE.contains(&(60.0 / **d))).count()
}

/// Whether too many beats are doubtful: more than two and more than one in a hundred.
pub fn is_doubtful(times: &[f64]) -> bool {
    out_of_range(times) as f64 > (times.len() as f64 / 100.0).max(2.0)
}

/// Whether two recordings of one score are the same.
pub fn is_same(a: &[f64], b: &[f64]) -> bool {
    let logs = |times: &[f64]| durations(times).iter().map(|d| d.max(1e-3).log2()).collect::<Vec<_>>();
    let pairs: Vec<_> = logs(a).into_iter().zip(logs(b)).collect();
    performance::metrics::correlation(&pairs).is_some_and(|r| r > SAME_RECORDING)
}

/// Figures of a recording under the names that containers have for them.
pub fn named(times: &[f64], loudness: &[f64]) -> BTreeMap<String, f64> {
    let durations = durations(times);
    let known: Vec<f64> = loudness.iter().copied().filter(|l| !l.is_nan()).collect();
    let mut sorted = durations.clone();
    sorted.sort_by(f64::total_cmp);
    let logs: Vec<f64> = durations.iter().map(|d| d.max(1e-3).log2()).collect();
    let length = times.last().zip(times.first()).map_or(0.0, |(last, first)| last - first);
    let figures = [
        ("beats", times.len() as f64, 1.0),
        ("out_of_range", out_of_range(times) as f64, 1.0),
        ("loud_missing", (loudness.len() - known.len()) as f64, 1.0),
        ("median_bpm", 60.0 / median(&sorted), 1e2),
        ("dur_s", length, 1e3),
        ("sd_log2_beat", deviation(&logs), 1e4),
        ("loud_mean", mean(&known), 1e4),
        ("loud_std", deviation(&known), 1e4),
    ];
    figures.into_iter().map(|(name, value, grid)| (name.to_owned(), (value * grid).round() / grid)).collect()
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_doubtful_beats_are_too_many_in_a_short_piece() {
        let steady: Vec<f64> = (0..50).map(f64::from).collect();
        assert!(!is_doubtful(&steady));
        let mut torn = steady.clone();
        for (k, time) in torn.iter_mut().enumerate() {
            *time += 4.0 * [10, 20, 30].iter().filter(|b| k >= **b).count() as f64;
        }
        assert_eq!(out_of_range(&torn), 3);
        assert!(is_doubtful(&torn));
    }

    #[test]
    fn a_copy_at_another_speed_is_the_same_recording() {
        let times: Vec<f64> = (0..60).map(|k| f64::from(k) + 0.2 * f64::from(k * k % 7)).collect();
        let faster: Vec<f64> = times.iter().map(|t| 3.0 + t / 1.05).collect();
        let other: Vec<f64> = (0..60).map(|k| f64::from(k) + 0.2 * f64::from(k * k % 5)).collect();
        assert!(is_same(&times, &faster) && !is_same(&times, &other));
    }
}
