//! What a transformer does with rows besides products, in loops that become vector code.
//!
//! Sums run in [`LANES`] strands on every processor, whatever the width of its vectors. The heavier
//! loops are [`WithSimd`], which compiles them for each kind of processor; a closure would not be
//! inlined where that counts.

use pulp::{Simd, WithSimd};

use crate::matmul::dispatch;

/// Strands of a sum: no vector is wider.
pub const LANES: usize = 16;

/// What a norm adds to the variance or to the mean square.
const EPSILON: f32 = 1e-5;

/// Layer norm of every row, then `* scale + shift`.
pub fn layer_norm(rows: &[f32], scale: &[f32], shift: &[f32], out: &mut [f32]) {
    dispatch(LayerNorm { rows, scale, shift, out });
}

struct LayerNorm<'a> {
    rows: &'a [f32],
    scale: &'a [f32],
    shift: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for LayerNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.scale.len();
        for (row, out) in self.rows.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            let mean = sum(row, |v| v) / width as f32;
            let variance = sum(row, |v| (v - mean) * (v - mean)) / width as f32;
            let factor = 1.0 / (variance + EPSILON).sqrt();
            let modulation = self.scale.iter().zip(self.shift);
            for ((out, v), (scale, shift)) in out.iter_mut().zip(row).zip(modulation) {
                *out = (v - mean) * factor * scale + shift;
            }
        }
    }
}

/// Root mean square norm of every row, then `* scale` (Zhang and Sennrich, NeurIPS 2019).
pub fn rms_norm(rows: &[f32], scale: &[f32], out: &mut [f32]) {
    dispatch(RmsNorm { rows, scale, out });
}

struct RmsNorm<'a> {
    rows: &'a [f32],
    scale: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for RmsNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.scale.len();
        for (row, out) in self.rows.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            let factor = 1.0 / (sum(row, |v| v * v) / width as f32 + EPSILON).sqrt();
            for ((out, v), scale) in out.iter_mut().zip(row).zip(self.scale) {
                *out = v * factor * scale;
            }
        }
    }
}

#[inline(always)]
fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (whole, rest) = row.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for part in whole {
        (0..LANES).for_each(|k| sums[k] += of(part[k]));
    }
    sums.iter().sum::<f32>() + rest.iter().map(|v| of(*v)).sum::<f32>()
}

/// The first half of a softmax: every row of scores, of which the first `count` count, becomes
/// `exp(score - max)`, and `sums` gets the sum of every row, to be divided by later
/// ([`divide_rows`]). The rest of a row becomes zero. The width is a multiple of [`LANES`].
pub fn exp_scores(scores: &mut [f32], width: usize, count: usize, sums: &mut [f32]) {
    dispatch(ExpScores { scores, width, count, sums });
}

struct ExpScores<'a> {
    scores: &'a mut [f32],
    width: usize,
    count: usize,
    sums: &'a mut [f32],
}

impl WithSimd for ExpScores<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (row, total) in self.scores.chunks_exact_mut(self.width).zip(self.sums) {
            row[self.count..].fill(f32::MIN);
            let (parts, _) = row.as_chunks_mut::<LANES>();
            let mut found = [f32::MIN; LANES];
            for part in parts.iter() {
                (0..LANES).for_each(|k| found[k] = if part[k] > found[k] { part[k] } else { found[k] });
            }
            let largest = found.into_iter().fold(f32::MIN, f32::max);
            let mut sums = [0.0; LANES];
            for part in parts {
                for k in 0..LANES {
                    part[k] = exp(part[k] - largest);
                    sums[k] += part[k];
                }
            }
            row[self.count..].fill(0.0);
            *total = sums.iter().sum();
        }
    }
}

/// `silu(gate) * up`, into `gate`.
pub fn swiglu(gate: &mut [f32], up: &[f32]) {
    dispatch(SwiGlu { gate, up });
}

