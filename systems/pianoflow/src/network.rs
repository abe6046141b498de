//! The network: an encoder-only transformer that predicts a velocity field for every note.
//!
//! After SyMuPe (arXiv 2511.03425), section 4 and its published layout: pre-norm blocks whose
//! norms are scaled and shifted by the flow time, one key and value head shared by all query
//! heads, rotary positions with base 1024, gated SiLU feed-forward, four learned memory tokens,
//! and a condition vector per note that enters the middle blocks.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::activation::silu;
use burn::tensor::module::attention;
use burn::tensor::{Bool, Device, Tensor, TensorData};

/// Sizes of the network.
#[derive(Config, Debug, PartialEq)]
pub struct NetworkConfig {
    /// Score features of a note.
    pub features: usize,
    /// Performance values of a note.
    pub values: usize,
    /// Width of the residual stream.
    #[config(default = 192)]
    pub hidden: usize,
    /// Number of blocks.
    #[config(default = 6)]
    pub layers: usize,
    /// Query heads; keys and values have one.
    #[config(default = 4)]
    pub heads: usize,
    /// Width of the gated feed-forward as a multiple of `hidden`.
    #[config(default = 3)]
    pub feed_forward: usize,
    /// Learned tokens before the first note.
    #[config(default = 4)]
    pub memory: usize,
    /// Length of the condition vector (a sentence embedding).
    #[config(default = 384)]
    pub condition: usize,
    /// First and last block (exclusive) that the condition enters.
    #[config(default = "[2, 4]")]
    pub condition_blocks: [usize; 2],
    /// Base of the rotary positions.
    #[config(default = 1024.0)]
    pub rotary_base: f64,
    /// Share of activations at the end of a feed-forward that training drops ([`Inputs::kept`]).
    #[config(default = 0.1)]
    pub dropout: f64,
}

/// Sinusoids of the flow time, and width of its embedding.
const TIME_SINUSOIDS: usize = 32;
const TIME_HIDDEN: usize = 64;

/// What the network reads: one row a note.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Score features `[batch, notes, features]`.
    pub features: Tensor<3>,
    /// Known values, zero where unknown `[batch, notes, values]`.
    pub known: Tensor<3>,
    /// 1 where a value is to be predicted, 0 where it is known `[batch, notes, values]`.
    pub unknown: Tensor<3>,
    /// The point on the path from noise to values `[batch, notes, values]`.
    pub noisy: Tensor<3>,
    /// Flow time, 0 noise to 1 values `[batch]`.
    pub time: Tensor<1>,
    /// Condition vectors `[batch, notes, condition]`; none is the null condition.
    pub condition: Option<Tensor<3>>,
    /// True where a row is padding `[batch, notes]`.
    pub padding: Option<Tensor<2, Bool>>,
    /// Dropout of each block, drawn by the trainer so that a seed says everything: 0 where an
    /// activation is dropped, else what makes up for it `[batch, memory + notes, hidden]`. Empty
    /// outside training.
    pub kept: Vec<Tensor<3>>,
}

/// The network's weights.
#[derive(Module, Debug)]
pub struct Network {
    pub(super) input: Linear,
    pub(super) memory: Param<Tensor<2>>,
    pub(super) time_in: Linear,
    pub(super) time_out: Linear,
    pub(super) blocks: Vec<Block>,
    pub(super) norm: LayerNorm,
    pub(super) output: Linear,
    #[module(skip)]
    pub(super) rotary_base: f64,
}

impl NetworkConfig {
    /// A network with random weights.
    pub fn init(&self, device: &Device) -> Network {
        let inputs = self.features + 3 * self.values;
        let [from, to] = self.condition_blocks;
        Network {
            input: LinearConfig::new(inputs, self.hidden).init(device),
            memory: Initializer::Normal { mean: 0.0, std: 0.02 }.init([self.memory, self.hidden], device),
            time_in: LinearConfig::new(TIME_SINUSOIDS + 1, TIME_HIDDEN).init(device),
            time_out: LinearConfig::new(TIME_HIDDEN, TIME_HIDDEN).init(device),
            blocks: (0..self.layers).map(|k| self.init_block((from..to).contains(&k), device)).collect(),
            norm: LayerNormConfig::new(self.hidden).with_bias(false).init(device),
            output: LinearConfig::new(self.hidden, self.values).init(device),
            rotary_base: self.rotary_base,
        }
    }

