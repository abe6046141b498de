//! The model's `config.json`: sizes of the network, what it reads of a score, and how takes of it are coherent.

mod tensors;

use std::path::Path;

use analysis::features;
use neural::chance::Coherence;
use neural::files::{LARGEST_SETTINGS_BYTES, read};
use neural::layers::LayerSizes;
use neural::weights::WeightsError;
use serde::{Deserialize, Serialize};

use crate::ecp::{
    ARTICULATION, BEAT_PERIOD, DURATION, FAMILY, NAMES, PEDAL, PERFORMANCE_COLUMNS, PITCH, POSITION,
    SCORE_COLUMNS, SIZES, TIMING, VELOCITY,
};

/// Name of the settings in a model folder.
pub const SETTINGS_NAME: &str = "config.json";

/// Name of the weights in a model folder.
pub const FILE_NAME: &str = "weights.safetensors";

/// Sub-tokens of what is written, and how many values each has: 0 says that a step has none.
pub const SCORE_SIZES: [(&str, usize); SCORE_COLUMNS] =
    [column(FAMILY), column(POSITION), column(PITCH), column(DURATION)];

/// Sub-tokens of what is played, and how many values each has: 0 says that a step has none, or that it is unknown.
pub const PERFORMANCE_SIZES: [(&str, usize); PERFORMANCE_COLUMNS] =
    [column(BEAT_PERIOD), column(VELOCITY), column(TIMING), column(ARTICULATION), column(PEDAL)];

const fn column(column: usize) -> (&'static str, usize) {
    (NAMES[column], SIZES[column])
}

/// How many layers each stack has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    /// Makes codes of what is written.
    pub composer_encoder: usize,
    /// Writes, from left to right.
    pub composer_decoder: usize,
    /// Reads the score for the pianist.
    pub score: usize,
    /// Reads how a performance differs from what is expected.
    pub manner: usize,
    /// Plays.
    pub performance: usize,
}

/// Sizes of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkConfig {
    /// Width of a step's row.
    pub hidden: usize,
    /// Heads.
    pub heads: usize,
    /// Width of a head; even, for the pairs of the rotary positions.
    pub head: usize,
    /// Width within the feed-forward.
    pub feed_forward: usize,
    /// Layers of each stack.
    pub layers: Layers,
    /// Width of a beat's code.
    pub code_width: usize,
    /// How many codes there are.
    pub codes: usize,
    /// Numbers of a manner.
    pub latent: usize,
    /// Width of a sub-token's row.
    pub sub_hidden: usize,
    /// Heads of the sub-token decoders; `sub_hidden` is a multiple of twice as many.
    pub sub_heads: usize,
    /// Width within the feed-forward of the sub-token decoders.
    pub sub_feed_forward: usize,
    /// Layers of the sub-token decoders.
    pub sub_layers: usize,
    /// Numbers that are read of a note of the score: [`features::WIDTH`].
    pub features: usize,
    /// Base of the rotary positions (Su and others, arXiv 2104.09864, section 3.2).
    pub rotary_base: f64,
    /// Notes that are read at once at most, as in training.
    pub window: usize,
    /// Steps that are read at once at most: notes and the metric steps among them.
    pub steps: usize,
    /// Whether sub-tokens of a step know of those before them; without, each is told from the step's row alone.
    pub sub_token_decoder: bool,
    /// Whether layers have attention within the beat.
    pub beat_attention: bool,
    /// Whether what is played is told from a straight line through the features on ([`crate::network::line_says`]).
    #[serde(default)]
    pub line: bool,
}

impl NetworkConfig {
    /// Two million numbers, trained in hours on two cores.
    pub const SMALL: Self = Self {
        hidden: 128,
        heads: 4,
        head: 32,
        feed_forward: 352,
        layers: Layers { composer_encoder: 1, composer_decoder: 2, score: 2, manner: 1, performance: 2 },
        code_width: 64,
        codes: 512,
        latent: 64,
        sub_hidden: 64,
        sub_heads: 2,
        sub_feed_forward: 176,
        sub_layers: 1,
        features: features::WIDTH,
        rotary_base: 10_000.0,
        window: 256,
        steps: 384,
        sub_token_decoder: true,
        beat_attention: true,
        line: true,
    };

    /// A larger one, of twice the width, with four layers that encode, four that decode and two across sub-tokens.
    /// What can be read of the paper (arXiv 2507.01582) tells neither widths nor numbers of layers; these are a guess
    /// of ours at its network.
    pub const PROPOSED: Self = Self {
        hidden: 256,
        heads: 8,
        feed_forward: 704,
        layers: Layers { composer_encoder: 4, composer_decoder: 4, score: 4, manner: 4, performance: 4 },
        sub_hidden: 128,
        sub_heads: 4,
        sub_feed_forward: 352,
        sub_layers: 2,
        ..Self::SMALL
    };

    /// Sizes of each layer over steps.
    pub fn layer(&self) -> LayerSizes {
        let Self { hidden, feed_forward, heads, head, .. } = *self;
        LayerSizes { hidden, feed_forward, heads, key_value_heads: heads, head }
    }

    /// Sizes of each layer over the sub-tokens of a step.
    pub fn sub_layer(&self) -> LayerSizes {
        let Self { sub_hidden: hidden, sub_feed_forward: feed_forward, sub_heads: heads, .. } = *self;
        LayerSizes { hidden, feed_forward, heads, key_value_heads: heads, head: hidden / heads.max(1) }
    }

