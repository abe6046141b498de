//! The decoder: one position a token, with keys and values kept.

use neural::archive::Archive;
use neural::layers::{Attention, FeedForward, Memories, Sight, norm, normed};
use neural::product::Product;
use neural::rotary::Rotary;
use neural::weights::WeightsError;

use super::config::NetworkConfig;

/// The decoder's weights.
pub struct DecoderWeights {
    hidden: usize,
    /// Half the width of a head.
    half: usize,
    rotary_base: f64,
    /// `[vocabulary, hidden]`
    embedding: Vec<f32>,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    /// The embedding once more, as columns `[hidden, vocabulary]`: what the output is compared with.
    outputs: Product,
}

struct Layer {
    /// Makes of the latent vector what is added to the rows `[latent, hidden]`.
    latent: Product,
    attention: Attention,
    feed_forward: FeedForward,
}

impl DecoderWeights {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub fn load(archive: &Archive, sizes: &NetworkConfig) -> Result<Self, WeightsError> {
        let (hidden, layers) = (sizes.hidden, sizes.layer());
        let layer = |k: usize| {
            let part = |part: &str| format!("decoder.layers.{k}.{part}");
            Ok(Layer {
                latent: Product::load(archive, &part("latent"), sizes.latent, hidden)?,
                attention: Attention::load(archive, &part("attention"), &layers)?,
                feed_forward: FeedForward::load(archive, &part("forward"), &layers)?,
            })
        };
        let layers = (0..sizes.decoder_layers).map(layer).collect::<Result<_, WeightsError>>()?;
        let embedding = archive.numbers("decoder.embedding.weight", &[sizes.vocabulary, hidden])?;
        let turned: Vec<f32> =
            (0..hidden).flat_map(|k| embedding.iter().skip(k).step_by(hidden).copied()).collect();
        Ok(Self {
            hidden,
            half: sizes.head / 2,
            rotary_base: sizes.rotary_base,
            outputs: Product::from_rows(&turned, sizes.vocabulary),
            embedding,
            layers,
            norm: norm(archive, "decoder.norm", hidden)?,
        })
    }
}

/// The decoder with what it has written so far.
pub struct Decoder<'a> {
    weights: &'a DecoderWeights,
    rotary: Rotary,
    position: usize,
    memories: Vec<Memories>,
    /// What each layer adds to every row `[layers][hidden]`.
    joined: Vec<Vec<f32>>,
}

impl<'a> Decoder<'a> {
    /// Nothing written yet, for a latent vector and at most so many positions.
    pub fn new(weights: &'a DecoderWeights, latent: &[f32], positions: usize) -> Self {
        Self {
            rotary: Rotary::new(positions, weights.half, weights.rotary_base),
            position: 0,
            memories: weights.layers.iter().map(|layer| layer.attention.memories()).collect(),
            joined: weights.layers.iter().map(|layer| layer.latent.of(latent)).collect(),
            weights,
        }
    }

    /// Goes on with tokens, the first of all being the one that begins a segment. After each of them, the
    /// logits of all tokens to be the next: `[tokens, vocabulary]`.
    pub fn advance(&mut self, tokens: &[u32]) -> Vec<f32> {
        let weights = self.weights;
        let hidden = weights.hidden;
        let scale = (hidden as f32).sqrt();
        let row = |token: &u32| &weights.embedding[*token as usize * hidden..][..hidden];
        let mut x: Vec<f32> = tokens.iter().flat_map(row).map(|value| scale * value).collect();
        for (k, layer) in weights.layers.iter().enumerate() {
            for row in x.chunks_exact_mut(hidden) {
                row.iter_mut().zip(&self.joined[k]).for_each(|(value, joined)| *value += joined);
            }
            let sight = Sight::From(self.position + 1);
            layer.attention.attend_to_self(&mut x, &mut self.memories[k], &self.rotary, self.position, sight);
            layer.feed_forward.apply(&mut x);
        }
        self.position += tokens.len();
        weights.outputs.of(&normed(&x, &weights.norm))
    }
}