    fn init_block(&self, conditioned: bool, device: &Device) -> Block {
        let (d, head) = (self.hidden, self.hidden / self.heads);
        let plain = |input, output| LinearConfig::new(input, output).with_bias(false).init(device);
        let zero = |input, output, bias| {
            LinearConfig::new(input, output).with_bias(bias).with_initializer(Initializer::Zeros).init(device)
        };
        Block {
            norm_attention: LayerNormConfig::new(d).with_bias(false).init(device),
            query: plain(d, d),
            key_value: plain(d, 2 * head),
            attended: plain(d, d),
            norm_forward: LayerNormConfig::new(d).with_bias(false).init(device),
            gate: plain(d, self.feed_forward * d),
            up: plain(d, self.feed_forward * d),
            down: plain(self.feed_forward * d, d),
            modulation: zero(TIME_HIDDEN, 4 * d, true),
            condition: conditioned.then(|| zero(self.condition, d, false)),
            heads: self.heads,
        }
    }
}

impl Network {
    /// Predicted velocity field `[batch, notes, values]`.
    pub fn forward(&self, inputs: Inputs) -> Tensor<3> {
        let [batch, notes, _] = inputs.noisy.dims();
        let device = inputs.noisy.device();
        let rows = Tensor::cat(vec![inputs.features, inputs.known, inputs.unknown, inputs.noisy], 2);
        let rows = self.input.forward(rows);
        let [memory, hidden] = self.memory.dims();
        let tokens = self.memory.val().unsqueeze::<3>().expand([batch, memory, hidden]);
        let mut x = Tensor::cat(vec![tokens, rows], 1);

        let time = self.embed_time(inputs.time, &device);
        let rotary = Rotary::new(memory + notes, hidden / self.heads(), self.rotary_base, &device);
        let mask = inputs.padding.map(|padding| key_mask(padding, memory, self.heads()));
        for (k, block) in self.blocks.iter().enumerate() {
            let surroundings = Surroundings {
                time: &time,
                rotary: &rotary,
                condition: inputs.condition.as_ref(),
                mask: mask.as_ref(),
                kept: inputs.kept.get(k),
                memory,
            };
            x = block.forward(x, &surroundings);
        }
        self.output.forward(self.norm.forward(x.narrow(1, memory, notes)))
    }

    /// Makes room for `more` features before feature `at`, without effect until they are trained.
    pub(super) fn widen(&mut self, more: usize, at: usize) {
        self.input.weight = self.input.weight.clone().map(|rows| {
            let learns = rows.is_require_grad();
            let rows = rows.detach();
            let [inputs, hidden] = rows.dims();
            let none = Tensor::zeros([more, hidden], &rows.device());
            let (before, after) = (rows.clone().narrow(0, 0, at), rows.narrow(0, at, inputs - at));
            Tensor::cat(vec![before, none, after], 0).detach().set_require_grad(learns)
        });
    }

    /// Width of the residual stream.
    pub(super) fn hidden(&self) -> usize {
        self.memory.dims()[1]
    }

    /// Query heads.
    pub(super) fn heads(&self) -> usize {
        self.blocks.first().map_or(1, |b| b.heads)
    }

    /// Sinusoids of 1000 t, and t itself, through two layers `[batch, 1, TIME_HIDDEN]`.
    fn embed_time(&self, time: Tensor<1>, device: &Device) -> Tensor<3> {
        let frequencies = Tensor::<1>::from_floats(time_frequencies().as_slice(), device).unsqueeze::<2>();
        let time = time.unsqueeze_dim::<2>(1);
        let angles = (time.clone() * 1000.0).matmul(frequencies);
        let features = Tensor::cat(vec![angles.clone().sin(), angles.cos(), time], 1);
        let hidden = silu(self.time_in.forward(features));
        silu(self.time_out.forward(hidden)).unsqueeze_dim::<3>(1)
    }
}

/// Of the sinusoids, in radians per thousandth of the flow time.
pub(super) fn time_frequencies() -> Vec<f32> {
    let half = TIME_SINUSOIDS / 2;
    (0..half).map(|k| (-(10_000f32.ln()) * k as f32 / (half - 1) as f32).exp()).collect()
}

