//! The decoder: one position a token, with keys and values kept.

use neural::archive::Archive;
use neural::layers::{Attention, FeedForward, Memories, Sight, norm, normed};
use neural::product::Product;
use neural::rotary::Rotary;
use performers::PerformError;

use super::encoder::Encoding;
use crate::config::NetworkConfig;
use crate::tokens::{SLOTS, Token, VOCABULARY, range, slot};

/// The decoder's weights.
pub struct DecoderWeights {
    hidden: usize,
    /// Half the width of a head.
    half: usize,
    rotary_base: f64,
    /// `[VOCABULARY, hidden]`, also what the output is compared with.
    embedding: Vec<f32>,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    /// The rows of the embedding that can stand at each kind of place, as columns `[hidden, tokens]`.
    outputs: [Product; 4],
}

struct Layer {
    own: Attention,
    other: Attention,
    feed_forward: FeedForward,
}

/// The kind of a place: all values of the pedal are of one.
fn kind(slot: usize) -> usize {
    slot.min(slot::PEDAL).saturating_sub(1)
}

impl DecoderWeights {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub fn load(archive: &Archive, sizes: &NetworkConfig) -> Result<Self, PerformError> {
        let (hidden, layers) = (sizes.hidden, sizes.layer());
        let layer = |k: usize| {
            let part = |part: &str| format!("decoder.layers.{k}.{part}");
            Ok(Layer {
                own: Attention::load(archive, &part("attention"), &layers)?,
                other: Attention::load(archive, &part("cross"), &layers)?,
                feed_forward: FeedForward::load(archive, &part("forward"), &layers)?,
            })
        };
        let embedding = archive.numbers("decoder.embedding.weight", &[VOCABULARY, hidden])?;
        let output = |slot: usize| {
            let range = range(slot);
            let rows = &embedding[usize::from(range.start) * hidden..usize::from(range.end) * hidden];
            let turned: Vec<f32> =
                (0..hidden).flat_map(|k| rows.iter().skip(k).step_by(hidden).copied()).collect();
            Product::from_rows(&turned, range.len())
        };
        Ok(Self {
            hidden,
            half: sizes.head / 2,
            rotary_base: sizes.rotary_base,
            outputs: [slot::IOI, slot::VELOCITY, slot::DURATION, slot::PEDAL].map(output),
            embedding,
            layers: (0..sizes.decoder_layers).map(layer).collect::<Result<_, PerformError>>()?,
            norm: norm(archive, "decoder.norm", hidden)?,
        })
    }
}

/// The decoder with what it played so far.
pub struct Decoder<'a> {
    weights: &'a DecoderWeights,
    rotary: Rotary,
    position: usize,
    own: Vec<Memories>,
    other: Vec<Memories>,
    /// After the last token `[hidden]`.
    last: Vec<f32>,
}

impl<'a> Decoder<'a> {
    /// Nothing played yet of notes that the encoder has read.
    pub fn new(weights: &'a DecoderWeights, encoding: &Encoding) -> Self {
        let notes = encoding.0.len() / weights.hidden;
        let other = weights.layers.iter().map(|layer| {
            let mut memories = layer.other.memories();
            layer.other.remember(&mut memories, &encoding.0, None);
            memories
        });
        Self {
            rotary: Rotary::new(notes * SLOTS + 1, weights.half, weights.rotary_base),
            position: 0,
            own: weights.layers.iter().map(|layer| layer.own.memories()).collect(),
            other: other.collect(),
            last: Vec::new(),
            weights,
        }
    }

    /// Goes on with tokens, of which there are at least one and at most as many as the notes have, with
    /// the first before them.
    pub fn advance(&mut self, tokens: &[Token]) {
        let weights = self.weights;
        let hidden = weights.hidden;
        let scale = (hidden as f32).sqrt();
        let row = |token: &Token| &weights.embedding[usize::from(*token) * hidden..][..hidden];
        let mut x: Vec<f32> = tokens.iter().flat_map(row).map(|v| scale * v).collect();
        for (k, layer) in weights.layers.iter().enumerate() {
            let sight = Sight::From(self.position + 1);
            layer.own.attend_to_self(&mut x, &mut self.own[k], &self.rotary, self.position, sight);
            layer.other.attend_to_other(&mut x, &self.other[k]);
            layer.feed_forward.apply(&mut x);
        }
        self.position += tokens.len();
        self.last = normed(&x[x.len() - hidden..], &weights.norm);
    }

    /// For each token of a slot's [`range`] the logarithm of its share, but for a constant, to be the next.
    /// The slot of the pitch is none of these: pitches are the score's.
    pub fn logits(&self, slot: usize) -> Vec<f32> {
        debug_assert!(slot > slot::PITCH);
        self.weights.outputs[kind(slot)].of(&self.last)
    }
}
