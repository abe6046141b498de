//! Straight lines from an embedding to valence and arousal.

use crate::text::vector::WIDTH;

/// Embeddings to valence and arousal, a straight line each: weights, then what is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines(pub [[f32; WIDTH + 1]; 2]);

impl Lines {
    /// Valence and arousal of an embedding, within -1..1.
    pub fn apply(&self, vector: &[f32]) -> [f64; 2] {
        let at = |line: &[f32; WIDTH + 1]| {
            let sum: f32 = line.iter().zip(vector).map(|(w, v)| w * v).sum();
            f64::from(sum + line[WIDTH]).clamp(-1.0, 1.0)
        };
        [at(&self.0[0]), at(&self.0[1])]
    }
}
