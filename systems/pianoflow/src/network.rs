//! The network: an encoder-only transformer that predicts a velocity field for every note.
//!
//! After SyMuPe (arXiv 2511.03425), section 4 and its published layout: pre-norm blocks whose
//! norms are scaled and shifted by the flow time, one key and value head shared by all query
//! heads, rotary positions with base 1024, gated SiLU feed-forward, four learned memory tokens,
//! and a condition vector per note that enters the middle blocks.

mod block;
mod config;
mod init;
mod inputs;
mod rotary;

use burn::module::{Module, Param};
use burn::nn::{LayerNorm, Linear};
use burn::tensor::activation::silu;
use burn::tensor::{Bool, Device, Tensor};

pub(crate) use block::Block;
use block::Surroundings;
pub use config::NetworkConfig;
pub use inputs::Inputs;
use rotary::Rotary;

/// Sinusoids of the flow time, and width of its embedding.
const TIME_SINUSOIDS: usize = 32;
const TIME_HIDDEN: usize = 64;

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
