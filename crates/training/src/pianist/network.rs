//! The network in Burn: for training. `pianist_transformer::network` plays the same weights and says what
//! each part is from.

use std::path::Path;

use anyhow::{Context, Result};
use burn::module::{Initializer, Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig, RmsNorm, RmsNormConfig};
use burn::tensor::activation::{log_softmax, silu};
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Device, Int, Tensor, TensorData};
use pianist_transformer::config::{NetworkConfig, Settings};
use pianist_transformer::tokens::{BOS, SLOTS, Token, VOCABULARY, range};
use pianist_transformer::weights::FILE_NAME;

use super::embeddings;
use super::windows::Batch;
use crate::rotary::Turns;

/// The network's weights, under the names that `pianist_transformer` reads.
#[derive(Module, Debug)]
pub struct Network {
    encoder: Encoder,
    decoder: Decoder,
}

#[derive(Module, Debug)]
struct Encoder {
    embedding: Embedding,
    slots: Vec<Linear>,
    layers: Vec<EncoderLayer>,
    norm: RmsNorm,
}

#[derive(Module, Debug)]
struct EncoderLayer {
    attention: Attention,
    forward: FeedForward,
}

#[derive(Module, Debug)]
struct Decoder {
    embedding: Embedding,
    layers: Vec<DecoderLayer>,
    norm: RmsNorm,
}

#[derive(Module, Debug)]
struct DecoderLayer {
    attention: Attention,
    cross: Attention,
    forward: FeedForward,
}

#[derive(Module, Debug)]
struct Attention {
    before: RmsNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    after: RmsNorm,
}

#[derive(Module, Debug)]
struct FeedForward {
    before: RmsNorm,
    gate: Linear,
    up: Linear,
    down: Linear,
    after: RmsNorm,
}

/// A network with random weights, normal with variance one over the width of what they are multiplied
/// with; embeddings, which are also what the output is compared with, are [`embeddings::init`].
pub fn init(sizes: &NetworkConfig, device: &Device) -> Network {
    let embedding = || {
        let mut embedding = EmbeddingConfig::new(VOCABULARY, sizes.hidden).init(device);
        embedding.weight = Param::from_tensor(embeddings::init(sizes.hidden, device));
        embedding
    };
    let slot = |_| linear(sizes.hidden, sizes.hidden / SLOTS, true, device);
    let encoder_layer = |_| EncoderLayer {
        attention: Attention::init(sizes, device),
        forward: FeedForward::init(sizes, device),
    };
    let decoder_layer = |_| DecoderLayer {
        attention: Attention::init(sizes, device),
        cross: Attention::init(sizes, device),
        forward: FeedForward::init(sizes, device),
    };
    Network {
        encoder: Encoder {
            embedding: embedding(),
            slots: (0..SLOTS).map(slot).collect(),
            layers: (0..sizes.encoder_layers).map(encoder_layer).collect(),
            norm: norm(sizes, device),
        },
        decoder: Decoder {
            embedding: embedding(),
            layers: (0..sizes.decoder_layers).map(decoder_layer).collect(),
            norm: norm(sizes, device),
        },
    }
}

fn norm(sizes: &NetworkConfig, device: &Device) -> RmsNorm {
    RmsNormConfig::new(sizes.hidden).init(device)
}

fn linear(input: usize, output: usize, bias: bool, device: &Device) -> Linear {
    let initializer = Initializer::Normal { mean: 0.0, std: (input as f64).powf(-0.5) };
    LinearConfig::new(input, output).with_bias(bias).with_initializer(initializer).init(device)
}

impl Attention {
    fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        let (wide, narrow) = (sizes.heads * sizes.head, sizes.key_value_heads * sizes.head);
        Self {
            before: norm(sizes, device),
            query: linear(sizes.hidden, wide, false, device),
            key: linear(sizes.hidden, narrow, false, device),
            value: linear(sizes.hidden, narrow, false, device),
            out: linear(wide, sizes.hidden, false, device),
            after: norm(sizes, device),
        }
    }

    /// Adds attention of rows `[batch, tokens, hidden]` to themselves, at positions that `turns` gives, or
    /// to those of another sequence.
    fn apply(&self, x: Tensor<3>, seen: Seen<'_>, head: usize) -> Tensor<3> {
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
        let mut is_causal = false;
        if let Seen::Own { turns, forward_only } = seen {
            (query, key) = (turns.turn(query), turns.turn(key));
            is_causal = forward_only;
        }
        let [batch, all, tokens, _] = query.dims();
        let options = AttentionModuleOptions { is_causal, ..Default::default() };
        let mixed = attention(query, repeated(key, all), repeated(value, all), None, None, options);
        let mixed = mixed.swap_dims(1, 2).reshape([batch, tokens, all * head]);
        x + self.after.forward(self.out.forward(mixed))
    }
}

