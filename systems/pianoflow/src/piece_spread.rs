//! How wide the values of a piece spread, beside what the gains make of all pieces.
//!
//! One gain for all pieces makes the spread right on the mean only. As with the tempo of a piece there
//! are some hundred pieces to learn from, so a straight line is drawn: through [`cues`] of the score
//! and, where it helps, through how far the networks expect values to spread and how far they are apart.
//! The factor is of the whole score, so bars that are performed anew have that of the notes around them.

pub mod cues;

use serde::{Deserialize, Serialize};

use super::values::KINDS;
use cues::CUES;

/// How many figures the networks give: for each kind of value its expected spread, and how far the networks
/// are apart.
pub const FIGURES: usize = 2 * KINDS;

/// A piece's gains are at most this many times those of all pieces, and at least the inverse.
pub const LARGEST_FACTOR: f64 = 2.0;

/// Tells how many times as wide as others the values of a piece spread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PieceSpread {
    /// The average piece's inputs: the cues of its score, and the networks' figures if any line needs
    /// them.
    pub input_means: Vec<f64>,
    /// For each kind of value.
    pub kinds: [Line; KINDS],
}

/// How the gain of one kind of value hangs on the inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// log2 of the average piece's factor.
    pub mean: f64,
    /// What the rest of log2 of the factor is multiplied by: 0 takes all pieces alike.
    #[serde(default = "whole")]
    pub strength: f64,
    /// Weight of each input's distance from its mean; without any, all pieces are alike.
    pub weights: Vec<f64>,
}

fn whole() -> f64 {
    1.0
}

impl Default for Line {
    fn default() -> Self {
        Self { mean: 0.0, strength: whole(), weights: Vec::new() }
    }
}

impl PieceSpread {
    /// The same factors, as log2, for all pieces.
    pub fn constant(log2_factors: [f64; KINDS]) -> Self {
        let kinds = log2_factors.map(|mean| Line { mean, ..Line::default() });
        Self { input_means: vec![0.0; CUES], kinds }
    }

    /// Whether the networks' figures are among the inputs.
    pub fn reads_networks(&self) -> bool {
        self.input_means.len() > CUES
    }

    /// What the gains are multiplied by for a piece with these inputs.
    pub fn factors(&self, inputs: &[f64]) -> [f64; KINDS] {
        let distances: Vec<f64> = inputs.iter().zip(&self.input_means).map(|(x, mean)| x - mean).collect();
        self.kinds.each_ref().map(|line| {
            let told: f64 = line.weights.iter().zip(&distances).map(|(weight, x)| weight * x).sum();
            bounded(line.mean + line.strength * told).exp2()
        })
    }

    /// Whether it fits the inputs of this version and all of it are numbers.
    pub fn is_sound(&self) -> bool {
        let inputs = self.input_means.len();
        let fits = |line: &Line| line.weights.is_empty() || line.weights.len() == inputs;
        let of_lines = self.kinds.iter().flat_map(|l| l.weights.iter().chain([&l.mean, &l.strength]));
        [CUES, CUES + FIGURES].contains(&inputs)
            && self.kinds.iter().all(fits)
            && self.input_means.iter().chain(of_lines).all(|x| x.is_finite())
    }
}

/// log2 of a factor, within what is allowed.
pub fn bounded(log2_factor: f64) -> f64 {
    let most = LARGEST_FACTOR.log2();
    log2_factor.clamp(-most, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{ARTICULATION, CHORD, VELOCITY};

    /// A spread in which the velocity hangs on the first input and the articulation on the last.
    fn example(inputs: usize) -> PieceSpread {
        let weights = |at: usize| (0..inputs).map(|k| if k == at { 0.5 } else { 0.0 }).collect();
        let mut kinds: [Line; KINDS] = Default::default();
        kinds[VELOCITY] = Line { mean: 0.25, weights: weights(0), ..Line::default() };
        kinds[ARTICULATION] = Line { weights: weights(inputs - 1), ..Line::default() };
        PieceSpread { input_means: vec![1.0; inputs], kinds }
    }

    #[test]
    fn a_factor_follows_its_line_within_its_bounds() {
        let mut spread = example(CUES);
        let mut inputs = [1.0; CUES];
        assert_eq!(spread.factors(&inputs)[VELOCITY], 0.25f64.exp2());
        inputs[0] = 2.0;
        assert!((spread.factors(&inputs)[VELOCITY].log2() - 0.75).abs() < 1e-12);
        assert_eq!((spread.factors(&inputs)[CHORD], spread.factors(&inputs)[ARTICULATION]), (1.0, 1.0));
        for (far, bound) in [(1e6, 2.0), (-1e6, 0.5)] {
            inputs[0] = far;
            assert_eq!(spread.factors(&inputs)[VELOCITY], bound);
        }
        spread.kinds[VELOCITY].strength = 0.0;
        assert_eq!(spread.factors(&inputs)[VELOCITY], 0.25f64.exp2());
    }

    #[test]
    fn a_constant_is_the_same_for_all() {
        let mut wider = [0.0; KINDS];
        wider[CHORD] = -0.5;
        let constant = PieceSpread::constant(wider);
        assert!(constant.is_sound() && !constant.reads_networks());
        for inputs in [[0.0; CUES], [3.0; CUES]] {
            assert_eq!(constant.factors(&inputs), wider.map(f64::exp2));
        }
    }

    #[test]
    fn what_fits_no_inputs_or_is_no_number_is_not_sound() {
        for inputs in [CUES, CUES + FIGURES] {
            let spread = example(inputs);
            assert!(spread.is_sound() && spread.reads_networks() == (inputs > CUES));
        }
        assert!(!example(CUES + 1).is_sound());
        let mut short = example(CUES);
        short.kinds[VELOCITY].weights.pop();
        assert!(!short.is_sound());
        let mut endless = example(CUES);
        endless.kinds[CHORD].strength = f64::INFINITY;
        assert!(!endless.is_sound());
    }
}
