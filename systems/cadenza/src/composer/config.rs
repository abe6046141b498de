//! The model's `config.json`: sizes of the network and what there are tokens for.

use neural::layers::LayerSizes;
use notation::TimeSignature;
use serde::{Deserialize, Serialize};

use crate::pertok::{self, Grid, PerTok, Places, Token};

/// Sizes of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkConfig {
    /// Tokens that there are, special ones too.
    pub vocabulary: usize,
    /// Width of a position.
    pub hidden: usize,
    /// Width within the feed-forward.
    pub feed_forward: usize,
    /// Heads.
    pub heads: usize,
    /// Width of a head; even, for the pairs of the rotary positions.
    pub head: usize,
    /// Numbers of a latent vector.
    pub latent: usize,
    /// Layers of the encoder.
    pub encoder_layers: usize,
    /// Layers of the decoder.
    pub decoder_layers: usize,
    /// Base of the rotary positions (Su and others, arXiv 2104.09864, section 3.2).
    pub rotary_base: f64,
}

impl NetworkConfig {
    /// The published sizes, with the vocabulary of the paper's Table 1. The width of the feed-forward is not
    /// published; this one, which is gated, has as many numbers as a plain one of 2,048, four times the width
    /// of a position.
    pub const PUBLISHED: Self = Self {
        vocabulary: 196,
        hidden: 512,
        feed_forward: 1365,
        heads: 8,
        head: 64,
        latent: 128,
        encoder_layers: 12,
        decoder_layers: 12,
        rotary_base: 10_000.0,
    };

    /// Sizes of each layer of both stacks.
    pub fn layer(&self) -> LayerSizes {
        let Self { hidden, feed_forward, heads, head, .. } = *self;
        LayerSizes { hidden, feed_forward, heads, key_value_heads: heads, head }
    }

    /// Name and sizes of every tensor of the weights.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let (hidden, wide) = (self.hidden, self.heads * self.head);
        let mut tensors = Vec::new();
        let mut add = |name: String, sizes: &[usize]| tensors.push((name, sizes.to_vec()));
        for (stack, layers) in [("encoder", self.encoder_layers), ("decoder", self.decoder_layers)] {
            add(format!("{stack}.embedding.weight"), &[self.vocabulary, hidden]);
            add(format!("{stack}.norm.gamma"), &[hidden]);
            for layer in 0..layers {
                let name = format!("{stack}.layers.{layer}.attention");
                add(format!("{name}.before.gamma"), &[hidden]);
                add(format!("{name}.query.weight"), &[hidden, wide]);
                add(format!("{name}.key.weight"), &[hidden, wide]);
                add(format!("{name}.value.weight"), &[hidden, wide]);
                add(format!("{name}.out.weight"), &[wide, hidden]);
                add(format!("{name}.after.gamma"), &[hidden]);
                let name = format!("{stack}.layers.{layer}.forward");
                add(format!("{name}.before.gamma"), &[hidden]);
                add(format!("{name}.gate.weight"), &[hidden, self.feed_forward]);
                add(format!("{name}.up.weight"), &[hidden, self.feed_forward]);
                add(format!("{name}.down.weight"), &[self.feed_forward, hidden]);
                add(format!("{name}.after.gamma"), &[hidden]);
            }
        }
        for layer in 0..self.decoder_layers {
            add(format!("decoder.layers.{layer}.latent.weight"), &[self.latent, hidden]);
        }
        for name in ["encoder.mean", "encoder.log_variance"] {
            add(format!("{name}.weight"), &[2 * hidden, self.latent]);
            add(format!("{name}.bias"), &[self.latent]);
        }
        tensors
    }

    /// Numbers in the network.
    pub fn parameters(&self) -> usize {
        self.tensors().iter().map(|(_, sizes)| sizes.iter().product::<usize>()).sum()
    }
}

/// The model's `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Sizes.
    pub network: NetworkConfig,
    /// What there are tokens for.
    pub tokens: pertok::Config,
    /// Tokens of the longest segment.
    pub longest: usize,
}

/// What of a score there are tokens for: places in the bar and durations in thirty-seconds and in triplets of
/// sixteenths up to six quarters, which the bars of all usual metres are not longer than, then whole quarters;
/// the keys of a piano; metres. Neither velocities nor micro-timing.
pub fn written() -> pertok::Config {
    let metre = |beat_type: u8, beats: &[u8]| -> Vec<TimeSignature> {
        beats.iter().map(|beats| TimeSignature { beats: *beats, beat_type }).collect()
    };
    let metres = [
        metre(4, &[4, 3, 2, 6, 5, 1]),
        metre(8, &[6, 3, 12, 9, 4, 5, 7, 2]),
        metre(2, &[2, 3, 1]),
        metre(16, &[12, 6, 9, 24]),
    ];
    pertok::Config {
        ticks_per_quarter: 480,
        grids: vec![
            Grid { from: 0, to: 6, steps: 8 },
            Grid { from: 0, to: 6, steps: 6 },
            Grid { from: 6, to: 13, steps: 1 },
        ],
        places: Places::Position,
        time_signatures: metres.concat(),
        ..pertok::Config::composition()
    }
}

/// Reads and checks `config.json`.
///
/// # Errors
/// What is wrong with it, as a sentence for people.
pub fn parse(json: &[u8]) -> Result<(Settings, PerTok), String> {
    let settings: Settings =
        serde_json::from_slice(json).map_err(|e| format!("the model's settings are damaged: {e}"))?;
    let n = &settings.network;
    let sizes = [n.vocabulary, n.hidden, n.feed_forward, n.heads, n.head, n.latent, n.decoder_layers];
    let sane = sizes.iter().all(|size| (1..=8192).contains(size))
        && n.encoder_layers <= 64
        && n.decoder_layers <= 64
        && n.head.is_multiple_of(2)
        && n.rotary_base >= 1.0
        && (1..=8192).contains(&settings.longest);
    if !sane {
        return Err("the model's settings give impossible sizes".into());
    }
    let pertok = PerTok::new(settings.tokens.clone())
        .map_err(|e| format!("the model's settings ask for impossible tokens: {e}"))?;
    let (found, vocabulary) = (pertok.vocabulary().size(), n.vocabulary);
    if found != vocabulary {
        return Err(format!(
            "the model's settings name {vocabulary} tokens, and there are {found} of such tokens"
        ));
    }
    Ok((settings, pertok))
}

/// The tokens that begin and end a segment.
pub(super) fn ends(pertok: &PerTok) -> [u32; 2] {
    // Every vocabulary has them.
    [Token::Begin, Token::End].map(|token| pertok.vocabulary().id(token).map_or(0, u32::from))
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
