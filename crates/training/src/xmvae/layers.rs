//! Layers in training: those of `neural::layers`, with attention within the beat beside attention to everything.

use burn::module::{Initializer, Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig, RmsNorm, RmsNormConfig};
use burn::tensor::activation::silu;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Bool, Device, Tensor};
use neural::layers::LayerSizes;

use crate::rotary::Turns;

/// A multiscale layer: attention to all of the window, attention within the beat, and a feed-forward.
#[derive(Module, Debug)]
pub(super) struct Layer {
    attention: Attention,
    /// Nothing in the ablation without attention within the beat.
    beat: Option<Attention>,
    forward: FeedForward,
}

/// A multiscale layer to whose rows a manner is added before.
#[derive(Module, Debug)]
pub(super) struct MannerLayer {
    latent: Linear,
    attention: Attention,
    beat: Option<Attention>,
    forward: FeedForward,
}

/// Attention with its norms and projections.
#[derive(Module, Debug)]
pub(super) struct Attention {
    before: RmsNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    after: RmsNorm,
}

/// The gated feed-forward with its norms.
#[derive(Module, Debug)]
pub(super) struct FeedForward {
    before: RmsNorm,
    gate: Linear,
    up: Linear,
    down: Linear,
    after: RmsNorm,
}

/// What rows see of each other.
pub(super) enum Seen {
    /// Everything.
    All,
    /// Themselves and those before.
    Before,
    /// All but where this is true `[batch, 1, rows, rows]`.
    AllBut(Box<Tensor<4, Bool>>),
}

/// What the rows of a stack see.
pub(super) struct Sight {
    /// Rotary positions of the rows.
    pub(super) turns: Turns,
    /// What the attention to all of the window sees.
    pub(super) all: Seen,
    /// What the attention within the beat sees.
    pub(super) beat: Seen,
}

/// What the factors of norms begin at that stand after attention or a feed-forward: a layer adds little at first.
const AFTER: f64 = 0.2;

/// What is left of the deviation of matrices after which a norm stands. The norm takes their size out, and an optimiser
/// whose steps are as large for all numbers turns small ones sooner.
const BEFORE_NORM: f64 = 0.2;

/// A norm whose factors are one.
pub(super) fn norm(width: usize, device: &Device) -> RmsNorm {
    RmsNormConfig::new(width).init(device)
}

/// A norm after attention or a feed-forward.
fn after(width: usize, device: &Device) -> RmsNorm {
    RmsNorm { gamma: Param::from_tensor(Tensor::<1>::full([width], AFTER, device)), ..norm(width, device) }
}

/// A linear layer without a bias, of random weights of variance one over the width of what goes in.
pub(super) fn linear(input: usize, output: usize, device: &Device) -> Linear {
    scaled(input, output, 1.0, device)
}

/// A linear layer with a bias, which is the same number everywhere at first, and weights scaled by `scale`.
pub(super) fn affine(input: usize, output: usize, scale: f64, bias: f64, device: &Device) -> Linear {
    let bias = Tensor::<1>::full([output], bias, device);
    Linear { bias: Some(Param::from_tensor(bias)), ..scaled(input, output, scale, device) }
}

fn scaled(input: usize, output: usize, scale: f64, device: &Device) -> Linear {
    let initializer = Initializer::Normal { mean: 0.0, std: scale * (input as f64).powf(-0.5) };
    LinearConfig::new(input, output).with_bias(false).with_initializer(initializer).init(device)
}

/// A table of random rows whose numbers have this deviation.
pub(super) fn table(rows: usize, width: usize, deviation: f64, device: &Device) -> Embedding {
    let initializer = Initializer::Normal { mean: 0.0, std: deviation };
    EmbeddingConfig::new(rows, width).with_initializer(initializer).init(device)
}

impl Layer {
    /// With random weights; `within_beat` says whether it has attention within the beat.
    pub(super) fn init(sizes: &LayerSizes, within_beat: bool, device: &Device) -> Self {
        Self {
            attention: Attention::init(sizes, device),
            beat: within_beat.then(|| Attention::init(sizes, device)),
            forward: FeedForward::init(sizes, device),
        }
    }

    /// Rows `[batch, rows, hidden]` after the layer.
    pub(super) fn apply(&self, x: Tensor<3>, head: usize, sight: &Sight) -> Tensor<3> {
        let mut x = self.attention.apply(x, &sight.turns, head, &sight.all);
        if let Some(beat) = &self.beat {
            x = beat.apply(x, &sight.turns, head, &sight.beat);
        }
        self.forward.apply(x)
    }
}

impl MannerLayer {
    /// With random weights, for manners of so many numbers.
    pub(super) fn init(sizes: &LayerSizes, latent: usize, within_beat: bool, device: &Device) -> Self {
        let Layer { attention, beat, forward } = Layer::init(sizes, within_beat, device);
        Self { latent: linear(latent, sizes.hidden, device), attention, beat, forward }
    }

    /// Rows `[batch, rows, hidden]` after the layer, with manners `[batch, latent]`; a manner of zeros adds nothing.
    pub(super) fn apply(
        &self,
        mut x: Tensor<3>,
        manner: Option<&Tensor<2>>,
        head: usize,
        sight: &Sight,
    ) -> Tensor<3> {
        if let Some(manner) = manner {
            let added = self.latent.forward(manner.clone());
            let [batch, hidden] = added.dims();
            x = x + added.reshape([batch, 1, hidden]);
        }
        x = self.attention.apply(x, &sight.turns, head, &sight.all);
        if let Some(beat) = &self.beat {
            x = beat.apply(x, &sight.turns, head, &sight.beat);
        }
        self.forward.apply(x)
    }
}

impl Attention {
    /// With random weights.
    pub(super) fn init(sizes: &LayerSizes, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.heads * sizes.head);
        Self {
            before: norm(hidden, device),
            query: linear(hidden, wide, device),
            key: linear(hidden, wide, device),
            value: linear(hidden, wide, device),
            out: scaled(wide, hidden, BEFORE_NORM, device),
            after: after(hidden, device),
        }
    }

    /// Adds attention of rows `[batch, rows, hidden]` to themselves.
    pub(super) fn apply(&self, x: Tensor<3>, turns: &Turns, head: usize, seen: &Seen) -> Tensor<3> {
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
        x + self.after.forward(self.out.forward(mixed))
    }
}

impl FeedForward {
    /// With random weights.
    pub(super) fn init(sizes: &LayerSizes, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.feed_forward);
        Self {
            before: norm(hidden, device),
            gate: linear(hidden, wide, device),
            up: linear(hidden, wide, device),
            down: scaled(wide, hidden, BEFORE_NORM, device),
            after: after(hidden, device),
        }
    }

    /// Adds what it makes of rows `[batch, rows, hidden]`.
    pub(super) fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let gated = silu(self.gate.forward(normed.clone())) * self.up.forward(normed);
        x + self.after.forward(self.down.forward(gated))
    }
}
