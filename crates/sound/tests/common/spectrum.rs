//! Spectra of what was rendered.
#![allow(dead_code, clippy::unwrap_used)]

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

/// Sizes of the bins of a spectrum under a Hann window, with zeros up to `length`.
fn sizes(samples: &[f32], length: usize) -> Vec<f64> {
    let count = samples.len() as f64;
    let window = |k: usize| 0.5 - 0.5 * (std::f64::consts::TAU * k as f64 / count).cos();
    let mut spectrum: Vec<Complex<f64>> =
        samples.iter().enumerate().map(|(k, s)| Complex::new(f64::from(*s) * window(k), 0.0)).collect();
    spectrum.resize(length, Complex::default());
    FftPlanner::new().plan_fft_forward(length).process(&mut spectrum);
    spectrum[..length / 2].iter().map(|bin| bin.norm()).collect()
}

/// Frequency of the strongest line within a semitone of `near_hz`, by a Hann window, zero padding
/// and a parabola through the logarithms of the three highest bins.
pub fn line_hz(samples: &[f32], sample_rate: f64, near_hz: f64) -> f64 {
    let length = 1 << 19;
    let sizes = sizes(samples, length);
    let bin = |hz: f64| (hz / sample_rate * length as f64) as usize;
    let size = |k: usize| sizes[k].ln();
    let top =
        (bin(near_hz / 1.059)..bin(near_hz * 1.059)).max_by(|a, b| size(*a).total_cmp(&size(*b))).unwrap();
    let (below, peak, above) = (size(top - 1), size(top), size(top + 1));
    let shift = 0.5 * (below - above) / (below - 2.0 * peak + above);
    (top as f64 + shift) * sample_rate / length as f64
}

/// The centre of the spectrum by amplitude, in hertz.
pub fn centroid_hz(samples: &[f32], sample_rate: f64) -> f64 {
    let length = samples.len().next_power_of_two();
    let sizes = sizes(samples, length);
    let weighted: f64 = sizes.iter().enumerate().map(|(k, size)| k as f64 * size).sum();
    weighted / sizes.iter().sum::<f64>() * sample_rate / length as f64
}
