//! Velocity of a note, and when between two frames it begins and ends.

use neural::archive::Archive;
use neural::weights::WeightsError;
use rayon::prelude::*;

use crate::linear::Perceptron;
use crate::rows::largest;
use crate::settings::Settings;

/// Velocities that are told apart.
const VELOCITIES: usize = 128;

/// Share of a frame by which the network was taught to shift onset and end: that of 1 is left out at both
/// ends of the distribution's range.
const RANGE: f64 = 0.99;

/// Least distance of a probability from 0 and 1: the rounding of single precision, 2^-23.
const LEAST: f64 = f32::EPSILON as f64;

/// Intervals that a thread takes at once.
const INTERVALS: usize = 16;

/// What is told of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attributes {
    /// MIDI velocity; how far down for a pedal.
    pub velocity: u8,
    /// Frames from the first frame to the onset and from the last to the end, -0.5 to 0.5.
    pub shifts: [f64; 2],
    /// Whether the onset, and the end, is within the segment rather than before or after it.
    pub is_within: [bool; 2],
}

/// Tells attributes.
pub struct Teller {
    velocity: Perceptron,
    timing: Perceptron,
    inputs: usize,
}

impl Teller {
    /// Reads its perceptrons.
    pub fn load(archive: &Archive, settings: &Settings) -> Result<Self, WeightsError> {
        let inputs = 3 * settings.width();
        let load = |name, hidden, out| Perceptron::load(archive, name, [inputs, hidden, out]);
        Ok(Self {
            velocity: load("velocityPredictor", settings.velocity_hidden, VELOCITIES)?,
            timing: load("refinedOFPredictor", settings.timing_hidden, 4)?,
            inputs,
        })
    }

    /// Attributes of some intervals, each given by what the network has at its first frame, what it has at
    /// its last, and the products of both, in one row.
    pub fn of(&self, rows: &[f32]) -> Vec<Attributes> {
        rows.par_chunks(INTERVALS * self.inputs).flat_map_iter(|rows| self.of_some(rows)).collect()
    }

    fn of_some(&self, rows: &[f32]) -> Vec<Attributes> {
        let (velocities, timings) = (self.velocity.of(rows), self.timing.of(rows));
        let both = velocities.chunks_exact(VELOCITIES).zip(timings.as_chunks::<4>().0);
        let of = |(velocities, timing): (&[f32], &[f32; 4])| Attributes {
            velocity: u8::try_from(largest(velocities).0).unwrap_or(u8::MAX),
            shifts: [timing[0], timing[1]].map(shift),
            is_within: [timing[2] > 0.0, timing[3] > 0.0],
        };
        both.map(of).collect()
    }
}

/// The mean of a continuous Bernoulli distribution (Loaiza-Ganem and Cunningham, NeurIPS 2019) with this
/// logit, from its range to frames.
fn shift(logit: f32) -> f64 {
    let share = (1.0 / (1.0 + (-f64::from(logit)).exp())).clamp(LEAST, 1.0 - LEAST);
    let off = share - 0.5;
    let mean = if off.abs() > 1e-3 {
        share / (2.0 * share - 1.0) + 1.0 / ((1.0 - share).ln() - share.ln())
    } else {
        // The two terms cancel each other here; this is the mean's Taylor series.
        0.5 + (1.0 / 3.0 + 16.0 / 45.0 * off * off) * off
    };
    ((mean - 0.5) / RANGE).clamp(-0.5, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean by summing the density `c p^x (1 - p)^(1 - x)` over 0 to 1.
    #[test]
    fn shifts_are_means_of_the_distribution() {
        for logit in [-12.0_f32, -3.0, -0.5, -0.01, -1e-4, 0.0, 1e-4, 0.003, 0.9, 7.0] {
            let density = |x: f64| (f64::from(logit) * x).exp();
            let steps: Vec<f64> = (0..100_000).map(|k| (f64::from(k) + 0.5) / 1e5).collect();
            let whole: f64 = steps.iter().map(|x| density(*x)).sum();
            let mean = steps.iter().map(|x| x * density(*x)).sum::<f64>() / whole;
            let expected = ((mean - 0.5) / 0.99).clamp(-0.5, 0.5);
            assert!((shift(logit) - expected).abs() < 1e-5, "{logit}: {} for {expected}", shift(logit));
        }
        assert!(shift(1e30) > 0.43 && shift(-1e30) < -0.43);
    }
}
