//! Why a MIDI file could not be read.

use thiserror::Error;

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
        /// What is wrong, and at which byte.
        what: String,
    },
    /// There is nothing to play.
    #[error("the MIDI file holds no notes")]
    NoNotes,
    /// There is nothing for a piano to play.
    #[error(
        "the MIDI file holds nothing but percussion ({notes} notes on channel 10), which no piano plays; \
         export the other tracks with it"
    )]
    OnlyPercussion {
        /// Notes on the percussion channel.
        notes: usize,
    },
    /// More than any music has.
    #[error("the MIDI file has more than {most} {what}; no piece has that, so it was not read")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        most: usize,
    },
}
