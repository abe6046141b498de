//! Moods of human performances, bar by bar: how each differs from the others of its score.
//!
//! Nobody wrote down what these pianists felt. What can be heard is measured instead
//! ([`performance::cues`]) and read through the cue tables of [`mood::labels`]: a bar
//! that is slower, softer and more legato than others play it leans to *sad* or *gentle*. Bars that
//! nobody plays in a special way have no mood in particular: their weights are nearly equal, and
//! their condition vector is nearly zero.

use mood::labels::{LABELS, Labelling, Weights};
use performance::cues::{Cues, Measured};

use crate::datasets::{Human, Piece, Split};

/// Measures to either side that belong to a bar's mood.
const REACH: usize = 2;

/// Others that a performance is compared with, at least.
const LEAST_OTHERS: usize = 2;

/// Rounds in which the labels' frequencies are made equal.
const ROUNDS: usize = 30;

/// How a performance differs from the others, measure by measure, in units of the cues.
pub type Differences = Vec<Cues>;

/// What the labels are read with; fitted on the training set.
#[derive(Clone, Debug)]
pub struct Labeller {
    /// Deviations of the cues and how much each label is favoured.
    pub labelling: Labelling,
    /// Deviation between pianists of the mean log2 of seconds per quarter of a whole performance.
    pub tempo_deviation: f64,
}

/// Differences of all performances of a piece from the mean of the others; none where there are too
/// few others.
pub fn differences(piece: &Piece) -> Vec<Option<Differences>> {
    if piece.humans.len() <= LEAST_OTHERS {
        return piece.humans.iter().map(|_| None).collect();
    }
    let cues: Vec<Vec<Cues>> = piece.humans.iter().map(|human| by_measure(piece, human)).collect();
    let measures = piece.score.measures.len();
    let from_others = |of: usize, measure: usize| -> Cues {
        std::array::from_fn(|cue| {
            let others = (0..cues.len()).filter(|k| *k != of).map(|k| cues[k][measure][cue]);
            let (sum, count) =
                others.filter(|v| v.is_finite()).fold((0.0, 0usize), |(s, c), v| (s + v, c + 1));
            if count < LEAST_OTHERS { f64::NAN } else { cues[of][measure][cue] - sum / count as f64 }
        })
    };
    let of = |k: usize| Some((0..measures).map(|m| from_others(k, m)).collect());
    (0..cues.len()).map(of).collect()
}

fn by_measure(piece: &Piece, human: &Human) -> Vec<Cues> {
    Measured::of(&piece.score, &human.performance, Some(&human.flags)).by_measure(REACH)
}

impl Labeller {
    /// Fits deviations and biases on the pieces of the splits.
    pub fn fit(splits: &[Split]) -> Self {
        let pieces = || splits.iter().flat_map(|s| &s.pieces);
        let all: Vec<Cues> = pieces().flat_map(differences).flatten().flatten().collect();
        let deviation = |cue: usize| {
            let known = all.iter().map(|c| c[cue]).filter(|v| v.is_finite());
            let (sum, count) = known.fold((0.0, 0usize), |(s, c), v| (s + v * v, c + 1));
            (sum / count.max(1) as f64).sqrt().max(1e-6)
        };
        let mut labeller = Self {
            labelling: Labelling { deviations: std::array::from_fn(deviation), bias: vec![0.0; LABELS] },
            tempo_deviation: tempo_deviation(pieces()),
        };
        labeller.use_all_labels(&all);
        labeller
    }

    /// Iterates the biases until the mean weight of every label is the same.
    fn use_all_labels(&mut self, all: &[Cues]) {
        let sample: Vec<&Cues> = all.iter().step_by((all.len() / 8_000).max(1)).collect();
        for _ in 0..ROUNDS {
            let mut mean = [0.0; LABELS];
            for cues in &sample {
                let weights = self.weigh(cues).unwrap_or([1.0 / LABELS as f64; LABELS]);
                mean.iter_mut().zip(weights).for_each(|(m, w)| *m += w / sample.len().max(1) as f64);
            }
            for (bias, mean) in self.labelling.bias.iter_mut().zip(mean) {
                *bias -= (mean * LABELS as f64).max(1e-3).ln();
            }
        }
    }

