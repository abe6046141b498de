//! What the network does with rows of numbers besides products, in loops that become vector code.

use neural::matmul::dispatch;
use neural::rows::{LANES, exp};
use pulp::{Simd, WithSimd};

/// What the norm adds to the mean square.
const NORM_EPSILON: f32 = 1e-6;

/// Divides every row by its root mean square (Zhang and Sennrich, NeurIPS 2019), into `out`.
pub fn rms_norm(rows: &[f32], width: usize, out: &mut [f32]) {
    dispatch(RmsNorm { rows, width, out });
}

struct RmsNorm<'a> {
    rows: &'a [f32],
    width: usize,
    out: &'a mut [f32],
}

impl WithSimd for RmsNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (row, out) in self.rows.chunks_exact(self.width).zip(self.out.chunks_exact_mut(self.width)) {
            let (whole, rest) = row.as_chunks::<LANES>();
            let mut sums = [0.0; LANES];
            for part in whole {
                (0..LANES).for_each(|k| sums[k] += part[k] * part[k]);
            }
            let square = sums.iter().sum::<f32>() + rest.iter().map(|v| v * v).sum::<f32>();
            let factor = 1.0 / (square / self.width as f32 + NORM_EPSILON).sqrt();
            out.iter_mut().zip(row).for_each(|(out, v)| *out = v * factor);
        }
    }
}

/// The Gaussian error linear unit, `x (1 + erf(x / sqrt 2)) / 2` (Hendrycks and Gimpel 2016), in place.
pub fn gelu(values: &mut [f32]) {
    dispatch(Gelu { values });
}

struct Gelu<'a> {
    values: &'a mut [f32],
}

impl WithSimd for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.values.iter_mut().for_each(|v| *v = gelu_of(*v));
    }
}

/// Multiplies each channel of every row by its factor and adds its shift, in place; then, where asked for,
/// the Gaussian error linear unit.
pub fn scale(rows: &mut [f32], factors: &[f32], shifts: &[f32], with_gelu: bool) {
    dispatch(Scale { rows, factors, shifts, with_gelu });
}

struct Scale<'a> {
    rows: &'a mut [f32],
    factors: &'a [f32],
    shifts: &'a [f32],
    with_gelu: bool,
}

impl WithSimd for Scale<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.rows.chunks_exact_mut(self.factors.len()) {
            for (v, (factor, shift)) in row.iter_mut().zip(self.factors.iter().zip(self.shifts)) {
                *v = *v * factor + shift;
            }
            if self.with_gelu {
                row.iter_mut().for_each(|v| *v = gelu_of(*v));
            }
        }
    }
}

/// Sum and sum of squares of each group of channels, over all rows: the channels fall into
/// `sums.len()` equal groups.
pub fn group_sums(rows: &[f32], channels: usize, sums: &mut [[f64; 2]]) {
    dispatch(GroupSums { rows, channels, sums });
}

struct GroupSums<'a> {
    rows: &'a [f32],
    channels: usize,
    sums: &'a mut [[f64; 2]],
}

impl WithSimd for GroupSums<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let group = self.channels / self.sums.len();
        for row in self.rows.chunks_exact(self.channels) {
            for (part, sum) in row.chunks_exact(group).zip(self.sums.iter_mut()) {
                let (whole, rest) = part.as_chunks::<LANES>();
                let mut sums = [[0.0_f32; LANES]; 2];
                for part in whole {
                    for k in 0..LANES {
                        sums[0][k] += part[k];
                        sums[1][k] += part[k] * part[k];
                    }
                }
                for (sum, strands) in sum.iter_mut().zip(sums) {
                    *sum += f64::from(strands.iter().sum::<f32>());
                }
                sum[0] += rest.iter().map(|v| f64::from(*v)).sum::<f64>();
                sum[1] += rest.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
            }
        }
    }
}

/// The error function by formula 7.1.26 of Abramowitz and Stegun, whose error is below 1.5e-7. With
/// `erfc(z) = p(t) e^(-z^2)` for `z = |x| / sqrt 2`, the unit is `max(x, 0) - |x| erfc(z) / 2` on both sides.
#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let mut p = 1.061_405_4;
    for factor in [-1.453_152, 1.421_413_7, -0.284_496_72, 0.254_829_6] {
        p = p * t + factor;
    }
    let positive = if x > 0.0 { x } else { 0.0 };
    positive - 0.5 * x.abs() * p * t * exp(-z * z)
}

/// The largest of `values`, and the first place where it stands; `values` is not empty.
pub fn largest(values: &[f32]) -> (usize, f32) {
    let found = dispatch(Largest { values });
    (values.iter().position(|v| *v == found).unwrap_or(0), found)
}

struct Largest<'a> {
    values: &'a [f32],
}

impl WithSimd for Largest<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f32 {
        let (whole, rest) = self.values.as_chunks::<LANES>();
        let mut found = [f32::MIN; LANES];
        for part in whole {
            (0..LANES).for_each(|k| found[k] = if part[k] > found[k] { part[k] } else { found[k] });
        }
        found.iter().chain(rest).fold(f32::MIN, |a, b| a.max(*b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `x Phi(x)` from tables of the normal distribution (Abramowitz and Stegun, table 26.1).
    #[test]
    fn the_unit_follows_the_normal_distribution() {
        let table = [(0.0, 0.5), (0.5, 0.691_462_461), (1.0, 0.841_344_746), (2.0, 0.977_249_868)];
        let mut values: Vec<f32> = table.iter().flat_map(|(x, _)| [*x, -*x]).collect();
        gelu(&mut values);
        for (found, (x, share)) in values.chunks(2).zip(table) {
            let (x, share) = (f64::from(x), share);
            assert!((f64::from(found[0]) - x * share).abs() < 4e-7, "{found:?}");
            assert!((f64::from(found[1]) + x * (1.0 - share)).abs() < 4e-7, "{found:?}");
        }
        let mut far = [30.0, -30.0, 1e30, -1e30];
        gelu(&mut far);
        assert!(far.iter().zip([30.0, 0.0, 1e30, 0.0]).all(|(v, e)| (v - e).abs() < 1e-30), "{far:?}");
    }

    #[test]
    fn norms_and_sums_are_those_of_plain_loops() {
        let rows: Vec<f32> = (0..120).map(|k| (k * 7919 % 101) as f32 / 10.0 - 3.0).collect();
        let mut out = vec![0.0; 120];
        rms_norm(&rows, 40, &mut out);
        for (row, out) in rows.chunks(40).zip(&mut out.chunks(40)) {
            let root = (row.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / 40.0).sqrt();
            assert!(row.iter().zip(out).all(|(v, o)| (f64::from(*v) / root - f64::from(*o)).abs() < 1e-5));
        }
        let mut sums = [[0.0; 2]; 2];
        group_sums(&rows, 40, &mut sums);
        let second = || rows.chunks(20).skip(1).step_by(2).flatten().map(|v| f64::from(*v));
        assert!((sums[1][0] - second().sum::<f64>()).abs() < 1e-3);
        assert!((sums[1][1] - second().map(|v| v * v).sum::<f64>()).abs() < 1e-2);
    }

    #[test]
    fn the_first_of_the_largest_is_found() {
        let mut values = vec![0.0_f32; 45];
        (values[17], values[40], values[44]) = (2.0, 2.0, -1.0);
        assert_eq!(largest(&values), (17, 2.0));
        values[44] = 3.0;
        assert_eq!(largest(&values), (44, 3.0));
        assert_eq!(largest(&[-5.0]), (0, -5.0));
    }
}
