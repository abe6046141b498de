//! Layers of transformers in training; `neural::layers` has them for playing and says what each part is from.

use burn::module::{Initializer, Module};
use burn::nn::{Linear, LinearConfig, RmsNorm, RmsNormConfig};
use burn::tensor::activation::silu;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Bool, Device, Tensor};
use neural::layers::LayerSizes;

use crate::rotary::Turns;

/// Attention with its norms and projections.
#[derive(Module, Debug)]
pub struct Attention {
    before: RmsNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    after: Option<RmsNorm>,
}

/// The gated feed-forward with its norms.
#[derive(Module, Debug)]
pub struct FeedForward {
    before: RmsNorm,
    gate: Linear,
    up: Linear,
    down: Linear,
    after: Option<RmsNorm>,
}

/// What rows see of each other.
pub enum Seen {
    /// Everything.
    All,
    /// Themselves and those before.
    Before,
    /// All but where this is true: `[batch, 1, rows, rows]`, or `[batch, 1, 1, rows]` where all rows see the same.
    AllBut(Box<Tensor<4, Bool>>),
}

/// A norm whose factors are one.
pub fn norm(width: usize, device: &Device) -> RmsNorm {
    RmsNormConfig::new(width).init(device)
}

/// A linear layer of random weights, normal with variance one over the width of what goes in, scaled.
pub fn linear(input: usize, output: usize, bias: bool, scale: f64, device: &Device) -> Linear {
    let initializer = Initializer::Normal { mean: 0.0, std: scale * (input as f64).powf(-0.5) };
    LinearConfig::new(input, output).with_bias(bias).with_initializer(initializer).init(device)
}

/// Adds what a part of a layer makes to its rows, through a norm if there is one.
fn added(x: Tensor<3>, made: Tensor<3>, after: Option<&RmsNorm>) -> Tensor<3> {
    x + match after {
        Some(norm) => norm.forward(made),
        None => made,
    }
}

impl Attention {
    /// With random weights and as many heads of keys and values as of queries; `scale` is that of the weights by which
    /// it adds, `after` a norm of what it adds.
    pub fn init(sizes: &LayerSizes, scale: f64, after: Option<RmsNorm>, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.heads * sizes.head);
        Self {
            before: norm(hidden, device),
            query: linear(hidden, wide, false, 1.0, device),
            key: linear(hidden, wide, false, 1.0, device),
            value: linear(hidden, wide, false, 1.0, device),
            out: linear(wide, hidden, false, scale, device),
            after,
        }
    }

    /// Adds attention of rows `[batch, rows, hidden]` to themselves.
    pub fn apply(&self, x: Tensor<3>, turns: &Turns, head: usize, seen: &Seen) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let heads = |rows: Tensor<3>| {
            let [batch, count, width] = rows.dims();
            rows.reshape([batch, count, width / head, head]).swap_dims(1, 2)
        };
        let query = turns.turn(heads(self.query.forward(normed.clone())));
        let key = turns.turn(heads(self.key.forward(normed.clone())));
        let value = heads(self.value.forward(normed));
        let [batch, all, count, _] = query.dims();
        let (hidden, is_causal) = match seen {
            Seen::All => (None, false),
            Seen::Before => (None, true),
            Seen::AllBut(hidden) => (Some((**hidden).clone().expand([batch, all, count, count])), false),
        };
        let options = AttentionModuleOptions { is_causal, ..Default::default() };
        let mixed = attention(query, key, value, hidden, None, options);
        let mixed = mixed.swap_dims(1, 2).reshape([batch, count, all * head]);
        added(x, self.out.forward(mixed), self.after.as_ref())
    }
}

impl FeedForward {
    /// With random weights; `scale` is that of the weights by which it adds, `after` a norm of what it adds.
    pub fn init(sizes: &LayerSizes, scale: f64, after: Option<RmsNorm>, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.feed_forward);
        Self {
            before: norm(hidden, device),
            gate: linear(hidden, wide, false, 1.0, device),
            up: linear(hidden, wide, false, 1.0, device),
            down: linear(wide, hidden, false, scale, device),
            after,
        }
    }

    /// Adds what it makes of rows `[batch, rows, hidden]`.
    pub fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let gated = silu(self.gate.forward(normed.clone())) * self.up.forward(normed);
        added(x, self.down.forward(gated), self.after.as_ref())
    }
}
