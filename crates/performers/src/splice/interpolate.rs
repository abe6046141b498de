//! Lines through points.

/// Linear between points, constant outside.
pub(super) fn interpolate(points: &[(f64, f64)], x: f64) -> f64 {
    let k = points.partition_point(|(p, _)| *p <= x);
    match (k.checked_sub(1).and_then(|k| points.get(k)), points.get(k)) {
        (Some((a, s)), Some((b, t))) => s + (t - s) * (x - a) / (b - a),
        (Some((_, s)), None) | (None, Some((_, s))) => *s,
        (None, None) => 0.0,
    }
}

/// Least-squares slope, if there are two points or more that differ.
pub(super) fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let (mx, my) =
        (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
    let (xy, xx) =
        points.iter().fold((0.0, 0.0), |(xy, xx), (x, y)| (xy + (x - mx) * (y - my), xx + (x - mx).powi(2)));
    (points.len() >= 2 && xx > 1e-12).then(|| xy / xx)
}
