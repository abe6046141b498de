//! Kernel ridge regression, and what it would say without some of its examples.
//!
//! Rasmussen and Williams 2006, *Gaussian Processes for Machine Learning*, equations 2.25 and 5.12:
//! the weights are `(K + pull I)^-1 Y`; without the examples G they follow from the same inverse.

use performance::cues::{CUES, Cues};

use crate::linear;

/// Kernels between examples, inverted, and what was learned.
pub struct Fitted {
    /// `(K + pull I)^-1`, `[examples][examples]`.
    inverse: Vec<Vec<f64>>,
    /// Weight of each example's kernel in each cue.
    weights: Vec<Cues>,
}

impl Fitted {
    /// Learns targets from kernels `[examples][examples]`; `pull` is added to the diagonal.
    pub fn new(mut kernels: Vec<Vec<f64>>, targets: &[Cues], pull: f64) -> Self {
        kernels.iter_mut().enumerate().for_each(|(k, row)| row[k] += pull);
        let inverse = linear::inverse(kernels);
        let weights = inverse.iter().map(|row| weighted(row, targets)).collect();
        Self { inverse, weights }
    }

    /// The weights of all examples.
    pub fn weights(&self) -> &[Cues] {
        &self.weights
    }

    /// The weights if these examples had not been there; theirs are 0.
    pub fn without(&self, left_out: &[usize]) -> Vec<Cues> {
        let inverse = |rows: &[usize]| -> Vec<Vec<f64>> {
            rows.iter().map(|i| left_out.iter().map(|j| self.inverse[*i][*j]).collect()).collect()
        };
        let theirs: Vec<Cues> = left_out.iter().map(|k| self.weights[*k]).collect();
        let solved: Vec<Cues> =
            linear::inverse(inverse(left_out)).iter().map(|row| weighted(row, &theirs)).collect();
        let all: Vec<usize> = (0..self.weights.len()).collect();
        let taken: Vec<Cues> = inverse(&all).iter().map(|row| weighted(row, &solved)).collect();
        let mut weights: Vec<Cues> = self.weights.iter().zip(taken).map(|(w, t)| minus(w, &t)).collect();
        left_out.iter().for_each(|k| weights[*k] = [0.0; CUES]);
        weights
    }
}

fn weighted(row: &[f64], values: &[Cues]) -> Cues {
    std::array::from_fn(|cue| row.iter().zip(values).map(|(by, value)| by * value[cue]).sum())
}

fn minus(a: &Cues, b: &Cues) -> Cues {
    std::array::from_fn(|cue| a[cue] - b[cue])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernels(points: &[f64]) -> Vec<Vec<f64>> {
        let row = |a: &f64| points.iter().map(|b| (-(a - b).abs()).exp()).collect();
        points.iter().map(row).collect()
    }

    #[test]
    fn without_some_examples_it_is_what_the_others_teach() {
        let points = [0.0, 0.4, 1.0, 1.7, 2.5, 2.6];
        let targets: Vec<Cues> = points.iter().map(|p: &f64| [p.sin(); CUES]).collect();
        let all = Fitted::new(kernels(&points), &targets, 0.1);
        let kept = [0, 2, 3, 5];
        let fewer = Fitted::new(kernels(&kept.map(|k| points[k])), &kept.map(|k| targets[k]), 0.1);
        let without = all.without(&[1, 4]);
        for (k, expected) in kept.iter().zip(fewer.weights()) {
            assert!((without[*k][0] - expected[0]).abs() < 1e-9, "{} for {}", without[*k][0], expected[0]);
        }
        assert_eq!((without[1], without[4]), ([0.0; CUES], [0.0; CUES]));
        assert_eq!(all.without(&[]), all.weights());
    }

    #[test]
    fn without_a_pull_examples_are_learned_by_heart() {
        let points = [0.0, 0.4, 1.0];
        let targets = [[1.0; CUES], [-2.0; CUES], [0.5; CUES]];
        let fitted = Fitted::new(kernels(&points), &targets, 0.0);
        for (row, target) in kernels(&points).iter().zip(&targets) {
            let told = weighted(row, fitted.weights());
            assert!((told[3] - target[3]).abs() < 1e-9);
        }
    }
}
