//! The condition vectors of the labels, and a reading weighed against them.

use crate::labels::{ALL, LABELS, Weights};
use crate::text::{Reading, WIDTH};

/// How much nearer in meaning counts: cosines, centred, differ by about so much.
const MEANING: f64 = 0.09;

/// How much nearer in valence and arousal counts.
const FEELING: f64 = 0.4;

/// Root mean square of the condition vector of a label alone.
const LOUDNESS: f32 = 2.0;

/// The condition vectors of the labels.
pub struct Embeddings {
    /// `[LABELS][WIDTH]`, centred and scaled.
    rows: Vec<Vec<f32>>,
    /// What all labels have in common, taken out of `rows`.
    common: Vec<f32>,
}

impl Embeddings {
    /// From sentence embeddings of the labels `[LABELS][WIDTH]`.
    pub fn new(sentences: &[Vec<f32>]) -> Self {
        let count = sentences.len().max(1) as f32;
        let common: Vec<f32> =
            (0..WIDTH).map(|k| sentences.iter().map(|s| s[k]).sum::<f32>() / count).collect();
        let centred = |s: &Vec<f32>| s.iter().zip(&common).map(|(v, c)| v - c).collect::<Vec<f32>>();
        let mut rows: Vec<Vec<f32>> = sentences.iter().map(centred).collect();
        for row in &mut rows {
            let rms = (row.iter().map(|v| v * v).sum::<f32>() / WIDTH as f32).sqrt().max(1e-9);
            row.iter_mut().for_each(|v| *v *= LOUDNESS / rms);
        }
        Self { rows, common }
    }

    /// The condition vector of weighted labels (A.8: the sum of weights times embeddings).
    pub fn mix(&self, weights: &Weights) -> Vec<f32> {
        let mut mix = vec![0.0; WIDTH];
        for (row, weight) in self.rows.iter().zip(weights) {
            mix.iter_mut().zip(row).for_each(|(sum, v)| *sum += *weight as f32 * v);
        }
        mix
    }

    /// Cosines of a text's embedding with the labels, what they have in common left out.
    fn cosines(&self, vector: &[f32]) -> Vec<f64> {
        let centred: Vec<f32> = vector.iter().zip(&self.common).map(|(v, c)| v - c).collect();
        let norm = |v: &[f32]| f64::from(v.iter().map(|x| x * x).sum::<f32>()).sqrt().max(1e-9);
        let dot = |row: &[f32]| f64::from(row.iter().zip(&centred).map(|(a, b)| a * b).sum::<f32>());
        self.rows.iter().map(|row| dot(row) / (norm(row) * norm(&centred))).collect()
    }

    /// How much of each label is in what a reader read.
    pub(super) fn weigh(&self, reading: &Reading) -> Weights {
        let cosines = self.cosines(&reading.vector);
        let far = |k: usize| {
            let label = &ALL[k];
            let (v, a) = (reading.valence - label.valence, reading.arousal - label.arousal);
            cosines[k] / MEANING - (v * v + a * a) / (2.0 * FEELING * FEELING)
        };
        let scores: [f64; LABELS] = std::array::from_fn(far);
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        normalised(scores.map(|s| (s - most).exp()))
    }
}

fn normalised(weights: Weights) -> Weights {
    let sum: f64 = weights.iter().sum();
    weights.map(|w| w / sum.max(1e-12))
}
