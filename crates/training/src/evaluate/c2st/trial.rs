//! One classifier, trained on some pairs and tested on others.

use burn::tensor::Device;
use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::options::Options;
use super::pairs::{INPUTS, Pair, Scaling};
use crate::classifier::{Classifier, ClassifierConfig, Example, Fit, fit};

/// The output of a classifier for one pair.
pub struct Answer {
    /// Which of the pieces.
    pub piece: usize,
    /// For every window of the pianist, then of the other, how sure the classifier is that it is
    /// what it is, as a log of odds.
    pub odds: [Vec<f64>; 2],
}

/// Features of the scores, by piece.
pub type Features<'a> = &'a [Vec<f32>];

/// Learns from some pairs, each drawn by its length, and answers for others.
pub fn trial(
    options: &Options,
    device: &Device,
    features: Features<'_>,
    taught: &[&Pair],
    asked: &[&Pair],
    steps: usize,
) -> Vec<Answer> {
    let scaling = Scaling::fit(taught.iter().copied());
    let total: usize = taught.iter().map(|p| p.notes()).sum();
    let draw = |rng: &mut Pcg64Mcg, count: usize| -> Vec<Example> {
        let mut examples = Vec::with_capacity(count);
        while examples.len() < count {
            let mut ticket = rng.random_range(0..total.max(1));
            let by_length = |pair: &&&Pair| {
                let here = ticket < pair.notes();
                ticket = ticket.wrapping_sub(if here { 0 } else { pair.notes() });
                here
            };
            let Some(pair) = taught.iter().find(by_length) else { break };
            let start = rng.random_range(0..=pair.notes().saturating_sub(options.window));
            examples.extend(pair.windows(start, options.window, &features[pair.piece], &scaling));
        }
        examples
    };
    let config = ClassifierConfig::new(INPUTS, 2);
    let learning = Fit { steps, batch: options.batch, seed: options.seed, ..Fit::default() };
    let classifier = fit(&config, &learning, device, &draw);
    asked.iter().map(|pair| answer(options, &classifier, &features[pair.piece], pair, &scaling)).collect()
}

/// Windows end to end; what is left of the last is too short to be judged.
fn answer(
    options: &Options,
    classifier: &Classifier,
    features: &[f32],
    pair: &Pair,
    scaling: &Scaling,
) -> Answer {
    let count = (pair.notes() / options.window).max(1);
    let windows = (0..count).map(|k| pair.windows(k * options.window, options.window, features, scaling));
    let (humans, others): (Vec<Example>, Vec<Example>) = windows.map(|[a, b]| (a, b)).unzip();
    let odds = |examples: &[Example], class: usize| {
        let log_odds = |p: &Vec<f32>| {
            let of = |p: f32| f64::from(p.max(f32::MIN_POSITIVE)).ln();
            of(p[class]) - of(p[1 - class])
        };
        classifier.predict(examples).iter().map(log_odds).collect()
    };
    Answer { piece: pair.piece, odds: [odds(&humans, 0), odds(&others, 1)] }
}

/// How often a classifier was right.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Accuracy {
    /// Share of windows classified right; .5 is chance.
    pub windows: f64,
    /// Standard error of that share over the pieces.
    pub error: f64,
    /// Share of whole performances classified right, by the sum of the windows' odds.
    pub performances: f64,
    /// Windows that were judged.
    pub count: usize,
    /// Pieces that they are of.
    pub pieces: usize,
}

impl Accuracy {
    /// Of all answers; nothing without any. Every piece counts the same.
    pub fn of(answers: &[Answer]) -> Option<Self> {
        let right = |odds: f64| match odds {
            odds if odds > 0.0 => 1.0,
            0.0 => 0.5,
            _ => 0.0,
        };
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let mut pieces: Vec<usize> = answers.iter().map(|a| a.piece).collect();
        pieces.sort_unstable();
        pieces.dedup();
        let of = |piece: usize| answers.iter().filter(move |a| a.piece == piece).flat_map(|a| &a.odds);
        let by_piece = |share: &dyn Fn(&Vec<f64>) -> Vec<f64>| -> Vec<f64> {
            pieces.iter().map(|p| mean(&of(*p).flat_map(share).collect::<Vec<f64>>())).collect()
        };
        let windows = by_piece(&|odds| odds.iter().map(|o| right(*o)).collect());
        let performances = by_piece(&|odds| vec![right(odds.iter().sum())]);
        let share = mean(&windows);
        let square = windows.iter().map(|w| (w - share).powi(2)).sum::<f64>();
        let n = pieces.len() as f64;
        (!pieces.is_empty()).then(|| Self {
            windows: share,
            error: (square / (n - 1.0).max(1.0) / n).sqrt(),
            performances: mean(&performances),
            count: answers.iter().flat_map(|a| &a.odds).map(Vec::len).sum(),
            pieces: pieces.len(),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_counts_the_same_and_doubt_counts_half() {
        let answer = |piece, humans: &[f64], others: &[f64]| Answer {
            piece,
            odds: [humans.to_vec(), others.to_vec()],
        };
        let accuracy =
            Accuracy::of(&[answer(0, &[1.0, 2.0], &[3.0, -1.0]), answer(4, &[0.0], &[-2.0])]).unwrap();
        assert_eq!((accuracy.windows, accuracy.count, accuracy.pieces), (0.5, 6, 2));
        // Two of two performances of the first piece, half of one of the second.
        assert_eq!(accuracy.performances, 0.625);
        assert!((accuracy.error - 0.25).abs() < 1e-12);
        assert!(Accuracy::of(&[]).is_none());
    }
}
