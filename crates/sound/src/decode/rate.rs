//! From the sample rate of a file to the one that is asked for.

use std::ops::RangeInclusive;

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::error::DecodeError;

/// Sample rates that files may have.
const RATES: RangeInclusive<u32> = 4_000..=768_000;

/// Frames that are converted at once, at least.
const CHUNK_FRAMES: usize = 4096;

/// Converts mono sound block by block. What comes out is as long as what goes in and begins with it: the delay of
/// the filter is taken off.
pub struct Conversion {
    from: u32,
    to: u32,
    /// None where both rates are alike.
    resampler: Option<Fft<f32>>,
    /// What has come in and is too short for a chunk.
    waiting: Vec<f32>,
    chunk: Vec<f32>,
    /// Samples that have come in, and that have gone out.
    taken: u64,
    given: u64,
    /// Samples still to be taken off the beginning.
    delay: usize,
}

impl Conversion {
    /// From one rate to another, in samples a second.
    pub fn new(from: u32, to: u32) -> Result<Self, DecodeError> {
        if !RATES.contains(&from) {
            return Err(DecodeError::Rate(from));
        }
        let resampler = if from == to { None } else { Some(resampler(from, to)?) };
        let delay = resampler.as_ref().map_or(0, |r| r.output_delay());
        let chunk = vec![0.0; resampler.as_ref().map_or(0, |r| r.output_frames_max())];
        Ok(Self { from, to, resampler, waiting: Vec::new(), chunk, taken: 0, given: 0, delay })
    }

    /// How many samples come out for so many that go in.
    pub fn length(&self, frames: u64) -> u64 {
        let whole = u128::from(frames) * u128::from(self.to);
        u64::try_from(whole.div_ceil(u128::from(self.from))).unwrap_or(u64::MAX)
    }

    /// Takes samples and adds to `out` what is ready.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), DecodeError> {
        self.taken += samples.len() as u64;
        if self.resampler.is_none() {
            self.given += samples.len() as u64;
            out.extend_from_slice(samples);
            return Ok(());
        }
        self.waiting.extend_from_slice(samples);
        self.convert(out)
    }

    /// Adds to `out` what is left after the last sample.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        let length = self.length(self.taken);
        let Some(step) = self.resampler.as_ref().map(|r| r.input_frames_next()) else { return Ok(()) };
        while self.given < length {
            // Silence pushes the last samples through the filter.
            let rest = step - self.waiting.len() % step;
            self.waiting.extend(std::iter::repeat_n(0.0, rest));
            let before = out.len();
            self.convert(out)?;
            let over = usize::try_from(self.given.saturating_sub(length)).unwrap_or(0);
            out.truncate(out.len().saturating_sub(over).max(before));
            self.given -= over as u64;
        }
        Ok(())
    }

    /// Converts as many whole chunks as have come in.
    fn convert(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        let Some(resampler) = &mut self.resampler else { return Ok(()) };
        let mut done = 0;
        loop {
            let step = resampler.input_frames_next();
            let Some(input) = self.waiting.get(done..done + step) else { break };
            let room = self.chunk.len();
            let input = InterleavedSlice::new(input, 1, step).map_err(|_| DecodeError::Rate(self.from))?;
            let mut output = InterleavedSlice::new_mut(self.chunk.as_mut_slice(), 1, room)
                .map_err(|_| DecodeError::Rate(self.from))?;
            let (used, made) = resampler
                .process_into_buffer(&input, &mut output, None)
                .map_err(|_| DecodeError::Rate(self.from))?;
            done += used;
            let skipped = self.delay.min(made);
            self.delay -= skipped;
            self.given += (made - skipped) as u64;
            out.extend_from_slice(&self.chunk[skipped..made]);
        }
        self.waiting.drain(..done);
        Ok(())
    }
}

fn resampler(from: u32, to: u32) -> Result<Fft<f32>, DecodeError> {
    let (from_hz, to_hz) = (from as usize, to as usize);
    // The filter is as long as a chunk. Its middle is on a sample before and after only if a chunk has an even
    // number of both.
    let smallest = 2 * from_hz / divisor(from_hz, to_hz);
    let chunk = smallest * CHUNK_FRAMES.div_ceil(smallest);
    Fft::new(from_hz, to_hz, chunk, 1, FixedSync::Both).map_err(|_| DecodeError::Rate(from))
}

/// The greatest common divisor.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sine(rate: u32, frequency: f64, secs: f64) -> Vec<f32> {
        let turn = std::f64::consts::TAU * frequency / f64::from(rate);
        (0..(secs * f64::from(rate)) as usize).map(|k| (0.5 * (turn * k as f64).sin()) as f32).collect()
    }

    fn converted(from: u32, samples: &[f32], block: usize) -> Vec<f32> {
        let mut conversion = Conversion::new(from, 44_100).unwrap();
        let mut out = Vec::new();
        samples.chunks(block).for_each(|block| conversion.push(block, &mut out).unwrap());
        conversion.finish(&mut out).unwrap();
        out
    }

    #[test]
    fn a_tone_keeps_its_place_its_length_and_its_loudness() {
        for rate in [8_000, 22_050, 44_100, 48_000, 88_200, 96_000, 192_000, 44_101] {
            let out = converted(rate, &sine(rate, 440.0, 1.5), 1000);
            let expected = sine(44_100, 440.0, 1.5);
            assert!(out.len().abs_diff(expected.len()) <= 1, "{rate}: {} samples", out.len());
            // The ends are where the tone is cut off.
            for k in 4_000..60_000 {
                assert!((out[k] - expected[k]).abs() < 1e-3, "{rate}: sample {k} is {}", out[k]);
            }
        }
    }

    #[test]
    fn blocks_of_any_size_give_the_same() {
        let tone = sine(48_000, 1000.0, 0.7);
        assert_eq!(converted(48_000, &tone, 1), converted(48_000, &tone, 30_000));
    }

    #[test]
    fn what_is_too_high_is_left_out() {
        let out = converted(96_000, &sine(96_000, 30_000.0, 1.0), 4096);
        assert!(out[4_000..40_000].iter().all(|sample| sample.abs() < 1e-3));
    }

    #[test]
    fn rates_of_no_recording_are_refused() {
        for rate in [0, 1, 3_999, 768_001, u32::MAX] {
            assert!(matches!(Conversion::new(rate, 44_100), Err(DecodeError::Rate(_))), "{rate}");
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(converted(48_000, &[], 1).is_empty());
    }
}