/// True where a key must not be attended to `[batch, heads, queries, keys]`.
fn key_mask(padding: Tensor<2, Bool>, memory: usize, heads: usize) -> Tensor<4, Bool> {
    let [batch, notes] = padding.dims();
    let keys = memory + notes;
    let tokens = padding.clone().narrow(1, 0, 1).expand([batch, memory]);
    // The first note of a window is never padding, so its column serves for the memory tokens.
    Tensor::cat(vec![tokens, padding], 1).reshape([batch, 1, 1, keys]).expand([batch, heads, keys, keys])
}

/// What every block sees besides its input.
struct Surroundings<'a> {
    time: &'a Tensor<3>,
    rotary: &'a Rotary,
    condition: Option<&'a Tensor<3>>,
    mask: Option<&'a Tensor<4, Bool>>,
    kept: Option<&'a Tensor<3>>,
    memory: usize,
}

/// Weights of a block.
#[derive(Module, Debug)]
pub(super) struct Block {
    pub(super) norm_attention: LayerNorm,
    pub(super) query: Linear,
    pub(super) key_value: Linear,
    pub(super) attended: Linear,
    pub(super) norm_forward: LayerNorm,
    pub(super) gate: Linear,
    pub(super) up: Linear,
    pub(super) down: Linear,
    pub(super) modulation: Linear,
    pub(super) condition: Option<Linear>,
    #[module(skip)]
    pub(super) heads: usize,
}

impl Block {
    fn forward(&self, mut x: Tensor<3>, around: &Surroundings<'_>) -> Tensor<3> {
        let [batch, tokens, hidden] = x.dims();
        if let (Some(inject), Some(condition)) = (&self.condition, around.condition) {
            let notes = inject.forward(condition.clone());
            let none = Tensor::zeros([batch, around.memory, hidden], &x.device());
            x = x + Tensor::cat(vec![none, notes], 1);
        }
        let modulation = self.modulation.forward(around.time.clone());
        let part = |k: usize| modulation.clone().narrow(2, k * hidden, hidden);

        let normed = self.norm_attention.forward(x.clone()) * (part(0) + 1.0) + part(1);
        let attended = self.attend(normed, around.rotary, around.mask, batch, tokens, hidden);
        let x = x + attended;

        let normed = self.norm_forward.forward(x.clone()) * (part(2) + 1.0) + part(3);
        let gated = silu(self.gate.forward(normed.clone())) * self.up.forward(normed);
        let forwarded = self.down.forward(gated);
        x + match around.kept {
            Some(kept) => forwarded * kept.clone(),
            None => forwarded,
        }
    }

    /// Attention with one key and value head, which every query head sees `[batch, heads, tokens,
    /// head]`; the CPU backend computes heads side by side.
    fn attend(
        &self,
        x: Tensor<3>,
        rotary: &Rotary,
        mask: Option<&Tensor<4, Bool>>,
        batch: usize,
        tokens: usize,
        hidden: usize,
    ) -> Tensor<3> {
        let head = hidden / self.heads;
        let query = self.query.forward(x.clone()).reshape([batch, tokens, self.heads, head]).swap_dims(1, 2);
        let key_value = self.key_value.forward(x);
        let key = key_value.clone().narrow(2, 0, head).reshape([batch, 1, tokens, head]);
        let value = key_value.narrow(2, head, head).reshape([batch, 1, tokens, head]);
        let all = |shared: Tensor<4>| shared.expand([batch, self.heads, tokens, head]);
        let options = Default::default();
        let (key, value) = (all(rotary.turn(key)), all(value));
        let out = attention(rotary.turn(query), key, value, mask.cloned(), None, options).swap_dims(1, 2);
        self.attended.forward(out.reshape([batch, tokens, hidden]))
    }
}

/// Cosines and sines of the rotary positions `[1, 1, tokens, head]`.
struct Rotary {
    cos: Tensor<4>,
    sin: Tensor<4>,
}

impl Rotary {
    fn new(tokens: usize, head: usize, base: f64, device: &Device) -> Self {
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
    fn turn(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, _, head] = x.dims();
        let half = head / 2;
        let (a, b) = (x.clone().narrow(3, 0, half), x.clone().narrow(3, half, half));
        x * self.cos.clone() + Tensor::cat(vec![b.neg(), a], 3) * self.sin.clone()
    }
}
