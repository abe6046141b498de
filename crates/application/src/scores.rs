//! Scores from files.

use std::path::{Path, PathBuf};

use notation::{ImportError, ImportOptions, Score, Unfold};
use thiserror::Error;

use crate::file_kind::FileKind;
use crate::files::{self, FileError};
use crate::limits::SCORE_BYTES;

/// Why there is no score. Every message begins with the path.
#[derive(Debug, Error)]
pub enum ScoreError {
    /// The file could not be read.
    #[error("{}: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: FileError,
    },
    /// The file is something else.
    #[error("{}: this is {kind}", path.display())]
    OtherKind {
        /// The file.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// What is in the file is no score.
    #[error(transparent)]
    Import(#[from] ImportError),
}

/// Reads a score: MusicXML, compressed MusicXML or a Standard MIDI File. What the importer had to
/// guess is in [`Score::warnings`].
///
/// # Errors
/// If the file cannot be read, is larger than [`SCORE_BYTES`], or holds no score.
pub fn read(path: &Path, unfold: Unfold) -> Result<Score, ScoreError> {
    if let Some(kind) = FileKind::of(path) {
        return Err(ScoreError::OtherKind { path: path.to_owned(), kind });
    }
    let bytes =
        files::read(path, SCORE_BYTES).map_err(|why| ScoreError::File { path: path.to_owned(), why })?;
    let options = ImportOptions { unfold, ..ImportOptions::default() };
    Ok(notation::read_score(&path.display().to_string(), &bytes, &options)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_message_begins_with_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let broken = folder.path().join("broken.xml");
        std::fs::write(&broken, "<score-partwise>").unwrap();
        let picture = folder.path().join("page.png");
        std::fs::write(&picture, b"\x89PNG\r\n").unwrap();
        assert!(read(&picture, Unfold::Maximal).unwrap_err().to_string().contains("a picture (PNG)"));
        for path in [&broken, &picture, &folder.path().join("missing.xml"), folder.path()] {
            let message = read(path, Unfold::Maximal).unwrap_err().to_string();
            assert!(message.starts_with(&format!("{}: ", path.display())), "{message}");
        }
    }

    #[test]
    fn a_score_is_unfolded_or_as_written() {
        let minuet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/petzold_minuet_g.musicxml");
        let bars = |unfold| read(&minuet, unfold).unwrap().measures.len();
        assert_eq!((bars(Unfold::AsWritten), bars(Unfold::Maximal)), (32, 64));
    }
}
