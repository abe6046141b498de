//! Attention in training.

use burn::module::Module;
use burn::nn::{Linear, RmsNorm};
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Device, Tensor};
use pianist_transformer::config::NetworkConfig;

use crate::layers::{linear, norm};
use crate::rotary::Turns;

/// Tokens whose attention to what is before them is computed at once.
const BLOCK: usize = 128;

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

impl Attention {
    /// With random weights.
    pub(super) fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        let (wide, narrow) = (sizes.heads * sizes.head, sizes.key_value_heads * sizes.head);
        Self {
            before: norm(sizes.hidden, device),
            query: linear(sizes.hidden, wide, false, 1.0, device),
            key: linear(sizes.hidden, narrow, false, 1.0, device),
            value: linear(sizes.hidden, narrow, false, 1.0, device),
            out: linear(wide, sizes.hidden, false, 1.0, device),
            after: norm(sizes.hidden, device),
        }
    }

    /// Adds attention of rows `[batch, tokens, hidden]` to themselves, at positions that `turns` gives, or
    /// to those of another sequence.
    pub(super) fn apply(&self, x: Tensor<3>, seen: Seen<'_>, head: usize) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let source = match &seen {
            Seen::Own { .. } => normed.clone(),
            Seen::Other(other) => (*other).clone(),
        };
        let heads = |rows: Tensor<3>| {
            let [batch, tokens, width] = rows.dims();
            rows.reshape([batch, tokens, width / head, head]).swap_dims(1, 2)
        };
        let mut query = heads(self.query.forward(normed));
        let (mut key, value) = (heads(self.key.forward(source.clone())), heads(self.value.forward(source)));
        let mut block = query.dims()[2];
        let mut options = AttentionModuleOptions::default();
        if let Seen::Own { turns, forward_only } = seen {
            (query, key) = (turns.turn(query), turns.turn(key));
            if forward_only {
                (block, options.is_causal) = (BLOCK, true);
            }
        }
        let [batch, all, tokens, _] = query.dims();
        let (key, value) = (repeated(key, all), repeated(value, all));
        let mixed = in_blocks(&query, &key, &value, block, options);
        let mixed = mixed.swap_dims(1, 2).reshape([batch, tokens, all * head]);
        x + self.after.forward(self.out.forward(mixed))
    }
}

/// What attention looks at.
pub(super) enum Seen<'a> {
    Own { turns: &'a Turns, forward_only: bool },
    Other(&'a Tensor<3>),
}

/// Attention of queries `[batch, heads, tokens, head]` in blocks of so many. With `is_causal`, each block looks at
/// the keys up to its own end only: while gradients are kept, Burn computes and stores the product of all
/// queries and all keys, also where it is not looked at.
fn in_blocks(
    query: &Tensor<4>,
    key: &Tensor<4>,
    value: &Tensor<4>,
    block: usize,
    options: AttentionModuleOptions,
) -> Tensor<4> {
    let (tokens, keys) = (query.dims()[2], key.dims()[2]);
    let part = |first: usize| {
        let end = tokens.min(first + block);
        let seen = if options.is_causal { end } else { keys };
        let [key, value] = [key, value].map(|rows| rows.clone().narrow(2, 0, seen));
        attention(query.clone().narrow(2, first, end - first), key, value, None, None, options)
    };
    Tensor::cat((0..tokens).step_by(block.max(1)).map(part).collect(), 2)
}

/// Each head of keys or values `[batch, few, tokens, head]` as often as there are heads of queries for it,
/// side by side: `[batch, all, tokens, head]`.
fn repeated(heads: Tensor<4>, all: usize) -> Tensor<4> {
    let [batch, few, tokens, head] = heads.dims();
    let each = heads.reshape([batch, few, 1, tokens * head]).expand([batch, few, all / few, tokens * head]);
    each.reshape([batch, all, tokens, head])
}
