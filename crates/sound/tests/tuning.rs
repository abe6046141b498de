//! The generated piano is in tune, by the spectrum of what it plays.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;
use sound::{Events, Piano, SoundEvent, SoundEventKind};

/// Frequency of the strongest line within a semitone of `near_hz`, by a Hann window, zero padding
/// and a parabola through the logarithms of the three highest bins.
fn line_hz(samples: &[f32], sample_rate: f64, near_hz: f64) -> f64 {
    let length = 1 << 19;
    let count = samples.len() as f64;
    let window = |k: usize| 0.5 - 0.5 * (std::f64::consts::TAU * k as f64 / count).cos();
    let mut spectrum: Vec<Complex<f64>> =
        samples.iter().enumerate().map(|(k, s)| Complex::new(f64::from(*s) * window(k), 0.0)).collect();
    spectrum.resize(length, Complex::default());
    FftPlanner::new().plan_fft_forward(length).process(&mut spectrum);
    let bin = |hz: f64| (hz / sample_rate * length as f64) as usize;
    let size = |k: usize| spectrum[k].norm().ln();
    let top =
        (bin(near_hz / 1.059)..bin(near_hz * 1.059)).max_by(|a, b| size(*a).total_cmp(&size(*b))).unwrap();
    let (below, peak, above) = (size(top - 1), size(top), size(top + 1));
    let shift = 0.5 * (below - above) / (below - 2.0 * peak + above);
    (top as f64 + shift) * sample_rate / length as f64
}

#[test]
fn every_sampled_and_transposed_key_is_within_3_cents() {
    let piano = Piano::generated().unwrap();
    for sample_rate in [44_100, 48_000] {
        for key in [33_u8, 45, 51, 52, 57, 60, 61, 62, 63, 69, 72, 81, 93, 105] {
            let events = [
                SoundEvent { time_secs: 0.0, kind: SoundEventKind::NoteOn { pitch: key, velocity: 80 } },
                SoundEvent { time_secs: 4.0, kind: SoundEventKind::NoteOff { pitch: key } },
            ];
            let audio = sound::render(&Events::new(events.to_vec()), &piano, sample_rate, &mut |_| {
                ControlFlow::Continue(())
            })
            .unwrap();
            let seconds = if key < 90 { 3 } else { 1 };
            let left: Vec<f32> = audio
                .samples
                .iter()
                .step_by(2)
                .skip(2_000)
                .take(seconds * sample_rate as usize)
                .copied()
                .collect();
            let expected = 440.0 * ((f64::from(key) - 69.0) / 12.0).exp2();
            let cents = 1200.0 * (line_hz(&left, f64::from(sample_rate), expected) / expected).log2();
            assert!(cents.abs() < 3.0, "key {key} is {cents:.2} cents off");
        }
    }
}