    fn is_possible(&self) -> bool {
        let Self { hidden, heads, head, feed_forward, code_width, codes, latent, .. } = *self;
        let Self { sub_hidden, sub_heads, sub_feed_forward, .. } = *self;
        let widths = [hidden, heads, head, feed_forward, code_width, latent, sub_hidden, sub_heads];
        let l = self.layers;
        let layers = [l.composer_encoder, l.composer_decoder, l.score, l.manner, l.performance];
        widths.iter().chain([&sub_feed_forward]).all(|size| (1..=8192).contains(size))
            && (1..=65_535).contains(&codes)
            && layers.iter().chain([&self.sub_layers]).all(|count| *count <= 64)
            && head.is_multiple_of(2)
            && sub_hidden.is_multiple_of(2 * sub_heads)
            && self.rotary_base >= 1.0
            && (16..=4096).contains(&self.window)
            && (self.window..=8192).contains(&self.steps)
    }
}

/// How alike chance is for different steps of a take ([`Coherence`]), for each value that is played.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coherences {
    /// Of the beats' periods.
    pub beat_period: Coherence,
    /// Of velocities.
    pub velocity: Coherence,
    /// Of timing.
    pub timing: Coherence,
    /// Of articulation.
    pub articulation: Coherence,
    /// Of the pedal.
    pub pedal: Coherence,
}

impl Default for Coherences {
    /// Near to what was measured of people who play classical music, for the groove (`models/groove/CARD.md`), whose
    /// values are others; the pedal stands for an onset and moves slowly.
    fn default() -> Self {
        Self {
            beat_period: Coherence { chord: 1.0, take: 0.1, quarters: 1.5 },
            velocity: Coherence { chord: 0.7, take: 0.18, quarters: 0.6 },
            timing: Coherence { chord: 0.6, take: 0.0, quarters: 0.45 },
            articulation: Coherence { chord: 0.5, take: 0.2, quarters: 1.0 },
            pedal: Coherence { chord: 1.0, take: 0.2, quarters: 1.5 },
        }
    }
}

impl Coherences {
    /// In the order of [`PERFORMANCE_SIZES`].
    pub fn all(&self) -> [Coherence; PERFORMANCE_COLUMNS] {
        [self.beat_period, self.velocity, self.timing, self.articulation, self.pedal]
    }
}

/// What the residuals of values are divided by where the manner is read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scales {
    /// Of the beats' periods, in log2.
    pub beat_period: f32,
    /// Of velocities, in MIDI units.
    pub velocity: f32,
    /// Of timing, in seconds.
    pub timing: f32,
    /// Of articulation, in log2.
    pub articulation: f32,
    /// Of the pedal's depth, 0 to 1.
    pub pedal: f32,
}

impl Default for Scales {
    fn default() -> Self {
        Self { beat_period: 0.3, velocity: 16.0, timing: 0.05, articulation: 1.0, pedal: 0.4 }
    }
}

impl Scales {
    /// In the order of [`PERFORMANCE_SIZES`].
    pub fn all(&self) -> [f32; PERFORMANCE_COLUMNS] {
        [self.beat_period, self.velocity, self.timing, self.articulation, self.pedal]
    }
}

/// The model's `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Sizes.
    pub network: NetworkConfig,
    /// Which features of scores the network was trained on ([`features::schema`]).
    #[serde(rename = "schema")]
    pub feature_schema: String,
    /// Spread of what a performance has of its own.
    pub scales: Scales,
    /// Measured on the validation pieces after training; else near to what people do.
    #[serde(default)]
    pub coherence: Coherences,
}

/// Reads and checks `config.json` of a model folder.
///
/// # Errors
/// When there is none, or it says what cannot be.
pub fn settings(folder: &Path) -> Result<Settings, WeightsError> {
    let path = folder.join(SETTINGS_NAME);
    let json = read(&path, "the model's settings", LARGEST_SETTINGS_BYTES)?;
    parse(&json).map_err(|what| WeightsError { what, path })
}

/// Reads and checks `config.json`.
///
/// # Errors
/// What is wrong with it, as a sentence for people.
pub fn parse(json: &[u8]) -> Result<Settings, String> {
    let settings: Settings =
        serde_json::from_slice(json).map_err(|e| format!("the model's settings are damaged: {e}"))?;
    if !settings.network.is_possible() {
        return Err("the model's settings give impossible sizes".into());
    }
    let (found, known) = (settings.network.features, features::WIDTH);
    if found != known {
        return Err(format!("the model reads {found} features, this version of the app has {known}"));
    }
    if settings.feature_schema != features::schema() {
        return Err(format!(
            "the model was trained on other features of scores (schema `{}`) than this version of the app reads \
             (`{}`); it has to be trained on, or the app's own models put back",
            settings.feature_schema,
            features::schema()
        ));
    }
    if !settings.scales.all().iter().all(|scale| scale.is_finite() && *scale > 0.0) {
        return Err("the model's settings divide by impossible scales".into());
    }
    match settings.coherence.all().iter().all(Coherence::is_possible) {
        true => Ok(settings),
        false => Err("the model's settings ask for an impossible coherence".into()),
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
