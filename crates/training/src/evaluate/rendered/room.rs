//! The sound of a room: convolution with noise that dies away.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

/// Time in which the room's sound dies away by 60 dB.
pub const RT60_SECS: f64 = 0.6;

/// When the first reflection comes after the direct sound.
const FIRST_REFLECTION_SECS: f64 = 0.005;

/// Energy of the direct sound over that of the room's.
const DIRECT_TO_ROOM: f64 = 1.0;

/// The response of a room to a single pulse: the pulse itself, and after it white noise that dies away. The seed says
/// which noise.
pub fn response(sample_rate: u32, seed: u64) -> Vec<f32> {
    let rate = f64::from(sample_rate);
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let first = (FIRST_REFLECTION_SECS * rate) as usize;
    let length = first + (RT60_SECS * rate) as usize;
    let mut tail: Vec<f64> = vec![0.0; length];
    for (k, value) in tail.iter_mut().enumerate().skip(first) {
        let secs = (k - first) as f64 / rate;
        *value = random.random_range(-1.0_f64..1.0) * 10_f64.powf(-3.0 * secs / RT60_SECS);
    }
    let energy: f64 = tail.iter().map(|value| value * value).sum();
    let gain = (1.0 / (DIRECT_TO_ROOM * energy.max(f64::MIN_POSITIVE))).sqrt();
    let mut response: Vec<f32> = tail.iter().map(|value| (value * gain) as f32).collect();
    if let Some(pulse) = response.first_mut() {
        *pulse = 1.0;
    }
    response
}

/// A sound as it is in a room: its convolution with the room's response, cut to the sound's own length. Computed block
/// by block with Fourier transforms (overlap-add).
pub fn convolve(sound: &[f32], response: &[f32]) -> Vec<f32> {
    if response.is_empty() {
        return vec![0.0; sound.len()];
    }
    let size = (2 * response.len()).next_power_of_two();
    let step = size - response.len() + 1;
    let mut planner = FftPlanner::<f32>::new();
    let (forward, back) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
    let spectrum = |samples: &[f32]| {
        let mut values = vec![Complex::new(0.0_f32, 0.0); size];
        values.iter_mut().zip(samples).for_each(|(value, sample)| value.re = *sample);
        forward.process(&mut values);
        values
    };
    let room = spectrum(response);
    let mut out = vec![0.0_f32; sound.len()];
    for (k, block) in sound.chunks(step).enumerate() {
        let mut product = spectrum(block);
        product.iter_mut().zip(&room).for_each(|(value, room)| *value *= *room);
        back.process(&mut product);
        let sums = out[k * step..].iter_mut().zip(&product);
        sums.for_each(|(sum, value)| *sum += value.re / size as f32);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn convolution_is_the_sum_of_shifted_pulses() {
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let mut noise =
            |length: usize| -> Vec<f32> { (0..length).map(|_| random.random_range(-1.0_f32..1.0)).collect() };
        for (long, short) in [(1000, 37), (5, 64), (64, 1), (3, 3)] {
            let (sound, response) = (noise(long), noise(short));
            let found = convolve(&sound, &response);
            for (n, found) in found.iter().enumerate() {
                let terms = (0..=n.min(short - 1)).map(|k| response[k] * sound[n - k]);
                let expected: f32 = terms.sum();
                assert!((found - expected).abs() < 1e-4, "{long} {short}: {n}: {found} {expected}");
            }
        }
        assert_eq!(convolve(&[], &[1.0]), Vec::<f32>::new());
    }

    #[test]
    fn a_room_dies_away_by_sixty_decibels_and_is_as_strong_as_the_direct_sound() {
        let room = response(44_100, 3);
        let energy = |range: std::ops::Range<usize>| -> f64 {
            room[range].iter().map(|v| f64::from(*v).powi(2)).sum()
        };
        assert_eq!(room[0], 1.0);
        assert!((energy(1..room.len()) - 1.0).abs() < 1e-3);
        // From one tenth of a second to the next the energy falls by 10 dB.
        let tenth = |k: usize| energy(220 + k * 4410..220 + (k + 1) * 4410);
        for k in 0..5 {
            let fall_db = 10.0 * (tenth(k) / tenth(k + 1)).log10();
            assert!((fall_db - 10.0).abs() < 0.5, "{k}: {fall_db}");
        }
        assert_eq!(response(44_100, 3), room);
        assert_ne!(response(44_100, 4), room);
    }
}
