//! What the test takes.

use std::path::PathBuf;

use crate::evaluate::Variant;

/// What the test takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder.
    pub models: PathBuf,
    /// Who plays; the score played literally is always among them.
    pub performers: Vec<String>,
    /// Other ways to sample from PianoFlow, a row each.
    pub variants: Vec<Variant>,
    /// Seed: takes, pieces, recordings, windows and weights.
    pub seed: u64,
    /// Pieces of the train split to learn from.
    pub pieces: usize,
    /// Only the first so many pieces of the test split.
    pub limit: Option<usize>,
    /// Whether to leave out pieces in turn, the peer among the performers.
    pub peer: bool,
    /// Notes in a window.
    pub window: usize,
    /// Windows in a step of learning.
    pub batch: usize,
    /// Steps of learning.
    pub steps: usize,
    /// Jobs side by side.
    pub workers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: PathBuf::from("../shared/data"),
            models: application::Folders::find().models,
            performers: application::systems::registry().infos().map(|info| info.id.to_owned()).collect(),
            variants: Vec::new(),
            seed: 1,
            pieces: 40,
            limit: None,
            peer: true,
            window: 96,
            batch: 32,
            steps: 400,
            workers: 2,
        }
    }
}
