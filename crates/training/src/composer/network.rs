//! The network in Burn: for training. `cadenza::composer` plays the same weights and says what each part is from.

use burn::module::{Initializer, Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, Linear, RmsNorm};
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use cadenza::composer::config::NetworkConfig;

use crate::layers::{Attention, FeedForward, Seen, linear, norm};
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

/// A network with random weights, normal with variance one over the width of what they are multiplied with.
pub fn init(sizes: &NetworkConfig, device: &Device) -> Network {
    let NetworkConfig { vocabulary, hidden, latent, .. } = *sizes;
    let embedding = || {
        let initializer = Initializer::Normal { mean: 0.0, std: (hidden as f64).powf(-0.5) };
        EmbeddingConfig::new(vocabulary, hidden).with_initializer(initializer).init(device)
    };
    let norm = || norm(hidden, device);
    let attention = || Attention::init(&sizes.layer(), 1.0, Some(norm()), device);
    let forward = || FeedForward::init(&sizes.layer(), 1.0, Some(norm()), device);
    let encoder_layer = |_| EncoderLayer { attention: attention(), forward: forward() };
    let decoder_layer = |_| DecoderLayer {
        latent: linear(latent, hidden, false, 1.0, device),
        attention: attention(),
        forward: forward(),
    };
    Network {
        encoder: Encoder {
            embedding: embedding(),
            layers: (0..sizes.encoder_layers).map(encoder_layer).collect(),
            norm: norm(),
            mean: affine(2 * hidden, latent, 1.0, 0.0, device),
            log_variance: affine(2 * hidden, latent, 0.1, FIRST_LOG_VARIANCE, device),
        },
        decoder: Decoder {
            embedding: embedding(),
            layers: (0..sizes.decoder_layers).map(decoder_layer).collect(),
            norm: norm(),
        },
    }
}

fn affine(input: usize, output: usize, scale: f64, bias: f64, device: &Device) -> Linear {
    let bias = Tensor::<1>::full([output], bias, device);
    Linear { bias: Some(Param::from_tensor(bias)), ..linear(input, output, false, scale, device) }
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
        let seen = if is_padded {
            let padding = TensorData::new(padding, [batch, 1, 1, tokens]);
            Seen::AllBut(Box::new(Tensor::<4, Bool>::from_data(padding, &device)))
        } else {
            Seen::All
        };
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
