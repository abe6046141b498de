//! The network in Burn: for training. `pianist_transformer::network` plays the same weights and says what
//! each part is from.

use burn::module::{Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, Linear, RmsNorm};
use burn::tensor::{Device, Int, Tensor};
use pianist_transformer::config::{Guidance, NetworkConfig};
use pianist_transformer::tokens::ladder::{Kind, STEPS};
use pianist_transformer::tokens::{SLOTS, VOCABULARY, range};

use super::attention::{Attention, Seen};
use super::embeddings;
use super::told::Told;
use crate::layers::{FeedForward, linear, norm};
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
    /// From what the encoder made of a note to what is added to the rows of its tokens; like the two tables
    /// after it only in a guided decoder.
    guide: Option<Linear>,
    /// `[SLOTS, hidden]`
    place_embedding: Option<Embedding>,
    /// `[LADDERS * STEPS, hidden]`
    ratio_embedding: Option<Embedding>,
}

#[derive(Module, Debug)]
struct DecoderLayer {
    attention: Attention,
    cross: Attention,
    forward: FeedForward,
}

/// A network with random weights, normal with variance one over the width of what they are multiplied
/// with; embeddings, which are also what the output is compared with, are [`embeddings::init`].
pub fn init(sizes: &NetworkConfig, device: &Device) -> Network {
    let embedding = || {
        let mut embedding = EmbeddingConfig::new(VOCABULARY, sizes.hidden).init(device);
        embedding.weight = Param::from_tensor(embeddings::init(sizes.hidden, device));
        embedding
    };
    let slot = |_| linear(sizes.hidden, sizes.hidden / SLOTS, true, 1.0, device);
    let norm = || norm(sizes.hidden, device);
    let forward = || FeedForward::init(&sizes.layer(), 1.0, Some(norm()), device);
    let encoder_layer = |_| EncoderLayer { attention: Attention::init(sizes, device), forward: forward() };
    let decoder_layer = |_| DecoderLayer {
        attention: Attention::init(sizes, device),
        cross: Attention::init(sizes, device),
        forward: forward(),
    };
    let is_guided = sizes.guidance == Guidance::Score;
    let table = |rows: Tensor<2>| {
        let mut table = EmbeddingConfig::new(rows.dims()[0], sizes.hidden).init(device);
        table.weight = Param::from_tensor(rows);
        table
    };
    Network {
        encoder: Encoder {
            embedding: embedding(),
            slots: (0..SLOTS).map(slot).collect(),
            layers: (0..sizes.encoder_layers).map(encoder_layer).collect(),
            norm: norm(),
        },
        decoder: Decoder {
            embedding: embedding(),
            layers: (0..sizes.decoder_layers).map(decoder_layer).collect(),
            norm: norm(),
            guide: is_guided.then(|| linear(sizes.hidden, sizes.hidden, false, 1.0, device)),
            place_embedding: is_guided.then(|| table(embeddings::independent(SLOTS, sizes.hidden, device))),
            ratio_embedding: is_guided.then(|| table(embeddings::steps(sizes.hidden, device))),
        },
    }
}

impl Network {
    /// What the encoder makes of notes `[batch, notes, 8]`: `[batch, notes, hidden]`.
    pub fn encode(&self, read: Tensor<3, Int>, sizes: &NetworkConfig) -> Tensor<3> {
        let [batch, notes, _] = read.dims();
        // All slots in one go: the gradient of each look-up is as large as the whole table.
        let rows = self.encoder.embedding.forward(read.reshape([batch, notes * SLOTS]));
        let rows = rows.reshape([batch, notes, SLOTS, sizes.hidden]);
        let slot = |(k, slot): (usize, &Linear)| {
            slot.forward(rows.clone().narrow(2, k, 1).reshape([batch, notes, sizes.hidden]))
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
    /// `[batch, tokens]`: `[batch, tokens, hidden]`. `told` says on which steps they are, if the decoder is
    /// guided.
    pub fn decode(
        &self,
        before: Tensor<2, Int>,
        told: Option<&Told>,
        encoded: Tensor<3>,
        sizes: &NetworkConfig,
    ) -> Tensor<3> {
        let [_, tokens] = before.dims();
        let mut x = self.decoder.embedding.forward(before) * (sizes.hidden as f64).sqrt();
        if let Some(told) = told {
            x = self.decoder.guided(x, told, &encoded, sizes);
        }
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

    /// Logits of rows `[rows, hidden]` for the steps of a ladder `[rows, STEPS]`; nothing if the decoder is
    /// not guided.
    pub fn steps(&self, rows: Tensor<2>, kind: Kind) -> Option<Tensor<2>> {
        let ratios = self.decoder.ratio_embedding.as_ref()?.weight.val();
        Some(rows.matmul(ratios.narrow(0, kind as usize * STEPS, STEPS).transpose()))
    }
}

impl Decoder {
    /// Rows of tokens `[batch, tokens, hidden]` with what a guided decoder is told.
    fn guided(&self, x: Tensor<3>, told: &Told, encoded: &Tensor<3>, sizes: &NetworkConfig) -> Tensor<3> {
        let (Some(guide), Some(places), Some(ratios)) =
            (&self.guide, &self.place_embedding, &self.ratio_embedding)
        else {
            return x;
        };
        let scale = (sizes.hidden as f64).sqrt();
        let [batch, tokens, hidden] = x.dims();
        let notes = tokens / SLOTS;
        let x = x + ratios.forward(told.rows.clone()) * told.is_time.clone() * scale;
        let places = places.weight.val().reshape([1, 1, SLOTS, hidden]) * scale;
        let notes_rows = guide.forward(encoded.clone()).reshape([batch, notes, 1, hidden]);
        (x.reshape([batch, notes, SLOTS, hidden]) + places + notes_rows).reshape([batch, tokens, hidden])
    }
}
