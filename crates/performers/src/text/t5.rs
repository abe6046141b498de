//! The encoder of T5 1.1 and Flan-T5, from weights of the published layout.
//!
//! After Raffel and others 2020 (arXiv 1910.10683), section 2.1, with the changes of version 1.1:
//! pre-norm blocks with root-mean-square norms and no biases, attention without scaling and with a
//! learned bias for the distance of two tokens (one table for all blocks), a feed-forward gated by
//! GELU. It takes numbers of tokens; how T5 cuts a text into them is no part of this module.

use std::path::Path;

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use serde::Deserialize;

use super::TextError;
use super::archive::{Archive, read, read_json};

/// The published settings that matter.
#[derive(Clone, Debug, Deserialize)]
pub struct T5Settings {
    /// Width of a token.
    pub d_model: usize,
    /// Width of a head.
    pub d_kv: usize,
    /// Width of the feed-forward.
    pub d_ff: usize,
    /// Blocks of the encoder.
    pub num_layers: usize,
    /// Heads of attention.
    pub num_heads: usize,
    /// Rows of the table of distances.
    pub relative_attention_num_buckets: usize,
    /// From here on all distances are one. Older settings leave it out.
    #[serde(default = "default_distance")]
    pub relative_attention_max_distance: usize,
    /// Added to mean squares before a root is taken.
    pub layer_norm_epsilon: f64,
    /// `gated-gelu`.
    pub feed_forward_proj: String,
    /// Tokens that there are.
    pub vocab_size: usize,
}

fn default_distance() -> usize {
    128
}

/// Most tokens of a text; the published models were trained on 512.
const MOST_TOKENS: usize = 512;

/// The encoder with its weights.
pub struct T5Encoder {
    settings: T5Settings,
    words: Tensor<2>,
    /// One row a distance `[buckets, heads]`.
    distances: Tensor<2>,
    blocks: Vec<Block>,
    norm: Tensor<1>,
    device: Device,
}

struct Block {
    norm_attention: Tensor<1>,
    query: Tensor<2>,
    key: Tensor<2>,
    value: Tensor<2>,
    attended: Tensor<2>,
    norm_forward: Tensor<1>,
    gate: Tensor<2>,
    up: Tensor<2>,
    down: Tensor<2>,
}

impl T5Encoder {
    /// Reads `config.json` and `model.safetensors` of a folder. A decoder in the file is left alone.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, TextError> {
        let path = folder.join("config.json");
        let settings: T5Settings = read_json(&path)?;
        check(&settings).map_err(|what| TextError::files(&path, what))?;
        let path = folder.join("model.safetensors");
        let bytes = read(&path)?;
        let archive = Archive::parse(&bytes, &path)?;
        let s = &settings;
        let shared = "shared.weight";
        // Files with tied weights hold the table under either name.
        let words = if archive.has(shared) { shared } else { "encoder.embed_tokens.weight" };
        let words = archive.tensor(words, [s.vocab_size, s.d_model], device)?;
        let distances = archive.tensor(
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
            [s.relative_attention_num_buckets, s.num_heads],
            device,
        )?;
        let norm = archive.tensor("encoder.final_layer_norm.weight", [s.d_model], device)?;
        let blocks =
            (0..s.num_layers).map(|k| Block::read(&archive, s, k, device)).collect::<Result<_, _>>()?;
        Ok(Self { words, distances, blocks, norm, device: device.clone(), settings })
    }

    /// One row of `d_model` values for each token.
    pub fn forward(&self, ids: &[u32]) -> Result<Vec<Vec<f32>>, TextError> {
        let tokens = ids.len();
        if tokens > MOST_TOKENS {
            return Err(TextError::TooLong { found: tokens, most: MOST_TOKENS });
        }
        if tokens == 0 || ids.iter().any(|id| *id as usize >= self.settings.vocab_size) {
            return Err(TextError::Tokens);
        }
        let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
        let ids = Tensor::<1, Int>::from_data(TensorData::new(ids, [tokens]), &self.device);
        let bias = self.bias(tokens);
        let epsilon = self.settings.layer_norm_epsilon;
        let heads = self.settings.num_heads;
        let start = self.words.clone().select(0, ids);
        let x = self.blocks.iter().fold(start, |x, block| block.forward(x, &bias, heads, epsilon));
        let values: Vec<f32> = scale(x, &self.norm, epsilon).into_data().iter::<f32>().collect();
        Ok(values.chunks_exact(self.settings.d_model).map(<[f32]>::to_vec).collect())
    }

    /// The mean of the tokens, made unit length.
    pub fn embed(&self, ids: &[u32]) -> Result<Vec<f32>, TextError> {
        let rows = self.forward(ids)?;
        let sum = |k: usize| rows.iter().map(|row| row[k]).sum::<f32>();
        Ok(super::unit(&(0..self.settings.d_model).map(sum).collect::<Vec<_>>()))
    }

    /// What is added to the scores for the distance of query and key `[heads, tokens, tokens]`.
    fn bias(&self, tokens: usize) -> Tensor<3> {
        let s = &self.settings;
        let rows: Vec<i64> = (0..tokens * tokens)
            .map(|k| {
                let distance = (k % tokens) as i64 - (k / tokens) as i64;
                bucket(distance, s.relative_attention_num_buckets, s.relative_attention_max_distance) as i64
            })
            .collect();
        let rows = Tensor::<1, Int>::from_data(TensorData::new(rows, [tokens * tokens]), &self.device);
        self.distances.clone().select(0, rows).swap_dims(0, 1).reshape([s.num_heads, tokens, tokens])
    }
}

