//! Rotary positions on tensors, for networks in training (Su and others, arXiv 2104.09864, section 3.2).

use burn::tensor::{Device, Tensor, TensorData};

/// Cosines and sines of the angles of some positions `[1, 1, tokens, head]`. The pairs that are turned are
/// (k, k + head / 2), and pair k of position p has the angle `p * base^(-2 k / head)`.
pub struct Turns {
    cos: Tensor<4>,
    sin: Tensor<4>,
}

impl Turns {
    /// The angles of `tokens` positions from 0 on, for heads of an even width.
    pub fn new(tokens: usize, head: usize, base: f64, device: &Device) -> Self {
        let half = head / 2;
        let angle = |cell: usize| {
            let (position, pair) = (cell / head, cell % head % half);
            position as f64 * base.powf(-(pair as f64) / half as f64)
        };
        let table = |of: fn(f64) -> f64| {
            let cells: Vec<f32> = (0..tokens * head).map(|cell| of(angle(cell)) as f32).collect();
            Tensor::from_data(TensorData::new(cells, [1, 1, tokens, head]), device)
        };
        Self { cos: table(f64::cos), sin: table(f64::sin) }
    }

    /// Turns every pair of rows `[batch, heads, tokens, head]` by the angle of its position.
    pub fn turn(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, _, head] = x.dims();
        let half = head / 2;
        let (a, b) = (x.clone().narrow(3, 0, half), x.clone().narrow(3, half, half));
        x * self.cos.clone() + Tensor::cat(vec![b.neg(), a], 3) * self.sin.clone()
    }
}
