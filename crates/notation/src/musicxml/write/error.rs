//! Why a score cannot be written.

use thiserror::Error;

/// Why a score cannot be written as MusicXML.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WriteError {
    /// Nothing to write.
    #[error("the score has no notes, so there is nothing to write")]
    NoNotes,
    /// The measures are not those of a piece: none, not from the start, or with gaps.
    #[error(
        "the measures of the score do not follow each other from its start; open the score from its file again"
    )]
    Measures,
    /// Its times have no common division of a quarter that MusicXML files can name.
    #[error(
        "the times of the score need more than {most} divisions of a quarter; read the MIDI file with its notes moved to note values"
    )]
    TooFine {
        /// The most there may be.
        most: i64,
    },
    /// The archive could not be made.
    #[error("the compressed file could not be made: {0}")]
    Archive(String),
}