    /// The labels of a bar that differs from others in this way; none if nothing is known of it.
    pub fn weigh(&self, differences: &Cues) -> Option<Weights> {
        let deviations = &self.labelling.deviations;
        let lean: Cues = std::array::from_fn(|k| (differences[k] / deviations[k]).clamp(-4.0, 4.0));
        self.labelling.weigh(&lean)
    }

    /// The labels of every measure of every performance of a piece.
    pub fn label(&self, piece: &Piece) -> Vec<Option<Vec<Option<Weights>>>> {
        let of = |differences: Differences| differences.iter().map(|d| self.weigh(d)).collect();
        differences(piece).into_iter().map(|take| take.map(of)).collect()
    }
}

/// Deviation of the mean log2 of seconds per quarter from the mean of the other performances.
fn tempo_deviation<'a>(pieces: impl Iterator<Item = &'a Piece>) -> f64 {
    let (mut square, mut count) = (0.0, 0usize);
    for piece in pieces.filter(|p| p.humans.len() > LEAST_OTHERS) {
        let whole = 0..piece.score.measures.len();
        let level = |human: &Human| {
            Measured::of(&piece.score, &human.performance, Some(&human.flags)).cues(whole.clone())[0]
        };
        let levels: Vec<f64> = piece.humans.iter().map(level).filter(|v| v.is_finite()).collect();
        let sum: f64 = levels.iter().sum();
        for level in &levels {
            let others = (sum - level) / (levels.len() as f64 - 1.0).max(1.0);
            square += (level - others).powi(2);
            count += 1;
        }
    }
    (square / count.max(1) as f64).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use mood::labels::{ALL, named};
    use performance::cues::CUES;

    use super::*;

    fn labeller() -> Labeller {
        Labeller {
            labelling: Labelling { deviations: [1.0; CUES], bias: vec![0.0; LABELS] },
            tempo_deviation: 0.1,
        }
    }

    #[test]
    fn a_bar_that_leans_like_a_label_is_that_label() {
        for (k, label) in ALL.iter().enumerate() {
            let weights = labeller().weigh(&label.cues).unwrap();
            let more = weights.iter().filter(|w| **w > weights[k]).count();
            assert_eq!(more, 0, "{}", label.name);
            let far = label.cues.map(|c| 2.0 * c);
            assert!(labeller().weigh(&far).unwrap()[k] > weights[k] * 0.9, "{}", label.name);
        }
    }

    #[test]
    fn unknown_cues_are_left_out() {
        let mut cues = ALL[named("anger").unwrap()].cues;
        cues[6] = f64::NAN;
        let weights = labeller().weigh(&cues).unwrap();
        assert!(weights[named("anger").unwrap()] > weights[named("calm").unwrap()]);
        assert!(labeller().weigh(&[f64::NAN; CUES]).is_none());
    }

    #[test]
    fn labels_are_used_alike_after_fitting() {
        let mut labeller = labeller();
        let mut state = 1u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as f64 / f64::from(u32::MAX >> 1) - 0.5) * 3.4
        };
        let bars: Vec<Cues> = (0..2_000).map(|_| std::array::from_fn(|_| draw())).collect();
        labeller.use_all_labels(&bars);
        let mut mean = [0.0; LABELS];
        for bar in &bars {
            let weights = labeller.weigh(bar).unwrap();
            mean.iter_mut().zip(weights).for_each(|(m, w)| *m += w / bars.len() as f64);
        }
        for (label, mean) in ALL.iter().zip(mean) {
            let share = mean * LABELS as f64;
            assert!((0.8..1.25).contains(&share), "{} is used {share:.2} times as often", label.name);
        }
    }
}
