//! A block of the network: attention, then the gated feed-forward.

use burn::module::Module;
use burn::nn::{LayerNorm, Linear};
use burn::tensor::activation::silu;
use burn::tensor::module::attention;
use burn::tensor::{Bool, Tensor};

use super::rotary::Rotary;

/// What every block sees besides its input.
pub(super) struct Surroundings<'a> {
    pub time: &'a Tensor<3>,
    pub rotary: &'a Rotary,
    pub condition: Option<&'a Tensor<3>>,
    pub mask: Option<&'a Tensor<4, Bool>>,
    pub kept: Option<&'a Tensor<3>>,
    pub memory: usize,
}

/// Weights of a block.
#[derive(Module, Debug)]
pub(crate) struct Block {
    pub(crate) norm_attention: LayerNorm,
    pub(crate) query: Linear,
    pub(crate) key_value: Linear,
    pub(crate) attended: Linear,
    pub(crate) norm_forward: LayerNorm,
    pub(crate) gate: Linear,
    pub(crate) up: Linear,
    pub(crate) down: Linear,
    pub(crate) modulation: Linear,
    pub(crate) condition: Option<Linear>,
    #[module(skip)]
    pub(crate) heads: usize,
}

impl Block {
    pub(super) fn forward(&self, mut x: Tensor<3>, around: &Surroundings<'_>) -> Tensor<3> {
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
