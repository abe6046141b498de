//! Standard MIDI Files of format 0 and 1 as scores.
//!
//! Measures come from the metre events, tempo and key from theirs. Hands come from the tracks, or
//! from the pitches where a piano has only one track. Notes that lie off the grid are moved to
//! it, quarter by quarter, unless the options say otherwise.

pub mod file;
mod hands;
mod score;
mod snap;

use thiserror::Error;

pub use score::read;

/// How a MIDI file becomes a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmfOptions {
    /// Whether notes move to the nearest note value; otherwise they stay at their ticks.
    pub snap: bool,
}

impl Default for SmfOptions {
    fn default() -> Self {
        Self { snap: true }
    }
}

/// Why a MIDI file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SmfError {
    /// The file does not start as MIDI files do.
    #[error("this is not a Standard MIDI File: it does not start with `MThd`")]
    NotMidi,
    /// Format 2.
    #[error("this MIDI file holds several songs (format 2); export one of them as format 0 or 1")]
    ManySongs,
    /// Time code instead of beats.
    #[error(
        "this MIDI file counts in seconds (SMPTE time code), not in beats, so it has no bars; \
         export it with ticks per quarter note"
    )]
    NoBeats,
    /// A division of zero.
    #[error("the header of this MIDI file says that a quarter has no ticks; export the file again")]
    NoDivision,
    /// The bytes make no sense.
    #[error("the MIDI file is broken{}: {what}; export it again", track.map_or(String::new(), |t| format!(" in track {}", t + 1)))]
    Broken {
        /// The track, from 0; none for the header.
        track: Option<usize>,
        /// What the parser says.
        what: String,
    },
    /// There is nothing to play.
    #[error("the MIDI file holds no notes (drums are left out)")]
    NoNotes,
    /// More than any music has.
    #[error("the MIDI file has more than {most} {what}; no piece has that, so it was not read")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        most: usize,
    },
}
