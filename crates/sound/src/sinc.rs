//! Samples between samples: a windowed sinc of 16 taps (Smith and Gossett, 1984).

use std::f64::consts::PI;

use crate::format::BLOCK_FRAMES;

/// Samples that each new one is made of.
pub(crate) const TAPS: usize = 16;

/// Samples before the one at or before a place that are needed.
pub(crate) const TAPS_BEFORE: i64 = TAPS as i64 / 2 - 1;

/// Places between two samples that the table has; between those it is read along a straight line, which is
/// off by 94 dB less than the sound.
const PHASES: usize = 256;

/// Where the filter is half-way down, as a share of the sample rate of what is read.
const CUTOFF: f64 = 0.45;

/// Shape of the Kaiser window: what should not be there lies 60 dB down.
const BETA: f64 = 5.65;

/// One channel of a block.
pub(crate) type Channel = [f32; BLOCK_FRAMES];

/// The filter at all its phases.
#[derive(Debug)]
pub(crate) struct Sinc {
    phases: Vec<[f32; TAPS]>,
}

impl Sinc {
    pub(crate) fn new() -> Self {
        Self { phases: (0..=PHASES).map(|phase| taps(phase as f64 / PHASES as f64)).collect() }
    }

    /// A block of samples that lie `step` apart in `from`, the first at `at`, from 0 to 1, after the sample
    /// with number [`TAPS_BEFORE`]. Where `from` does not reach, there is silence.
    pub(crate) fn read(&self, from: [&[f32]; 2], (at, step): (f64, f64), to: [&mut Channel; 2]) {
        let [left, right] = to;
        for (n, (left, right)) in left.iter_mut().zip(right.iter_mut()).enumerate() {
            let place = at + step * n as f64;
            let first = place as usize;
            let windows = from.map(|from| from.get(first..).and_then(|rest| rest.first_chunk::<TAPS>()));
            let phase = (place - first as f64) * PHASES as f64;
            let below = (phase as usize).min(PHASES - 1);
            let share = (phase - below as f64) as f32;
            let (low, high) = (&self.phases[below], &self.phases[below + 1]);
            let taps = std::array::from_fn(|k| low[k] + share * (high[k] - low[k]));
            *left = windows[0].map_or(0.0, |window| dot(&taps, window));
            *right = windows[1].map_or(0.0, |window| dot(&taps, window));
        }
    }
}

/// The taps for a place so far after a sample; they sum up to 1.
fn taps(after: f64) -> [f32; TAPS] {
    let tap = |k: usize| {
        let distance = k as f64 - TAPS_BEFORE as f64 - after;
        let angle = 2.0 * CUTOFF * PI * distance;
        let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
        sinc * kaiser(distance / (0.5 * TAPS as f64), BETA)
    };
    let taps: [f64; TAPS] = std::array::from_fn(tap);
    let sum: f64 = taps.iter().sum();
    taps.map(|tap| (tap / sum) as f32)
}

fn dot(taps: &[f32; TAPS], window: &[f32; TAPS]) -> f32 {
    let sums: [f32; 8] = std::array::from_fn(|k| taps[k] * window[k] + taps[k + 8] * window[k + 8]);
    (sums[0] + sums[4]) + (sums[1] + sums[5]) + ((sums[2] + sums[6]) + (sums[3] + sums[7]))
}

/// A Kaiser window between -1 and 1, 1 in the middle.
pub(crate) fn kaiser(at: f64, beta: f64) -> f64 {
    let inside = (1.0 - at * at).max(0.0).sqrt();
    bessel(beta * inside) / bessel(beta)
}

/// The modified Bessel function of the first kind, order 0, by its series.
fn bessel(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..40 {
        term *= quarter / f64::from(k * k);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_is_read_between_its_samples() {
        let sinc = Sinc::new();
        for (hertz, step) in [(440.0, 1.0594), (5_000.0, 0.9439), (12_000.0, 0.87), (9_000.0, 1.15)] {
            let wave = |place: f64| (2.0 * PI * hertz * place / 48_000.0).sin();
            let sound: Vec<f32> = (0..128).map(|k| wave(f64::from(k)) as f32).collect();
            let (mut left, mut right) = ([0.0; BLOCK_FRAMES], [0.0; BLOCK_FRAMES]);
            sinc.read([&sound, &sound], (0.3, step), [&mut left, &mut right]);
            for (n, sample) in left.iter().enumerate() {
                let expected = wave(TAPS_BEFORE as f64 + 0.3 + step * n as f64);
                assert!((f64::from(*sample) - expected).abs() < 4e-3, "{hertz} Hz: {sample} for {expected}");
            }
            assert_eq!(left, right);
        }
    }

    #[test]
    fn there_is_silence_beyond_the_end() {
        let (mut left, mut right) = ([1.0; BLOCK_FRAMES], [1.0; BLOCK_FRAMES]);
        Sinc::new().read([&[0.5; 20], &[]], (0.0, 1.0), [&mut left, &mut right]);
        assert!(left[40..].iter().chain(&right).all(|s| *s == 0.0));
    }
}
