//! Keeping every second or fourth sample of a sound, without what that cannot hold.

use std::f64::consts::PI;

use crate::sinc::kaiser;

/// Taps for each sample that is kept one of: the stop band lies 50 dB down.
const TAPS_A_FACTOR: usize = 12;

/// Where the filter is half-way down, as a share of the new sample rate.
const CUTOFF: f64 = 0.46;

/// Shape of the Kaiser window.
const BETA: f64 = 5.0;

/// A low-pass filter without delay, and how many samples are one.
pub(super) struct Decimator {
    factor: usize,
    /// An odd number of taps; one for factor 1.
    taps: Vec<f32>,
}

impl Decimator {
    /// For one of `factor` samples.
    pub(super) fn new(factor: usize) -> Self {
        if factor <= 1 {
            return Self { factor: 1, taps: vec![1.0] };
        }
        let half = (TAPS_A_FACTOR * factor) as i64;
        let tap = |k: i64| {
            let share = 2.0 * CUTOFF / factor as f64;
            let angle = PI * share * k as f64;
            let sinc = if k == 0 { 1.0 } else { angle.sin() / angle };
            share * sinc * kaiser(k as f64 / half as f64, BETA)
        };
        let taps: Vec<f64> = (-half..=half).map(tap).collect();
        let sum: f64 = taps.iter().sum();
        Self { factor, taps: taps.iter().map(|tap| (tap / sum) as f32).collect() }
    }

    /// `count` samples, the first of them at `origin` of the sound; silence around the sound.
    pub(super) fn every(&self, sound: &[f32], origin: usize, count: usize) -> Vec<f32> {
        let half = self.taps.len() / 2;
        let at = |k: usize| {
            let middle = origin + k * self.factor;
            let from = middle.saturating_sub(half);
            let skipped = half - (middle - from);
            let there = sound.get(from..).unwrap_or(&[]);
            dot(&self.taps[skipped..], there)
        };
        (0..count).map(at).collect()
    }
}

/// The sum of products, as far as both reach, in eight sums so that the processor adds eight at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let mut sums = [0.0_f32; 8];
    let (eights_a, eights_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = eights_a.remainder().iter().zip(eights_b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in eights_a.zip(eights_b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    rest + sums.iter().sum::<f32>()
}