struct SwiGlu<'a> {
    gate: &'a mut [f32],
    up: &'a [f32],
}

impl WithSimd for SwiGlu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.gate.iter_mut().zip(self.up).for_each(|(g, u)| *g = silu(*g) * u);
    }
}

/// `x / (1 + e^-x)`.
#[inline(always)]
pub fn silu(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// Divides every row by its number.
pub fn divide_rows(rows: &mut [f32], width: usize, by: &[f32]) {
    for (row, by) in rows.chunks_exact_mut(width).zip(by) {
        row.iter_mut().for_each(|v| *v /= by);
    }
}

/// Rotary position embedding: rotates pairs (k, k + half) of every head by the angles of its token;
/// `cos` and `sin` have `half` numbers a token, `rows` one or more heads.
pub fn rotate(rows: &mut [f32], heads: usize, half: usize, cos: &[f32], sin: &[f32]) {
    let angles = cos.chunks_exact(half).zip(sin.chunks_exact(half));
    for (row, (cos, sin)) in rows.chunks_exact_mut(heads * 2 * half).zip(angles) {
        for head in row.chunks_exact_mut(2 * half) {
            let (a, b) = head.split_at_mut(half);
            for ((a, b), (cos, sin)) in a.iter_mut().zip(b).zip(cos.iter().zip(sin)) {
                (*a, *b) = (*a * cos - *b * sin, *b * cos + *a * sin);
            }
        }
    }
}

/// `e^x` with an error below 3e-7 of it, for `x` held within -87 and 88; a few operations without
/// branches, where the C library's is one call a number.
///
/// `x = n ln 2 + r` with the whole number `n` nearest: `e^x = 2^n e^r`, and `|r| < 0.347`, so that
/// the Taylor series to the seventh power errs by less than 6e-9.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Added to a small number, leaves its nearest whole number in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    /// ln 2 in two parts; the first has so few digits that its product with `n` is exact.
    const LN_2: [f32; 2] = [355.0 / 512.0, -2.121_944_4e-4];
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN_2[0] - n * LN_2[1];
    let mut power = 1.0 / 5040.0;
    for factor in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        power = power * r + factor;
    }
    f32::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_right() {
        for k in -86_000..88_000 {
            let x = k as f32 / 1000.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(error < 3e-7, "e^{x} is off by {error}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::MIN) < 2e-38 && exp(-1e30) >= 0.0);
        assert!(exp(f32::MAX) > 1e38 && exp(f32::MAX).is_finite());
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn a_norm_leaves_rows_with_mean_square_one() {
        let rows: Vec<f32> = (0..40).map(|k| (k * 7919 % 101) as f32 - 31.0).collect();
        let mut out = vec![0.0; 40];
        rms_norm(&rows, &[2.0; 20], &mut out);
        for (row, out) in rows.chunks(20).zip(out.chunks(20)) {
            let root = (row.iter().map(|v| v * v).sum::<f32>() / 20.0).sqrt();
            assert!(row.iter().zip(out).all(|(v, o)| (2.0 * v / root - o).abs() < 1e-4));
        }
    }

    #[test]
    fn weights_of_scores_are_shares() {
        let mut scores: Vec<f32> = (0..64).map(|k| ((k * 37 % 64) as f32 - 40.0) * 3.0).collect();
        let expected: Vec<f64> = scores.iter().map(|v| f64::from(*v).exp()).collect();
        let mut sums = [0.0; 2];
        exp_scores(&mut scores, 32, 29, &mut sums);
        divide_rows(&mut scores, 32, &sums);
        for (row, expected) in scores.chunks(32).zip(expected.chunks(32)) {
            let total: f64 = expected[..29].iter().sum();
            for (found, expected) in row[..29].iter().zip(expected) {
                assert!((f64::from(*found) - expected / total).abs() < 1e-6);
            }
            assert_eq!(row[29..], [0.0; 3]);
        }
    }
}
