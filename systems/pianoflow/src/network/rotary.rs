//! Rotary positions.

use burn::tensor::{Device, Tensor, TensorData};

/// Cosines and sines of the rotary positions `[1, 1, tokens, head]`.
pub(super) struct Rotary {
    cos: Tensor<4>,
    sin: Tensor<4>,
}

impl Rotary {
    pub fn new(tokens: usize, head: usize, base: f64, device: &Device) -> Self {
        let half = head / 2;
        let (mut cos, mut sin) = (Vec::with_capacity(tokens * head), Vec::with_capacity(tokens * head));
        for position in 0..tokens {
            for k in 0..head {
                let angle = position as f64 * base.powf(-((k % half) as f64) / half as f64);
                cos.push(angle.cos() as f32);
                sin.push(angle.sin() as f32);
            }
        }
        let tensor = |v: Vec<f32>| Tensor::from_data(TensorData::new(v, [1, 1, tokens, head]), device);
        Self { cos: tensor(cos), sin: tensor(sin) }
    }

    /// Turns pairs (k, k + head/2) by their position's angle `[batch, heads, tokens, head]`.
    pub fn turn(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, _, head] = x.dims();
        let half = head / 2;
        let (a, b) = (x.clone().narrow(3, 0, half), x.clone().narrow(3, half, half));
        x * self.cos.clone() + Tensor::cat(vec![b.neg(), a], 3) * self.sin.clone()
    }
}
