//! Pink noise: as much power in each octave (Voss and Clarke, "1/f noise in music", 1978).

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// How far the noise is below the sound, in decibels of their mean powers.
pub const BELOW_DB: f64 = 20.0;

/// Random numbers that are added; each is drawn half as often as the one before.
const ROWS: usize = 16;

/// Adds pink noise to a sound. The seed says which.
pub fn add(sound: &mut [f32], seed: u64) {
    let noise = pink(sound.len(), seed);
    let gain = rms(sound) * 10_f64.powf(-BELOW_DB / 20.0) / rms(&noise).max(f64::MIN_POSITIVE);
    for (sample, noise) in sound.iter_mut().zip(&noise) {
        *sample += (f64::from(*noise) * gain) as f32;
    }
}

/// So many samples of noise: the sum of numbers of which the first is drawn anew at every second sample, the second
/// at every fourth, and so on, and of one that is drawn anew at every sample (Voss's way).
fn pink(length: usize, seed: u64) -> Vec<f32> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut draw = move || random.random_range(-1.0_f32..1.0);
    let mut rows = [0.0_f32; ROWS];
    rows.iter_mut().for_each(|row| *row = draw());
    let sample = |k: usize| {
        let row = (k + 1).trailing_zeros() as usize;
        if let Some(row) = rows.get_mut(row) {
            *row = draw();
        }
        rows.iter().sum::<f32>() + draw()
    };
    (0..length).map(sample).collect()
}

/// Root of the mean power.
fn rms(samples: &[f32]) -> f64 {
    let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (power / samples.len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use rustfft::FftPlanner;
    use rustfft::num_complex::Complex;

    use super::*;

    #[test]
    fn octaves_have_about_the_same_power() {
        let size = 1 << 16;
        let mut values: Vec<Complex<f32>> =
            pink(size, 5).into_iter().map(|sample| Complex::new(sample, 0.0)).collect();
        FftPlanner::new().plan_fft_forward(size).process(&mut values);
        let octave = |k: u32| -> f32 { values[1 << k..2 << k].iter().map(Complex::norm_sqr).sum() };
        let levels: Vec<f32> = (6..13).map(|k| 10.0 * octave(k).log10()).collect();
        let mean = levels.iter().sum::<f32>() / levels.len() as f32;
        assert!(levels.iter().all(|level| (level - mean).abs() < 3.0), "{levels:?}");
    }

    #[test]
    fn noise_is_as_far_below_the_sound_as_it_says() {
        let sound: Vec<f32> = (0..44_100).map(|k| (k as f32 * 0.05).sin()).collect();
        let mut noisy = sound.clone();
        add(&mut noisy, 1);
        let noise: Vec<f32> = noisy.iter().zip(&sound).map(|(a, b)| a - b).collect();
        let below_db = 20.0 * (rms(&sound) / rms(&noise)).log10();
        assert!((below_db - BELOW_DB).abs() < 0.01, "{below_db}");
        let mut silence = vec![0.0; 100];
        add(&mut silence, 1);
        assert!(silence.iter().all(|sample| *sample == 0.0));
    }
}
