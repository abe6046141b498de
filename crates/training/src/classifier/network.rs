//! The network: two blocks of attention in both directions, the mean over each segment, one layer.

use burn::config::Config;
use burn::module::Module;
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::activation::silu;
use burn::tensor::module::attention;
use burn::tensor::{Bool, Device, Tensor};

use crate::rotary::Turns;

/// Sizes of a classifier.
#[derive(Config, Debug, PartialEq)]
pub struct ClassifierConfig {
    /// Numbers in a row.
    pub inputs: usize,
    /// Classes to choose from.
    pub classes: usize,
    /// Width of the residual stream.
    #[config(default = 64)]
    pub hidden: usize,
    /// Number of blocks.
    #[config(default = 2)]
    pub layers: usize,
    /// Heads of attention.
    #[config(default = 4)]
    pub heads: usize,
    /// Width of the gated feed-forward as a multiple of `hidden`.
    #[config(default = 2)]
    pub feed_forward: usize,
    /// Base of the rotary positions (Su et al., arXiv 2104.09864, section 3.2).
    #[config(default = 1024.0)]
    pub rotary_base: f64,
    /// Share of the embedded rows and of the pooled segments that training drops.
    #[config(default = 0.2)]
    pub dropout: f64,
}

impl ClassifierConfig {
    /// A classifier with random weights.
    pub fn init(&self, device: &Device) -> Classifier {
        Classifier {
            input: LinearConfig::new(self.inputs, self.hidden).init(device),
            blocks: (0..self.layers).map(|_| self.init_block(device)).collect(),
            norm: LayerNormConfig::new(self.hidden).init(device),
            output: LinearConfig::new(self.hidden, self.classes).init(device),
            config: self.clone(),
        }
    }

    fn init_block(&self, device: &Device) -> Block {
        let d = self.hidden;
        let plain = |input, output| LinearConfig::new(input, output).with_bias(false).init(device);
        Block {
            norm_attention: LayerNormConfig::new(d).init(device),
            query_key_value: plain(d, 3 * d),
            attended: plain(d, d),
            norm_forward: LayerNormConfig::new(d).init(device),
            gate: plain(d, self.feed_forward * d),
            up: plain(d, self.feed_forward * d),
            down: plain(self.feed_forward * d, d),
            heads: self.heads,
        }
    }
}

/// What the network reads: some windows.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// One row a note `[batch, notes, inputs]`.
    pub rows: Tensor<3>,
    /// Share of each note in the mean of each segment `[batch, segments, notes]`.
    pub pooling: Tensor<3>,
    /// True where a row is padding `[batch, notes]`.
    pub padding: Option<Tensor<2, Bool>>,
    /// Dropout of the embedded rows `[batch, notes, hidden]` and of the pooled segments
    /// `[batch, segments, hidden]`, drawn by the trainer so that a seed says everything.
    pub kept: Option<[Tensor<3>; 2]>,
}

/// The network's weights.
#[derive(Module, Debug)]
pub struct Classifier {
    input: Linear,
    blocks: Vec<Block>,
    norm: LayerNorm,
    output: Linear,
    #[module(skip)]
    config: ClassifierConfig,
}

impl Classifier {
    /// Its sizes.
    pub fn config(&self) -> &ClassifierConfig {
        &self.config
    }

    /// Where it computes.
    pub(super) fn device(&self) -> Device {
        self.input.weight.val().device()
    }

    /// Logits of the classes `[batch, segments, classes]`.
    pub fn forward(&self, inputs: Inputs) -> Tensor<3> {
        self.output.forward(self.pooled(inputs))
    }

    /// What the logits are told from: the mean over each segment `[batch, segments, hidden]`.
    pub(super) fn pooled(&self, inputs: Inputs) -> Tensor<3> {
        let mut x = self.input.forward(inputs.rows);
        let [kept_rows, kept_segments] = inputs.kept.map_or([None, None], |k| k.map(Some));
        if let Some(kept) = kept_rows {
            x = x * kept;
        }
        let [batch, notes, hidden] = x.dims();
        let heads = self.config.heads;
        let rotary = Turns::new(notes, hidden / heads, self.config.rotary_base, &x.device());
        // True where a key must not be attended to `[batch, heads, queries, keys]`.
        let mask = inputs
            .padding
            .map(|padding| padding.reshape([batch, 1, 1, notes]).expand([batch, heads, notes, notes]));
        for block in &self.blocks {
            x = block.forward(x, &rotary, mask.as_ref());
        }
        let mut pooled = inputs.pooling.matmul(self.norm.forward(x));
        if let Some(kept) = kept_segments {
            pooled = pooled * kept;
        }
        pooled
    }
}

#[derive(Module, Debug)]
struct Block {
    norm_attention: LayerNorm,
    query_key_value: Linear,
    attended: Linear,
    norm_forward: LayerNorm,
    gate: Linear,
    up: Linear,
    down: Linear,
    #[module(skip)]
    heads: usize,
}

impl Block {
    fn forward(&self, x: Tensor<3>, rotary: &Turns, mask: Option<&Tensor<4, Bool>>) -> Tensor<3> {
        let x = x.clone() + self.attend(self.norm_attention.forward(x), rotary, mask);
        let normed = self.norm_forward.forward(x.clone());
        let gated = silu(self.gate.forward(normed.clone())) * self.up.forward(normed);
        x + self.down.forward(gated)
    }

    fn attend(&self, x: Tensor<3>, rotary: &Turns, mask: Option<&Tensor<4, Bool>>) -> Tensor<3> {
        let [batch, notes, hidden] = x.dims();
        let all = self.query_key_value.forward(x);
        let part = |k: usize| {
            let part = all.clone().narrow(2, k * hidden, hidden);
            part.reshape([batch, notes, self.heads, hidden / self.heads]).swap_dims(1, 2)
        };
        let (query, key) = (rotary.turn(part(0)), rotary.turn(part(1)));
        let out = attention(query, key, part(2), mask.cloned(), None, Default::default());
        self.attended.forward(out.swap_dims(1, 2).reshape([batch, notes, hidden]))
    }
}
