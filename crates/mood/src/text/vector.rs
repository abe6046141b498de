//! Sentence embeddings as vectors: how long they are, and made unit length.

/// Values of a sentence embedding.
pub const WIDTH: usize = 384;

/// A vector made unit length; a vector of zeros stays.
pub fn unit(vector: &[f32]) -> Vec<f32> {
    let norm = vector.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
    vector.iter().map(|v| (f64::from(*v) / norm.max(1e-12)) as f32).collect()
}
