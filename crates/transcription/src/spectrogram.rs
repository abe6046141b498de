//! The spectrogram that the network hears: mel bands of every frame, seen through several windows.

use std::f32::consts::LN_10;
use std::sync::Arc;

use neural::archive::Archive;
use neural::weights::WeightsError;
use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use crate::settings::Settings;

/// Added to the power in a band, so that its logarithm has a least value.
const POWER_EPSILON: f32 = 1e-5;

/// `ln 1e-5`, the logarithm of silence.
const LOG_SILENCE: f32 = -5.0 * LN_10;

/// Added to the standard deviation of a segment.
const DEVIATION_EPSILON: f32 = 1e-8;

/// Computes spectrograms.
pub struct Spectrogram {
    hop: usize,
    window: usize,
    frames: usize,
    /// Hann's window, then Gaussian ones.
    windows: Vec<Vec<f32>>,
    bands: Vec<Band>,
    fft: Arc<dyn Fft<f32>>,
}

/// A mel band: a triangle over bins of the spectrum.
struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl Spectrogram {
    /// Reads windows and bands.
    pub fn load(archive: &Archive, settings: &Settings) -> Result<Self, WeightsError> {
        let &Settings { window, bands, extra_windows, .. } = settings;
        let extractor = "framewiseFeatureExtractor";
        let numbers = |name: &str, shape: &[usize]| archive.numbers(&format!("{extractor}.{name}"), shape);
        let hann = numbers("spectrogramExtractor.win", &[window])?;
        let centres = numbers("spectrogramExtractor.winGen.center", &[extra_windows])?;
        let widths = numbers("spectrogramExtractor.winGen.sigma", &[extra_windows])?;
        let gaussians = centres.iter().zip(&widths).map(|(centre, width)| gaussian(*centre, *width, window));
        let filters = numbers("freq2mels", &[window / 2 + 1, bands])?;
        let band = |band: usize| Band::new(filters.iter().skip(band).step_by(bands).copied().collect());
        Ok(Self {
            hop: settings.hop,
            window,
            frames: settings.frames(),
            windows: std::iter::once(hann).chain(gaussians).collect(),
            bands: (0..bands).map(band).collect(),
            fft: FftPlanner::new().plan_fft_forward(window),
        })
    }

    /// The spectrogram of a segment, `[frame][band][window]`: the logarithm of the power, 0 where it is
    /// silent. The segment's loudness is taken out first.
    pub fn of(&self, segment: &[f32]) -> Vec<f32> {
        let framed = self.normalized(segment);
        let size = self.bands.len() * self.windows.len();
        let mut out = vec![0.0; self.frames * size];
        let frames = out.par_chunks_exact_mut(size).enumerate();
        frames.for_each_init(
            || Workspace::new(self),
            |work, (k, out)| self.frame(&framed[k * self.hop..][..self.window], work, out),
        );
        out
    }

    /// The segment, with the zeros at its ends that the first and last frames reach into, shifted and
    /// scaled so that all frames together have mean 0 and standard deviation 1.
    fn normalized(&self, segment: &[f32]) -> Vec<f32> {
        let mut framed = vec![0.0; (self.frames - 1) * self.hop + self.window];
        framed[self.window / 2..][..segment.len()].copy_from_slice(segment);
        let frames = || framed.windows(self.window).step_by(self.hop);
        let count = (self.frames * self.window) as f64;
        let sum_of = |f: &dyn Fn(f64) -> f64| -> f64 {
            frames().map(|frame| frame.iter().map(|v| f(f64::from(*v))).sum::<f64>()).sum()
        };
        let mean = sum_of(&|v| v) / count;
        let variance = sum_of(&|v| (v - mean) * (v - mean)) / (count - 1.0);
        let deviation = variance.sqrt() as f32 + DEVIATION_EPSILON;
        framed.iter_mut().for_each(|v| *v = (*v - mean as f32) / deviation);
        framed
    }

    /// One frame. Two windows go through one complex transform, as real and imaginary part.
    fn frame(&self, frame: &[f32], work: &mut Workspace, out: &mut [f32]) {
        let channels = self.windows.len();
        for (pair, windows) in self.windows.chunks(2).enumerate() {
            let second = windows.get(1).unwrap_or(&windows[0]);
            for (((slot, v), a), b) in work.values.iter_mut().zip(frame).zip(&windows[0]).zip(second) {
                *slot = Complex::new(v * a, v * b);
            }
            self.fft.process_with_scratch(&mut work.values, &mut work.scratch);
            for (channel, powers) in work.powers.iter_mut().take(windows.len()).enumerate() {
                powers_of(&work.values, channel, powers);
                for (band, out) in self.bands.iter().zip(out.chunks_exact_mut(channels)) {
                    out[2 * pair + channel] = band.level(powers);
                }
            }
        }
    }
}

/// What a thread needs for a frame.
struct Workspace {
    values: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    powers: [Vec<f32>; 2],
}

impl Workspace {
    fn new(spectrogram: &Spectrogram) -> Self {
        let zeros = |count| vec![Complex::new(0.0, 0.0); count];
        Self {
            values: zeros(spectrogram.window),
            scratch: zeros(spectrogram.fft.get_inplace_scratch_len()),
            powers: [0; 2].map(|_| vec![0.0; spectrogram.window / 2 + 1]),
        }
    }
}

/// Power of every bin of the signal that was the real part (channel 0) or the imaginary part (1) of what
/// was transformed, the transform being orthonormal.
fn powers_of(values: &[Complex<f32>], channel: usize, out: &mut [f32]) {
    let count = values.len();
    let factor = 0.25 / count as f32;
    for (k, out) in out.iter_mut().enumerate() {
        let (a, b) = (values[k], values[(count - k) % count].conj());
        *out = factor * if channel == 0 { a + b } else { a - b }.norm_sqr();
    }
}

impl Band {
    /// From the weights of all bins, of which those that are not zero stand together.
    fn new(weights: Vec<f32>) -> Self {
        let first = weights.iter().position(|w| *w != 0.0).unwrap_or(0);
        let end = weights.iter().rposition(|w| *w != 0.0).map_or(first, |last| last + 1);
        Self { first, weights: weights[first..end].to_vec() }
    }

    fn level(&self, powers: &[f32]) -> f32 {
        let power: f32 = self.weights.iter().zip(&powers[self.first..]).map(|(w, p)| w * p).sum();
        ((power + POWER_EPSILON).ln() - LOG_SILENCE) / -LOG_SILENCE
    }
}

/// A Gaussian window, whose centre and width were learned through a sigmoid.
fn gaussian(centre: f32, width: f32, samples: usize) -> Vec<f32> {
    let sigmoid = |v: f32| 1.0 / (1.0 + (-f64::from(v)).exp());
    let (centre, width) = (sigmoid(centre) * samples as f64, sigmoid(width) * samples as f64 / 2.0);
    (0..samples).map(|k| (-0.5 * ((k as f64 - centre) / width).powi(2)).exp() as f32).collect()
}

#[cfg(test)]
#[path = "spectrogram_tests.rs"]
mod tests;