/// The row of a distance: half of the rows for keys after the query; in each half the first rows
/// are one distance each, the others grow by powers up to the largest (section 2.1).
fn bucket(distance: i64, buckets: usize, largest: usize) -> usize {
    let half = buckets / 2;
    let exact = half / 2;
    let away = distance.unsigned_abs() as usize;
    let row = if away < exact {
        away
    } else {
        let grown = (away as f64 / exact as f64).ln() / (largest as f64 / exact as f64).ln();
        (exact + (grown * (half - exact) as f64) as usize).min(half - 1)
    };
    if distance > 0 { half + row } else { row }
}

/// Sizes that make sense together.
fn check(s: &T5Settings) -> Result<(), String> {
    let sizes = [s.d_model, s.d_kv, s.d_ff, s.num_layers, s.num_heads];
    let sane = sizes.iter().all(|n| (1..=65_536).contains(n))
        && s.num_layers <= 128
        && s.num_heads <= 1024
        && (4..=4096).contains(&s.relative_attention_num_buckets)
        && s.relative_attention_max_distance > s.relative_attention_num_buckets / 4
        && (1..=4_000_000).contains(&s.vocab_size)
        && (0.0..0.1).contains(&s.layer_norm_epsilon);
    if !sane {
        return Err("the encoder's settings give impossible sizes".into());
    }
    if s.feed_forward_proj != "gated-gelu" {
        return Err(format!(
            "the encoder's feed-forward is `{}`; T5 1.1 and Flan-T5 have `gated-gelu`",
            s.feed_forward_proj
        ));
    }
    Ok(())
}

impl Block {
    fn read(archive: &Archive<'_>, s: &T5Settings, k: usize, device: &Device) -> Result<Self, TextError> {
        let inner = s.num_heads * s.d_kv;
        let name = |part: &str| format!("encoder.block.{k}.layer.{part}.weight");
        let norm = |part: &str| archive.tensor(&name(part), [s.d_model], device);
        let matrix = |part: &str, from, to| archive.matrix(&name(part), from, to, device);
        Ok(Self {
            norm_attention: norm("0.layer_norm")?,
            query: matrix("0.SelfAttention.q", s.d_model, inner)?,
            key: matrix("0.SelfAttention.k", s.d_model, inner)?,
            value: matrix("0.SelfAttention.v", s.d_model, inner)?,
            attended: matrix("0.SelfAttention.o", inner, s.d_model)?,
            norm_forward: norm("1.layer_norm")?,
            gate: matrix("1.DenseReluDense.wi_0", s.d_model, s.d_ff)?,
            up: matrix("1.DenseReluDense.wi_1", s.d_model, s.d_ff)?,
            down: matrix("1.DenseReluDense.wo", s.d_ff, s.d_model)?,
        })
    }

    fn forward(&self, x: Tensor<2>, bias: &Tensor<3>, heads: usize, epsilon: f64) -> Tensor<2> {
        let x = x.clone() + self.attend(scale(x, &self.norm_attention, epsilon), bias, heads);
        let normed = scale(x.clone(), &self.norm_forward, epsilon);
        let gate = gelu_by_tanh(normed.clone().matmul(self.gate.clone()));
        x + (gate * normed.matmul(self.up.clone())).matmul(self.down.clone())
    }

    fn attend(&self, x: Tensor<2>, bias: &Tensor<3>, heads: usize) -> Tensor<2> {
        let [tokens, _] = x.dims();
        let [_, inner] = self.query.dims();
        let split = |matrix: &Tensor<2>| {
            x.clone().matmul(matrix.clone()).reshape([tokens, heads, inner / heads]).swap_dims(0, 1)
        };
        let scores = split(&self.query).matmul(split(&self.key).swap_dims(1, 2)) + bias.clone();
        let mixed: Tensor<3> = softmax(scores, 2).matmul(split(&self.value));
        mixed.swap_dims(0, 1).reshape([tokens, inner]).matmul(self.attended.clone())
    }
}

/// Divides by the root of the mean square and multiplies by the norm's weights.
fn scale(x: Tensor<2>, gamma: &Tensor<1>, epsilon: f64) -> Tensor<2> {
    let square = (x.clone() * x.clone()).mean_dim(1);
    x / (square + epsilon).sqrt() * gamma.clone().unsqueeze()
}

/// GELU by its approximation (Hendrycks and Gimpel, arXiv 1606.08415, section 2). Burn's own raises
/// to a power, which is no number for negative values on some graphics processors.
fn gelu_by_tanh(x: Tensor<2>) -> Tensor<2> {
    let cube = x.clone() * x.clone() * x.clone();
    let inner = (x.clone() + cube * 0.044_715) * (2.0 / std::f64::consts::PI).sqrt();
    x * (inner.tanh() + 1.0) * 0.5
}

#[cfg(test)]
mod tests {
    use super::bucket;

    #[test]
    fn near_distances_have_rows_of_their_own() {
        assert_eq!([0, -1, -7].map(|d| bucket(d, 32, 128)), [0, 1, 7]);
        assert_eq!([1, 7].map(|d| bucket(d, 32, 128)), [17, 23]);
    }

    #[test]
    fn far_distances_share_the_last_row() {
        assert_eq!([-8, -127, -128, -100_000].map(|d| bucket(d, 32, 128)), [8, 15, 15, 15]);
        assert_eq!(bucket(100_000, 32, 128), 31);
    }
}