/// What attention looks at.
enum Seen<'a> {
    Own { turns: &'a Turns, forward_only: bool },
    Other(&'a Tensor<3>),
}

/// Each head of keys or values `[batch, few, tokens, head]` as often as there are heads of queries for it,
/// side by side: `[batch, all, tokens, head]`.
fn repeated(heads: Tensor<4>, all: usize) -> Tensor<4> {
    let [batch, few, tokens, head] = heads.dims();
    let each = heads.reshape([batch, few, 1, tokens * head]).expand([batch, few, all / few, tokens * head]);
    each.reshape([batch, all, tokens, head])
}

impl FeedForward {
    fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        Self {
            before: norm(sizes, device),
            gate: linear(sizes.hidden, sizes.feed_forward, false, device),
            up: linear(sizes.hidden, sizes.feed_forward, false, device),
            down: linear(sizes.feed_forward, sizes.hidden, false, device),
            after: norm(sizes, device),
        }
    }

    fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let gated = silu(self.gate.forward(normed.clone())) * self.up.forward(normed);
        x + self.after.forward(self.down.forward(gated))
    }
}

impl Network {
    /// What the encoder makes of notes `[batch, notes, 8]`: `[batch, notes, hidden]`.
    pub fn encode(&self, read: Tensor<3, Int>, sizes: &NetworkConfig) -> Tensor<3> {
        let [batch, notes, _] = read.dims();
        let slot = |(k, slot): (usize, &Linear)| {
            let tokens = read.clone().narrow(2, k, 1).reshape([batch, notes]);
            slot.forward(self.encoder.embedding.forward(tokens))
        };
        let parts = self.encoder.slots.iter().enumerate().map(slot).collect();
        let mut x = Tensor::cat(parts, 2) * (sizes.hidden as f64).sqrt();
        let turns = Turns::new(notes, sizes.head, sizes.rotary_base, &x.device());
        for layer in &self.encoder.layers {
            x = layer.attention.apply(x, Seen::Own { turns: &turns, forward_only: false }, sizes.head);
            x = layer.forward.apply(x);
        }
        self.encoder.norm.forward(x)
    }

    /// Rows before each of the written tokens, of which `before` are those one place earlier
    /// `[batch, tokens]`: `[batch, tokens, hidden]`.
    pub fn decode(&self, before: Tensor<2, Int>, encoded: Tensor<3>, sizes: &NetworkConfig) -> Tensor<3> {
        let [_, tokens] = before.dims();
        let mut x = self.decoder.embedding.forward(before) * (sizes.hidden as f64).sqrt();
        let turns = Turns::new(tokens, sizes.head, sizes.rotary_base, &x.device());
        for layer in &self.decoder.layers {
            x = layer.attention.apply(x, Seen::Own { turns: &turns, forward_only: true }, sizes.head);
            x = layer.cross.apply(x, Seen::Other(&encoded), sizes.head);
            x = layer.forward.apply(x);
        }
        self.decoder.norm.forward(x)
    }

    /// Logits of rows `[rows, hidden]` for the tokens that can stand at a slot `[rows, tokens]`.
    pub fn logits(&self, rows: Tensor<2>, slot: usize) -> Tensor<2> {
        let range = range(slot);
        let outputs = self.decoder.embedding.weight.val().narrow(0, usize::from(range.start), range.len());
        rows.matmul(outputs.transpose())
    }
}

/// Sum of the cross entropies in nats `[1]` of those tokens that count, and how many they are. Each is
/// compared with the tokens alone that can stand in its slot, as when the network plays.
pub fn loss(network: &Network, batch: &Batch, sizes: &NetworkConfig, device: &Device) -> (Tensor<1>, usize) {
    let shape = [batch.batch, batch.window, SLOTS];
    let ints = |tokens: &[Token]| -> Vec<i32> { tokens.iter().map(|t| i32::from(*t)).collect() };
    let read = Tensor::<3, Int>::from_data(TensorData::new(ints(&batch.read), shape), device);
    let wide = batch.window * SLOTS;
    let mut before = Vec::with_capacity(batch.written.len());
    for window in batch.written.chunks_exact(wide) {
        before.push(i32::from(BOS));
        before.extend(ints(&window[..wide - 1]));
    }
    let before = Tensor::<2, Int>::from_data(TensorData::new(before, [batch.batch, wide]), device);
    let rows = network.decode(before, network.encode(read, sizes), sizes);
    let rows = rows.reshape([batch.batch * wide, sizes.hidden]);
    let mut sum = Tensor::<1>::zeros([1], device);
    let mut count = 0;
    for slot in 0..SLOTS {
        let places = (slot..batch.written.len()).step_by(SLOTS).filter(|k| batch.counts[*k]);
        let places: Vec<i32> = places.map(|k| k as i32).collect();
        if places.is_empty() {
            continue;
        }
        let first = i32::from(range(slot).start);
        let targets: Vec<i32> =
            places.iter().map(|k| i32::from(batch.written[*k as usize]) - first).collect();
        let number = places.len();
        let at = Tensor::<1, Int>::from_data(TensorData::new(places, [number]), device);
        let targets = Tensor::<2, Int>::from_data(TensorData::new(targets, [number, 1]), device);
        let logits = network.logits(rows.clone().select(0, at), slot);
        sum = sum - log_softmax(logits, 1).gather(1, targets).sum();
        count += number;
    }
    (sum, count)
}

/// Writes a model folder.
///
/// # Errors
/// When a file cannot be written.
pub fn save(network: &Network, settings: &Settings, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    std::fs::write(folder.join("config.json"), serde_json::to_string_pretty(settings)? + "\n")?;
    Ok(neural::weights::save(network, &folder.join(FILE_NAME))?)
}
