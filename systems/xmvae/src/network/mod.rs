//! The two variational autoencoders, on the processor.
//!
//! The Composer makes a code of each beat of a score, one of [`codes`](crate::config::NetworkConfig::codes)
//! ([`Model::codes`]), and writes steps and codes from left to right ([`ComposerDecoder`]). The Pianist reads a score
//! with its codes ([`Model::read`]), plays it in a manner, which is a vector ([`Model::states`], [`Model::play`]),
//! and reads the manner of a performance: what is not explained by the score ([`Model::posterior`]).
//!
//! Everything here is of one window of a piece ([`windows`]): as many whole beats as it holds. Layers are
//! [`neural::layers`]: each row is computed by itself and in the same order, so the result does not depend on the
//! number of threads.

mod affine;
mod composer;
mod decoder;
mod line;
mod pianist;
mod stack;
mod steps;
mod sub_tokens;
pub mod windows;

use std::path::Path;

use neural::archive::Archive;
use neural::rotary::Rotary;
use neural::weights::WeightsError;

use crate::config::{self, FILE_NAME, Settings};
use composer::Composer;
use pianist::Pianist;

pub use decoder::{Choose, ComposerDecoder, SubToken};
pub use line::{WIDEST, eighths, line_says};
pub use pianist::{Played, Posterior, Reading, Value, quantile};
pub use steps::{ScoreTokens, score_tokens};

/// A model that has learned.
pub struct Model {
    settings: Settings,
    fingerprint: String,
    rotary: Rotary,
    composer: Composer,
    pianist: Pianist,
}

impl Model {
    /// Reads a model folder: `config.json` and `weights.safetensors`.
    ///
    /// # Errors
    /// When a file is missing, damaged or too large, or the weights do not fit the settings.
    pub fn load(folder: &Path) -> Result<Self, WeightsError> {
        let settings = config::settings(folder)?;
        Self::new(settings, Archive::read(&folder.join(FILE_NAME))?)
    }

    /// From settings and weights.
    ///
    /// # Errors
    /// When the weights do not fit the settings.
    pub fn new(settings: Settings, archive: Archive) -> Result<Self, WeightsError> {
        let sizes = &settings.network;
        let composer = Composer::load(&archive, sizes)?;
        let pianist = Pianist::load(&archive, &settings, &composer.codebook)?;
        // One position more, for the step that begins what is written.
        let rotary = Rotary::new(sizes.steps + 1, sizes.head / 2, sizes.rotary_base);
        Ok(Self { composer, pianist, rotary, fingerprint: fingerprint(&archive.into_bytes()), settings })
    }

    /// Sizes, and how takes are coherent.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What tells the model from others: a manner that one has read means nothing to another.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The code of each beat of a window: of each Metric step, in their order.
    pub fn codes(&self, steps: &[ScoreTokens]) -> Vec<u16> {
        let steps = self.within(steps);
        self.composer.codes(steps, &self.rotary)
    }

    /// The first steps of a window, as many as there are positions.
    fn within<'a, T>(&self, steps: &'a [T]) -> &'a [T] {
        &steps[..steps.len().min(self.settings.network.steps)]
    }
}

/// FNV-1a with 64 bits.
fn fingerprint(bytes: &[u8]) -> String {
    let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, hash))
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
