//! What the evaluation takes.

use std::path::PathBuf;

/// What the evaluation takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder.
    pub models: PathBuf,
    /// Which split: `valid` to choose by, `test` to report.
    pub split: String,
    /// Who plays.
    pub performer: String,
    /// Where its other knobs stand, as texts; those that are not named at their default.
    pub set: Vec<(String, String)>,
    /// Who plays the same passages without a reference, to be compared with people.
    pub beside: Vec<String>,
    /// At most so many people of a piece are references.
    pub references: usize,
    /// How many other pieces each manner is carried to.
    pub pieces: usize,
    /// At most so many pairs of a piece and another.
    pub pairs: Option<usize>,
    /// About how many notes of a piece are performed: bars in its middle.
    pub notes: usize,
    /// Seed of what is performed and of what is drawn.
    pub seed: u64,
    /// Whether every take has a seed of its own, so that chance is part of what is compared; else all takes of a
    /// passage share theirs, and what differs is the reference.
    pub is_apart: bool,
    /// Passages performed side by side.
    pub workers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: PathBuf::from("../shared/data"),
            models: application::Folders::find().models,
            split: "test".into(),
            performer: "xmvae".into(),
            set: Vec::new(),
            beside: vec!["pianoflow".into(), "rules".into()],
            references: 6,
            pieces: 3,
            pairs: None,
            notes: 600,
            seed: 1,
            is_apart: false,
            workers: 2,
        }
    }
}
