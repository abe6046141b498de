//! Why a file cannot be played like.

use notation::smf::SmfError;
use performance::beats::NoBeats;
use performance::midi::{ExportError, OnBeatsError};
use thiserror::Error;

use crate::files::FileError;
use crate::hearing::HearError;
use crate::recording::RecordingError;

/// Fewer notes show no manner.
pub const LEAST_NOTES: usize = 30;

/// Why a file cannot be played like. The caller names the file.
#[derive(Debug, Error)]
pub enum ReferenceError {
    /// It could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is a score.
    #[error(
        "this is a written score, which says what is played and not how; choose a recording, MIDI or sound"
    )]
    Score,
    /// It is a project of the studio.
    #[error("this is a project; open it in the window, and save the take to play like as MIDI there")]
    Project,
    /// It is something else.
    #[error(
        "this is {what}, not a recording; a MIDI file (.mid) or a recording of sound (WAV, FLAC, MP3 or Ogg \
         Vorbis) is expected"
    )]
    NoRecording {
        /// What it is.
        what: String,
    },
    /// It is a score in a MIDI file.
    #[error(
        "this sounds like a written score and not like somebody who plays: its notes lie exactly on the beats \
         and have {}; choose a recording", if *velocities == 1 { "one loudness".to_owned() } else { format!("no more than {velocities} degrees of loudness") }
    )]
    Written {
        /// How many different velocities it has.
        velocities: usize,
    },
    /// Others play than a pianist.
    #[error(
        "this is played by {family} ({notes} of its {all} notes), not by a piano; choose a recording of a piano"
    )]
    Instrument {
        /// Who plays most of it.
        family: &'static str,
        /// Notes that no piano plays.
        notes: usize,
        /// All notes, without percussion.
        all: usize,
    },
    /// It is too short.
    #[error(
        "{notes} notes are too few to hear how somebody plays; choose a recording of {LEAST_NOTES} or more"
    )]
    FewNotes {
        /// How many there are.
        notes: usize,
    },
    /// It is a broken MIDI file, or has no notes for a piano.
    #[error(transparent)]
    Midi(#[from] SmfError),
    /// No notes were heard in its sound.
    #[error(transparent)]
    Sound(#[from] HearError),
    /// It is no performance of the score that was given.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// There is no score, and no beats are found.
    #[error("{0}; give its score, so that no beats have to be found")]
    NoBeats(#[from] NoBeats),
    /// It cannot be laid on its beats.
    #[error(transparent)]
    OnBeats(#[from] OnBeatsError),
    /// It cannot be written anew, to be laid on its beats.
    #[error(transparent)]
    Export(#[from] ExportError),
}
