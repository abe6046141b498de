//! BERT as a sentence encoder: the network of all-MiniLM-L6-v2.
//!
//! After Devlin and others 2019 (arXiv 1810.04805), section 3: the sum of word piece, position and
//! type embeddings, then post-norm blocks of attention and a feed-forward with GELU. A sentence is
//! the mean of its tokens, made unit length (Reimers and Gurevych 2019, arXiv 1908.10084, section 3).

use std::path::Path;

use burn::tensor::activation::{gelu, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::TextError;
use super::archive::{Archive, read, read_json};

/// Name of the settings in a published model folder.
const SETTINGS: &str = "config.json";
/// Name of the weights in a published model folder.
pub const WEIGHTS: &str = "model.safetensors";

/// The published settings that matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BertSettings {
    /// Width of a token.
    pub hidden_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Heads of attention.
    pub num_attention_heads: usize,
    /// Width of the feed-forward.
    pub intermediate_size: usize,
    /// Most tokens in a text, the first and the last mark among them.
    pub max_position_embeddings: usize,
    /// Word pieces.
    pub vocab_size: usize,
    /// Kinds of tokens; texts alone are all of the first kind.
    pub type_vocab_size: usize,
    /// Added to variances before a root is taken.
    pub layer_norm_eps: f64,
    /// `gelu`.
    pub hidden_act: String,
}

/// The network with its weights.
pub struct Bert {
    settings: BertSettings,
    words: Tensor<2>,
    /// Position and type embeddings added up `[positions, hidden]`.
    places: Tensor<2>,
    norm: Norm,
    layers: Vec<Layer>,
    device: Device,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    norm_attention: Norm,
    up: Linear,
    down: Linear,
    norm_forward: Norm,
}

struct Linear {
    weight: Tensor<2>,
    bias: Tensor<1>,
}

struct Norm {
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
}

impl Bert {
    /// Reads a model folder of the published layout.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, TextError> {
        let path = folder.join(SETTINGS);
        let settings: BertSettings = read_json(&path)?;
        check(&settings).map_err(|what| TextError::files(&path, what))?;
        let path = folder.join(WEIGHTS);
        let bytes = read(&path)?;
        let reader = Reader { archive: Archive::parse(&bytes, &path)?, settings: &settings, device };
        let words = reader.table("word_embeddings", settings.vocab_size)?;
        let places = reader.table("position_embeddings", settings.max_position_embeddings)?;
        let types = reader.table("token_type_embeddings", settings.type_vocab_size)?;
        let places = places + types.narrow(0, 0, 1);
        let norm = reader.norm("embeddings.LayerNorm")?;
        let layers = (0..settings.num_hidden_layers).map(|k| reader.layer(k)).collect::<Result<_, _>>()?;
        Ok(Self { words, places, norm, layers, device: device.clone(), settings })
    }

    /// Its sizes.
    pub fn settings(&self) -> &BertSettings {
        &self.settings
    }

    /// One vector of unit length and [`BertSettings::hidden_size`] values for each text, given as
    /// numbers of word pieces with both marks. Texts are padded to the longest of them.
    ///
    /// A number outside the vocabulary, a text of no tokens or one that is too long is an error.
    pub fn embed(&self, texts: &[Vec<u32>]) -> Result<Vec<Vec<f32>>, TextError> {
        let Some(tokens) = texts.iter().map(Vec::len).max() else { return Ok(Vec::new()) };
        let most = self.settings.max_position_embeddings;
        if tokens > most {
            return Err(TextError::TooLong { found: tokens, most });
        }
        let known = |id: &u32| (*id as usize) < self.settings.vocab_size;
        if texts.iter().any(Vec::is_empty) || !texts.iter().flatten().all(known) {
            return Err(TextError::Tokens);
        }
        let batch = texts.len();
        let mut ids = vec![0; batch * tokens];
        let mut real = vec![0.0; batch * tokens];
        for (row, text) in texts.iter().enumerate() {
            for (place, id) in text.iter().enumerate() {
                ids[row * tokens + place] = i64::from(*id);
                real[row * tokens + place] = 1.0;
            }
        }
        let real = Tensor::<3>::from_data(TensorData::new(real, [batch, tokens, 1]), &self.device);
        let x = self.forward(ids, real.clone());
        let count = real.clone().sum_dim(1);
        let mean = (x * real).sum_dim(1) / count;
        let values: Vec<f32> = mean.into_data().iter::<f32>().collect();
        Ok(values.chunks_exact(self.settings.hidden_size).map(super::unit).collect())
    }

    /// Token numbers `[batch * tokens]`, 1 where a token is real `[batch, tokens, 1]`, to
    /// `[batch, tokens, hidden]`.
    fn forward(&self, ids: Vec<i64>, real: Tensor<3>) -> Tensor<3> {
        let [batch, tokens, _] = real.dims();
        let hidden = self.settings.hidden_size;
        let ids = Tensor::<1, Int>::from_data(TensorData::new(ids, [batch * tokens]), &self.device);
        let words = self.words.clone().select(0, ids).reshape([batch, tokens, hidden]);
        let places = self.places.clone().narrow(0, 0, tokens).unsqueeze::<3>();
        // Far enough below every score that nothing is left of it after the softmax.
        let mask = ((real - 1.0) * 1e9).reshape([batch, 1, 1, tokens]);
        let heads = self.settings.num_attention_heads;
        let start = self.norm.apply(words + places);
        self.layers.iter().fold(start, |x, layer| layer.forward(x, &mask, heads))
    }
}

