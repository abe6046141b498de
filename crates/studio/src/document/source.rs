//! Where the score of a project came from.

use notation::{ImportError, ImportOptions, Score, Unfold};

/// Where the score came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name of the file, with its extension.
    pub name: String,
    /// What was in it.
    pub bytes: Vec<u8>,
    /// Whether repeats are left out.
    pub as_written: bool,
}

impl Source {
    /// Reads the score.
    pub fn read(&self) -> Result<Score, ImportError> {
        let unfold = if self.as_written { Unfold::AsWritten } else { Unfold::Maximal };
        let options = ImportOptions { unfold, ..ImportOptions::default() };
        notation::read_score(&self.name, &self.bytes, &options)
    }

    /// The name without its extension.
    pub fn stem(&self) -> &str {
        self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem)
    }
}
