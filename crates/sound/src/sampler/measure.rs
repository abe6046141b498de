//! How loud and how bright a recorded key is, and how two recordings of one key lie in time.

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use crate::decode::Stereo;

/// What is measured of a recording, in seconds from where it begins.
pub(super) const HEAD_SECS: f64 = 0.5;

/// How far off two recordings may be laid against each other, in seconds.
const REACH_SECS: f64 = 0.012;

/// Two recordings less alike than this, from -1 to 1, are not moved against each other: it is noise.
const LEAST_LIKENESS: f32 = 0.3;

/// Partials above this do not count for brightness, in hertz.
const BRIGHTEST_HZ: f64 = 16_000.0;

/// The beginning of a recording; left is the real part and right the imaginary part, so that one transform
/// does for both.
pub(super) struct Head(Vec<Complex<f32>>);

impl Head {
    /// The sound from a frame on, which may lie before the first one.
    pub(super) fn of(sound: &Stereo, start: i64) -> Self {
        Self(stretch(sound, start, (HEAD_SECS * f64::from(sound.rate)) as usize))
    }

    /// Its power, in decibels against full scale in both channels.
    pub(super) fn level_db(&self) -> f32 {
        let power =
            self.0.iter().map(|z| f64::from(z.norm_sqr())).sum::<f64>() / (2.0 * self.0.len().max(1) as f64);
        (10.0 * power.max(1e-15).log10()) as f32
    }

    /// The centre of its spectrum by amplitude, in hertz.
    pub(super) fn brightness_hz(&self, rate: f64, planner: &mut FftPlanner<f32>) -> f32 {
        let count = self.0.len().max(1) as f32;
        let window = |k: usize| 0.5 - 0.5 * (std::f32::consts::TAU * k as f32 / count).cos();
        let mut bins: Vec<Complex<f32>> = self.0.iter().enumerate().map(|(k, z)| *z * window(k)).collect();
        let length = bins.len().next_power_of_two();
        bins.resize(length, Complex::default());
        planner.plan_fft_forward(length).process(&mut bins);
        let (mut sum, mut weighted) = (0.0, 0.0);
        for k in 1..length / 2 {
            let hertz = k as f64 * rate / length as f64;
            // Both channels' powers, from what they have become in one transform.
            let power = bins[k].norm_sqr() + bins[length - k].norm_sqr();
            let amplitude = if hertz < BRIGHTEST_HZ { f64::from(power).sqrt() } else { 0.0 };
            sum += amplitude;
            weighted += amplitude * hertz;
        }
        if sum > 0.0 { (weighted / sum) as f32 } else { 0.0 }
    }

    /// How alike two are as they lie, from -1 to 1.
    pub(super) fn likeness(&self, other: &Self) -> f32 {
        let product: f64 = self.0.iter().zip(&other.0).map(|(a, b)| f64::from((*a * b.conj()).re)).sum();
        let power = |head: &Self| head.0.iter().map(|z| f64::from(z.norm_sqr())).sum::<f64>();
        let size = (power(self) * power(other)).sqrt();
        if size > 0.0 { (product / size) as f32 } else { 0.0 }
    }

    /// Where `sound` has to begin so that it lies on this head, near `guess`; hammers that strike at one time
    /// start strings alike. Where both have nothing in common it is `guess`.
    pub(super) fn start_of(&self, sound: &Stereo, guess: i64, planner: &mut FftPlanner<f32>) -> i64 {
        let reach = (REACH_SECS * f64::from(sound.rate)) as i64;
        let wide = self.0.len() + 2 * reach as usize;
        let length = (wide + self.0.len()).next_power_of_two();
        let mut there = stretch(sound, guess - reach, wide);
        let mut here = self.0.clone();
        let powers = sums(&there);
        there.resize(length, Complex::default());
        here.resize(length, Complex::default());
        let forward = planner.plan_fft_forward(length);
        forward.process(&mut there);
        forward.process(&mut here);
        there.iter_mut().zip(&here).for_each(|(a, b)| *a *= b.conj());
        planner.plan_fft_inverse(length).process(&mut there);
        // By likeness: the product alone would be larger a period later, when the string has got going.
        let alike =
            |k: usize| f64::from(there[k].re) / (powers[k + self.0.len()] - powers[k]).max(1e-12).sqrt();
        let best = (0..=2 * reach as usize).max_by(|a, b| alike(*a).total_cmp(&alike(*b))).unwrap_or(0);
        let start = guess - reach + best as i64;
        if self.likeness(&Self::of(sound, start)) < LEAST_LIKENESS { guess } else { start }
    }
}

/// The power of the first 0, 1, 2 … frames.
fn sums(sound: &[Complex<f32>]) -> Vec<f64> {
    let mut sum = 0.0;
    let rising = sound.iter().map(|z| {
        sum += f64::from(z.norm_sqr());
        sum
    });
    std::iter::once(0.0).chain(rising).collect()
}

/// The first frame that is louder than a share of the loudest.
pub(super) fn first_above(sound: &Stereo, share: f32) -> i64 {
    let sizes = || sound.left.iter().zip(&sound.right).map(|(l, r)| l.abs().max(r.abs()));
    let least = share * sizes().fold(0.0, f32::max);
    sizes().position(|size| size > least).unwrap_or(0) as i64
}

/// So many frames from a frame on; silence outside of the sound.
fn stretch(sound: &Stereo, start: i64, count: usize) -> Vec<Complex<f32>> {
    let at = |k: usize| {
        let frame = usize::try_from(start + k as i64).ok()?;
        Some(Complex::new(*sound.left.get(frame)?, *sound.right.get(frame)?))
    };
    (0..count).map(|k| at(k).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knock(late: usize, hertz: f32) -> Stereo {
        let at = |k: usize| {
            let secs = k.saturating_sub(late) as f32 / 48_000.0;
            if k < late {
                0.0
            } else {
                0.3 * (std::f32::consts::TAU * hertz * secs).sin() * (-9.0 * secs).exp()
            }
        };
        let left: Vec<f32> = (0..48_000).map(at).collect();
        Stereo { rate: 48_000, right: left.clone(), left }
    }

    #[test]
    fn two_strokes_are_laid_on_each_other() {
        let (first, second) = (knock(1000, 100.0), knock(1234, 100.0));
        let head = Head::of(&first, 900);
        let start = head.start_of(&second, 900, &mut FftPlanner::new());
        assert!((start - 1134).abs() <= 1, "{start}");
        assert!(head.likeness(&Head::of(&second, start)) > 0.999);
    }

    #[test]
    fn louder_and_brighter_are_told() {
        let mut planner = FftPlanner::new();
        let (low, high) = (Head::of(&knock(0, 500.0), 0), Head::of(&knock(0, 2_000.0), 0));
        let [low_hz, high_hz] = [&low, &high].map(|head| head.brightness_hz(48_000.0, &mut planner));
        assert!(high_hz > 1.5 * low_hz && low_hz > 450.0, "{low_hz} {high_hz}");
        let mut soft = knock(0, 500.0);
        soft.left.iter_mut().chain(&mut soft.right).for_each(|s| *s *= 0.5);
        let step_db = low.level_db() - Head::of(&soft, 0).level_db();
        assert!((step_db - 6.02).abs() < 0.01, "{step_db}");
    }
}