/// Sizes that make sense together.
fn check(settings: &BertSettings) -> Result<(), String> {
    let s = settings;
    let sizes = [s.hidden_size, s.num_hidden_layers, s.num_attention_heads, s.intermediate_size];
    let sane = sizes.iter().all(|n| (1..=16_384).contains(n))
        && s.num_hidden_layers <= 128
        && s.hidden_size.is_multiple_of(s.num_attention_heads)
        && (2..=65_536).contains(&s.max_position_embeddings)
        && (1..=4_000_000).contains(&s.vocab_size)
        && (1..=64).contains(&s.type_vocab_size)
        && (0.0..0.1).contains(&s.layer_norm_eps);
    if !sane {
        return Err("the encoder's settings give impossible sizes".into());
    }
    if s.hidden_act != "gelu" {
        return Err(format!("the encoder's activation is `{}`; only `gelu` is known", s.hidden_act));
    }
    Ok(())
}

/// Reads the parts of the network.
struct Reader<'a> {
    archive: Archive<'a>,
    settings: &'a BertSettings,
    device: &'a Device,
}

impl Reader<'_> {
    fn table(&self, name: &str, rows: usize) -> Result<Tensor<2>, TextError> {
        let name = format!("embeddings.{name}.weight");
        self.archive.tensor(&name, [rows, self.settings.hidden_size], self.device)
    }

    fn norm(&self, name: &str) -> Result<Norm, TextError> {
        let part =
            |part| self.archive.tensor(&format!("{name}.{part}"), [self.settings.hidden_size], self.device);
        Ok(Norm { gamma: part("weight")?, beta: part("bias")?, epsilon: self.settings.layer_norm_eps })
    }

    fn linear(&self, name: &str, input: usize, output: usize) -> Result<Linear, TextError> {
        let weight = self.archive.matrix(&format!("{name}.weight"), input, output, self.device)?;
        let bias = self.archive.tensor(&format!("{name}.bias"), [output], self.device)?;
        Ok(Linear { weight, bias })
    }

    fn layer(&self, k: usize) -> Result<Layer, TextError> {
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        let (hidden, wide) = (self.settings.hidden_size, self.settings.intermediate_size);
        Ok(Layer {
            query: self.linear(&name("attention.self.query"), hidden, hidden)?,
            key: self.linear(&name("attention.self.key"), hidden, hidden)?,
            value: self.linear(&name("attention.self.value"), hidden, hidden)?,
            attended: self.linear(&name("attention.output.dense"), hidden, hidden)?,
            norm_attention: self.norm(&name("attention.output.LayerNorm"))?,
            up: self.linear(&name("intermediate.dense"), hidden, wide)?,
            down: self.linear(&name("output.dense"), wide, hidden)?,
            norm_forward: self.norm(&name("output.LayerNorm"))?,
        })
    }
}

impl Layer {
    fn forward(&self, x: Tensor<3>, mask: &Tensor<4>, heads: usize) -> Tensor<3> {
        let x = self.norm_attention.apply(self.attend(x.clone(), mask, heads) + x);
        let forwarded = self.down.apply(gelu(self.up.apply(x.clone())));
        self.norm_forward.apply(forwarded + x)
    }

    fn attend(&self, x: Tensor<3>, mask: &Tensor<4>, heads: usize) -> Tensor<3> {
        let [batch, tokens, hidden] = x.dims();
        let head = hidden / heads;
        let split =
            |linear: &Linear| linear.apply(x.clone()).reshape([batch, tokens, heads, head]).swap_dims(1, 2);
        let scores = split(&self.query).matmul(split(&self.key).swap_dims(2, 3)) / (head as f64).sqrt();
        let mixed = softmax(scores + mask.clone(), 3).matmul(split(&self.value));
        self.attended.apply(mixed.swap_dims(1, 2).reshape([batch, tokens, hidden]))
    }
}

impl Linear {
    fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        x.matmul(self.weight.clone().unsqueeze()) + self.bias.clone().unsqueeze()
    }
}

impl Norm {
    fn apply(&self, x: Tensor<3>) -> Tensor<3> {
        let centred = x.clone() - x.mean_dim(2);
        let variance = (centred.clone() * centred.clone()).mean_dim(2);
        let scaled = centred / (variance + self.epsilon).sqrt();
        scaled * self.gamma.clone().unsqueeze() + self.beta.clone().unsqueeze()
    }
}
