//! BERT as a sentence encoder: the network of all-MiniLM-L6-v2.
//!
//! After Devlin and others 2019 (arXiv 1810.04805), section 3: the sum of word piece, position and
//! type embeddings, then post-norm blocks of attention and a feed-forward with GELU. A sentence is
//! the mean of its tokens, made unit length (Reimers and Gurevych 2019, arXiv 1908.10084, section 3).

mod layers;
mod settings;

use std::path::Path;

use burn::tensor::{Device, Int, Tensor, TensorData};
use neural::archive::Archive;

use super::error::TextError;
use super::files::read_json;
use super::vector::unit;
use layers::{Layer, Norm, Reader};
pub use settings::BertSettings;

/// Name of the settings in a published model folder.
const SETTINGS: &str = "config.json";
/// Name of the weights in a published model folder.
pub const WEIGHTS: &str = "model.safetensors";

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

impl Bert {
    /// Reads a model folder of the published layout.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, TextError> {
        let path = folder.join(SETTINGS);
        let settings: BertSettings = read_json(&path)?;
        settings::check(&settings).map_err(|what| TextError::files(&path, what))?;
        let archive = Archive::read(&folder.join(WEIGHTS))?;
        let reader = Reader { archive, settings: &settings, device };
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
        Ok(values.chunks_exact(self.settings.hidden_size).map(unit).collect())
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
