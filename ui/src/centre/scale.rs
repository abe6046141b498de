//! Round numbers for scales.

/// The step between round numbers that stand at least `apart` points from each other, where `height`
/// points cover `span`.
pub fn round_step(span: f64, height: f32, apart: f32) -> f64 {
    let least = span * f64::from(apart) / f64::from(height.max(1.0));
    if !(least.is_finite() && least > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|s| s * power >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0) * power
}

/// The multiples of a step inside a range, from low to high; at most a hundred.
pub fn multiples((low, high): (f64, f64), step: f64) -> impl DoubleEndedIterator<Item = f64> {
    let first = (low / step).ceil() as i64;
    let last = ((high / step).floor() as i64).min(first.saturating_add(100));
    (first..=last).map(move |k| k as f64 * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_no_closer_than_asked() {
        assert_eq!(round_step(50.0, 100.0, 18.0), 10.0);
        assert_eq!(round_step(0.4, 80.0, 20.0), 0.1);
        assert_eq!(round_step(0.0, 80.0, 20.0), 1.0);
        assert_eq!(multiples((75.0, 128.0), 20.0).collect::<Vec<_>>(), [80.0, 100.0, 120.0]);
    }
}
