//! What no two takes have alike: tempo drift, unsteady fingers, unsteady loudness.
//!
//! After the KTH noise rule (Gilden, Thornton & Mallon 1995 found human tapping to be a 1/f
//! clock plus white motor delays; Juslin, Friberg & Bresin 2002 use it in performance).

use analysis::rules::Weights;
use analysis::sketch::Sketch;
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::tuning::{Tuning, varied};

/// Scale of the motor noise in seconds and of the level noise in decibels at k = 1.
const MOTOR_SECS: f64 = 0.00678;
const LEVEL_DB: f64 = 1.0;

/// A stream of random numbers that is the same on every machine.
pub(super) fn stream(seed: u64, purpose: u64) -> Pcg64 {
    Pcg64::seed_from_u64(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// About normal, deviation 1/2: the sum of three uniforms from −1/2 to 1/2.
pub(super) fn nearly_normal(random: &mut impl Rng) -> f64 {
    (0..3).map(|_| random.random::<f64>() - 0.5).sum()
}

/// Pink (1/f) noise of deviation about 1 by Voss's method: octaves of held random values.
pub(super) struct Pink {
    values: [f64; 8],
    count: u64,
}

impl Pink {
    pub fn new(random: &mut impl Rng) -> Self {
        let mut values = [0.0; 8];
        values.iter_mut().for_each(|v| *v = 2.0 * nearly_normal(random));
        Self { values, count: 0 }
    }

    pub fn next(&mut self, random: &mut impl Rng) -> f64 {
        let row = (self.count.trailing_ones() as usize).min(self.values.len() - 1);
        self.values[row] = 2.0 * nearly_normal(random);
        self.count += 1;
        self.values.iter().sum::<f64>() / (self.values.len() as f64).sqrt()
    }
}

/// Scale of the clock's error for an interval: 0.032·dr + 6.7 ms, for dr below 1300 ms.
pub(super) fn clock_secs(interval_secs: f64) -> f64 {
    0.032 * interval_secs.min(1.3) + 0.0067
}

/// Varies the weights at random: each take leans more on one rule, less on another.
pub(super) fn vary(tuning: &Tuning, seed: u64) -> Weights {
    let mut weights = tuning.weights;
    let mut random = stream(seed, 1);
    for weight in varied(&mut weights) {
        *weight *= (tuning.variety * 2.0 * nearly_normal(&mut random)).exp();
    }
    weights
}

/// Adds the noise of one take.
pub(super) fn apply(sketch: &mut Sketch<'_>, seed: u64, k: f64) {
    if k <= 0.0 {
        return;
    }
    let mut random = stream(seed, 2);
    let mut clock = Pink::new(&mut random);
    let mut level = Pink::new(&mut random);
    for index in 0..sketch.onsets.len() {
        let onset = &mut sketch.onsets[index];
        // Half the scale: it is a range, our noise has it as deviation.
        let drift = 0.5 * k * clock_secs(onset.nominal_secs) * clock.next(&mut random);
        onset.secs = (onset.secs + drift).max(0.6 * onset.secs);
        let swell = k * LEVEL_DB * level.next(&mut random);
        let limit = 0.2 * onset.nominal_secs;
        for n in onset.notes.clone() {
            let note = &mut sketch.notes[n];
            note.shift_secs += (k * MOTOR_SECS * nearly_normal(&mut random)).clamp(-limit, limit);
            note.level_db += swell + k * LEVEL_DB * nearly_normal(&mut random);
            note.ratio *= (0.2 * k * nearly_normal(&mut random)).exp();
        }
    }
}
