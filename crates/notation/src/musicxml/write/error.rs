//! Why a score cannot be written.

use thiserror::Error;

/// Why a score cannot be written as MusicXML.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WriteError {
    /// Nothing to write.
    #[error("the score has no notes, so there is nothing to write")]
    NoNotes,
    /// A note or a direction is in a part that there is not.
    #[error("the score has notes or directions of a part that it does not have; open it from its file again")]
    Parts,
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
    /// Pairs of notes swing in a way that the format has no sign for: a pair that is no two note values
    /// of up to 255 in the time of 255, or a ratio that is not in lowest terms.
    #[error("the swing in bar {measure} cannot be written in MusicXML; choose pairs of usual note values")]
    Swing {
        /// Printed number of the measure.
        measure: String,
    },
    /// A tempo is not above zero, or beyond what anybody means.
    #[error("a tempo in bar {measure} is no number of quarters a minute that MusicXML can hold")]
    Tempo {
        /// Printed number of the measure.
        measure: String,
    },
    /// The file could not be put together.
    #[error("the file could not be made: {0}")]
    Output(String),
}
