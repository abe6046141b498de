//! The model's `config.json`: sizes of the network, its styles, and how takes of them are coherent.

use std::collections::BTreeMap;
use std::path::Path;

use neural::chance::Coherence;
use neural::files::{LARGEST_SETTINGS_BYTES, read};
use performers::PerformError;
use serde::{Deserialize, Serialize};

use super::columns::VALUES;

/// Name of the weights in a model folder.
pub const FILE_NAME: &str = "weights.safetensors";

/// Bins of velocity, of 4 values of MIDI each (paper, section 4: 32).
pub const VELOCITIES: usize = 32;

/// Values of MIDI in a bin of velocity.
pub const VELOCITY_STEP: f64 = 4.0;

/// Bins of micro-timing: whole per cents of a sixteenth, from 50 early to 50 late. PerTok's own, of 31 bins, are
/// three times as wide.
pub const TIMINGS: usize = 101;

/// The bin of a note on the grid.
pub const ON_GRID: usize = 50;

/// The furthest that a note is from the grid, in quarters: half a sixteenth.
pub const FURTHEST_QUARTERS: f64 = 0.125;

/// How much signs count in a style that learned from music without any. What the network does with them it has
/// learned of another style: as they are, soft signs make the loudness of the other style of them.
pub const UNLEARNED_SIGNS: f64 = 0.5;

/// Styles that a weight file may have.
pub const MOST_STYLES: usize = 16;

/// Sizes of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkConfig {
    /// Width of a position.
    pub hidden: usize,
    /// Width within the feed-forward.
    pub feed_forward: usize,
    /// Heads.
    pub heads: usize,
    /// Width of a head; even, for the pairs of the rotary positions.
    pub head: usize,
    /// Layers.
    pub layers: usize,
    /// Base of the rotary positions.
    pub rotary_base: f64,
    /// Notes that are read at once, as in training.
    pub window: usize,
}

impl NetworkConfig {
    /// About a million numbers, trained in a quarter of an hour on one core.
    pub const SMALL: Self = Self {
        hidden: 128,
        feed_forward: 320,
        heads: 4,
        head: 32,
        layers: 5,
        rotary_base: 10_000.0,
        window: 128,
    };

    /// The encoder of the paper (section 3.3), on our input.
    pub const PUBLISHED: Self = Self {
        hidden: 768,
        feed_forward: 3072,
        heads: 12,
        head: 64,
        layers: 12,
        rotary_base: 10_000.0,
        window: 512,
    };

    /// Name and sizes of every tensor of the weights.
    pub fn tensors(&self, styles: usize) -> Vec<(String, Vec<usize>)> {
        let (hidden, wide) = (self.hidden, self.heads * self.head);
        let mut tensors = Vec::new();
        let mut add = |name: String, sizes: &[usize]| tensors.push((name, sizes.to_vec()));
        add("embedding.weight".into(), &[VALUES, hidden]);
        add("style.weight".into(), &[styles, hidden]);
        for layer in 0..self.layers {
            let name = format!("layers.{layer}.attention");
            add(format!("{name}.before.gamma"), &[hidden]);
            for part in ["query", "key", "value"] {
                add(format!("{name}.{part}.weight"), &[hidden, wide]);
            }
            add(format!("{name}.out.weight"), &[wide, hidden]);
            let name = format!("layers.{layer}.forward");
            add(format!("{name}.before.gamma"), &[hidden]);
            add(format!("{name}.gate.weight"), &[hidden, self.feed_forward]);
            add(format!("{name}.up.weight"), &[hidden, self.feed_forward]);
            add(format!("{name}.down.weight"), &[self.feed_forward, hidden]);
        }
        add("norm.gamma".into(), &[hidden]);
        for (name, bins) in [("velocity", VELOCITIES), ("timing", TIMINGS)] {
            add(format!("{name}.weight"), &[hidden, bins]);
            add(format!("{name}.bias"), &[bins]);
        }
        tensors
    }

    /// Numbers in the network.
    pub fn parameters(&self, styles: usize) -> usize {
        self.tensors(styles).iter().map(|(_, sizes)| sizes.iter().product::<usize>()).sum()
    }
}

/// Coherence of a style's takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coherences {
    /// Of velocities.
    pub velocity: Coherence,
    /// Of micro-timings.
    pub timing: Coherence,
}

/// The model's `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Sizes.
    pub network: NetworkConfig,
    /// Names of the styles, in the order of the rows of `style.weight`.
    pub styles: Vec<String>,
    /// Measured on the validation pieces after training; chance is each note's own where it was not.
    #[serde(default)]
    pub coherence: BTreeMap<String, Coherences>,
    /// How much signs count in styles that learned from music without any: 0 as if there were none, 1 as in the
    /// other styles, which they do in a style that is not named.
    #[serde(default)]
    pub signs: BTreeMap<String, f64>,
}

impl Settings {
    /// How much signs count in each style.
    pub fn signs_of_styles(&self) -> Vec<f32> {
        self.styles.iter().map(|style| self.signs.get(style).map_or(1.0, |share| *share as f32)).collect()
    }
}

/// Reads and checks `config.json` of a model folder.
///
/// # Errors
/// When there is none, or it says what cannot be.
pub fn settings(folder: &Path) -> Result<Settings, PerformError> {
    let path = folder.join("config.json");
    let json = read(&path, "the model's settings", LARGEST_SETTINGS_BYTES)?;
    parse(&json).map_err(|what| PerformError::Model { what, path })
}

/// Reads and checks `config.json`.
///
/// # Errors
/// What is wrong with it, as a sentence for people.
pub fn parse(json: &[u8]) -> Result<Settings, String> {
    let settings: Settings =
        serde_json::from_slice(json).map_err(|e| format!("the model's settings are damaged: {e}"))?;
    let n = &settings.network;
    let sane = [n.hidden, n.feed_forward, n.heads, n.head].iter().all(|size| (1..=8192).contains(size))
        && n.layers <= 64
        && n.head.is_multiple_of(2)
        && n.rotary_base >= 1.0
        && (16..=4096).contains(&n.window);
    if !sane {
        return Err("the model's settings give impossible sizes".into());
    }
    if !(1..=MOST_STYLES).contains(&settings.styles.len()) {
        return Err(format!("the model's settings must name 1 to {MOST_STYLES} styles"));
    }
    let is_share = |share: f64| (0.0..=1.0).contains(&share);
    if !settings.coherence.values().all(|c| c.velocity.is_possible() && c.timing.is_possible()) {
        return Err("the model's settings ask for an impossible coherence".into());
    }
    match settings.signs.values().all(|share| is_share(*share)) {
        true => Ok(settings),
        false => {
            Err("the model's settings have signs count for less than nothing or more than learned".into())
        }
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
