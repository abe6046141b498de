//! The network in Burn: for training. `cadenza::composer` plays the same weights and says what each part is from.

use burn::module::{Initializer, Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig, RmsNorm, RmsNormConfig};
use burn::tensor::activation::silu;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use cadenza::composer::config::NetworkConfig;

use crate::rotary::Turns;

/// Logarithms of variances stay within this, so that none is nothing or infinite.
const LARGEST_LOG_VARIANCE: f64 = 12.0;

/// Where logarithms of variances begin: posteriors are narrow, so that the latent vector says something from
/// the start.
const FIRST_LOG_VARIANCE: f64 = -4.0;

/// The network's weights, under the names that `cadenza` reads.
#[derive(Module, Debug)]
pub struct Network {
    encoder: Encoder,
    decoder: Decoder,
}

#[derive(Module, Debug)]
struct Encoder {
    embedding: Embedding,
    layers: Vec<EncoderLayer>,
    norm: RmsNorm,
    mean: Linear,
    log_variance: Linear,
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
    latent: Linear,
    attention: Attention,
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

/// A network with random weights, normal with variance one over the width of what they are multiplied with.
pub fn init(sizes: &NetworkConfig, device: &Device) -> Network {
    let NetworkConfig { vocabulary, hidden, latent, .. } = *sizes;
    let embedding = || {
        let initializer = Initializer::Normal { mean: 0.0, std: (hidden as f64).powf(-0.5) };
        EmbeddingConfig::new(vocabulary, hidden).with_initializer(initializer).init(device)
    };
    let encoder_layer = |_| EncoderLayer {
        attention: Attention::init(sizes, device),
        forward: FeedForward::init(sizes, device),
    };
    let decoder_layer = |_| DecoderLayer {
        latent: linear(latent, hidden, 1.0, device),
        attention: Attention::init(sizes, device),
        forward: FeedForward::init(sizes, device),
    };
    Network {
        encoder: Encoder {
            embedding: embedding(),
            layers: (0..sizes.encoder_layers).map(encoder_layer).collect(),
            norm: norm(sizes, device),
            mean: affine(2 * hidden, latent, 1.0, 0.0, device),
            log_variance: affine(2 * hidden, latent, 0.1, FIRST_LOG_VARIANCE, device),
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

fn linear(input: usize, output: usize, scale: f64, device: &Device) -> Linear {
    let initializer = Initializer::Normal { mean: 0.0, std: scale * (input as f64).powf(-0.5) };
    LinearConfig::new(input, output).with_bias(false).with_initializer(initializer).init(device)
}

fn affine(input: usize, output: usize, scale: f64, bias: f64, device: &Device) -> Linear {
    let bias = Tensor::<1>::full([output], bias, device);
    Linear { bias: Some(Param::from_tensor(bias)), ..linear(input, output, scale, device) }
}

impl Attention {
    fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.heads * sizes.head);
        Self {
            before: norm(sizes, device),
            query: linear(hidden, wide, 1.0, device),
            key: linear(hidden, wide, 1.0, device),
            value: linear(hidden, wide, 1.0, device),
            out: linear(wide, hidden, 1.0, device),
            after: norm(sizes, device),
        }
    }

    /// Adds attention of rows `[batch, tokens, hidden]` to themselves.
    fn apply(&self, x: Tensor<3>, turns: &Turns, head: usize, seen: &Seen) -> Tensor<3> {
        let normed = self.before.forward(x.clone());
        let heads = |rows: Tensor<3>| {
            let [batch, tokens, width] = rows.dims();
            rows.reshape([batch, tokens, width / head, head]).swap_dims(1, 2)
        };
        let query = turns.turn(heads(self.query.forward(normed.clone())));
        let key = turns.turn(heads(self.key.forward(normed.clone())));
        let value = heads(self.value.forward(normed));
        let [batch, all, tokens, _] = query.dims();
        let (mask, is_causal) = match seen {
            Seen::Before => (None, true),
            Seen::All(padding) => {
                let expanded = |p: &Tensor<2, Bool>| {
                    p.clone().reshape([batch, 1, 1, tokens]).expand([batch, all, tokens, tokens])
                };
                (padding.as_deref().map(expanded), false)
            }
        };
        let options = AttentionModuleOptions { is_causal, ..Default::default() };
        let mixed = attention(query, key, value, mask, None, options);
        let mixed = mixed.swap_dims(1, 2).reshape([batch, tokens, all * head]);
        x + self.after.forward(self.out.forward(mixed))
    }
}

/// What rows see.
enum Seen {
    /// Themselves and those before.
    Before,
    /// All but padding, which is where this is true `[batch, tokens]`.
    All(Option<Box<Tensor<2, Bool>>>),
}

impl FeedForward {
    fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        let (hidden, wide) = (sizes.hidden, sizes.feed_forward);
        Self {
            before: norm(sizes, device),
            gate: linear(hidden, wide, 1.0, device),
            up: linear(hidden, wide, 1.0, device),
            down: linear(wide, hidden, 1.0, device),
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
    /// Mean and logarithm of the variance `[batch, latent]` of segments of tokens `[batch, tokens]`, each from
    /// its beginning on, of which the first `lengths` are in use.
    pub fn encode(&self, read: Tensor<2, Int>, lengths: &[usize], sizes: &NetworkConfig) -> [Tensor<2>; 2] {
        let [batch, tokens] = read.dims();
        let mut x = self.encoder.embedding.forward(read) * (sizes.hidden as f64).sqrt();
        let device = x.device();
        let turns = Turns::new(tokens, sizes.head, sizes.rotary_base, &device);
        let padding: Vec<bool> =
            lengths.iter().flat_map(|length| (0..tokens).map(move |k| k >= *length)).collect();
        let is_padded = padding.contains(&true);
        let padding = is_padded
            .then(|| Tensor::<2, Bool>::from_data(TensorData::new(padding, [batch, tokens]), &device));
        let seen = Seen::All(padding.map(Box::new));
        for layer in &self.encoder.layers {
            x = layer.attention.apply(x, &turns, sizes.head, &seen);
            x = layer.forward.apply(x);
        }
        let rows = self.encoder.norm.forward(x);
        // The share of every row in the mean of those after the beginning.
        let share = |length: usize, k: usize| {
            if (1..length).contains(&k) { 1.0 / (length - 1) as f32 } else { 0.0 }
        };
        let shares: Vec<f32> =
            lengths.iter().flat_map(|length| (0..tokens).map(move |k| share(*length, k))).collect();
        let shares = Tensor::<3>::from_data(TensorData::new(shares, [batch, 1, tokens]), &device);
        let pooled = Tensor::cat(vec![rows.clone().narrow(1, 0, 1), shares.matmul(rows)], 2);
        let pooled = pooled.reshape([batch, 2 * sizes.hidden]);
        let log_variance = self.encoder.log_variance.forward(pooled.clone());
        [self.encoder.mean.forward(pooled), log_variance.clamp(-LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)]
    }

    /// Rows after each of the tokens `[batch, tokens]`, for latent vectors `[batch, latent]`:
    /// `[batch, tokens, hidden]`.
    pub fn decode(&self, before: Tensor<2, Int>, latent: Tensor<2>, sizes: &NetworkConfig) -> Tensor<3> {
        let [batch, tokens] = before.dims();
        let mut x = self.decoder.embedding.forward(before) * (sizes.hidden as f64).sqrt();
        let turns = Turns::new(tokens, sizes.head, sizes.rotary_base, &x.device());
        for layer in &self.decoder.layers {
            let joined = layer.latent.forward(latent.clone()).reshape([batch, 1, sizes.hidden]);
            x = layer.attention.apply(x + joined, &turns, sizes.head, &Seen::Before);
            x = layer.forward.apply(x);
        }
        self.decoder.norm.forward(x)
    }

    /// Logits of rows `[rows, hidden]` for all tokens `[rows, vocabulary]`.
    pub fn logits(&self, rows: Tensor<2>) -> Tensor<2> {
        rows.matmul(self.decoder.embedding.weight.val().transpose())
    }
}
