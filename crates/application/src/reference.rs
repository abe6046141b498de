//! A performance of any piece that others are to be played like: a recording, MIDI or sound, with its score or
//! without.
//!
//! With the score it is matched to that ([`crate::recording`]). Without, its beats are estimated
//! ([`performance::beats`]), the notes are moved to note values between them, and these are the score. What
//! cannot show a manner is refused: a written score, other instruments, a few notes.

mod estimated;
mod instruments;
mod written;

use std::path::Path;

use notation::smf::SmfError;
use notation::smf::file::MidiFile;
use notation::{ImportOptions, Score};
use performance::Performance;
use performance::beats::NoBeats;
use performance::midi::{ExportError, OnBeatsError};
use thiserror::Error;

use crate::file_kind::FileKind;
use crate::files::{self, FileError};
use crate::hearing::{HearError, Heard};
use crate::limits::RECORDING_BYTES;
use crate::no_recording;
use crate::recording::{self, RecordingError};
use crate::text::shown;

/// Fewer notes show no manner.
pub const LEAST_NOTES: usize = 30;

/// A performance that others are to be played like.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What is played: the score that was given, without repeats that were left out, or an estimate.
    pub score: Score,
    /// How.
    pub played: Performance,
    /// What to tell people about it; the caller names the file.
    pub warnings: Vec<String>,
}

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

/// What people call the performance in a file: the name of the file, without its ending.
pub fn name(path: &Path) -> String {
    shown(&path.file_stem().unwrap_or_default().to_string_lossy())
}

/// Reads a MIDI file, of a score or without. The notes of a recording of sound are heard first, for
/// [`of_heard`].
///
/// # Errors
/// If the file cannot be read or nobody can be played like it; see [`ReferenceError`].
pub fn read(path: &Path, score: Option<&Score>) -> Result<Reference, ReferenceError> {
    let bytes = files::read(path, RECORDING_BYTES)?;
    if !notation::is_midi(&bytes) {
        return Err(no_midi(path, &bytes));
    }
    of_midi(bytes, score)
}

/// The same of the bytes of a MIDI file.
///
/// # Errors
/// If nobody can be played like it; see [`ReferenceError`].
pub fn of_midi(bytes: Vec<u8>, score: Option<&Score>) -> Result<Reference, ReferenceError> {
    let file = MidiFile::read(&bytes)?;
    let notes = file.count_notes().0;
    if notes == 0 {
        return Err(file.why_empty().into());
    }
    check_length(notes)?;
    let others = instruments::check(&file)?;
    let stiffness = written::check(&bytes, &file)?;
    let mut reference = matched_or_estimated(bytes, score)?;
    reference.warnings.extend(others.into_iter().chain(stiffness));
    Ok(reference)
}

/// The same of what was heard in a recording of sound ([`crate::hearing::hear`]).
///
/// # Errors
/// If there are too few notes, or they are none of the score, or have no beat.
pub fn of_heard(heard: Heard, score: Option<&Score>) -> Result<Reference, ReferenceError> {
    check_length(heard.notes)?;
    let mut reference = matched_or_estimated(heard.midi, score)?;
    if let Some(secs) = heard.cut_off_secs {
        reference.warnings.push(format!("the file breaks off after {secs:.0} seconds"));
    }
    Ok(reference)
}

/// Whether so many notes can show a manner.
///
/// # Errors
/// If there are fewer than [`LEAST_NOTES`].
pub fn check_length(notes: usize) -> Result<(), ReferenceError> {
    if notes < LEAST_NOTES { Err(ReferenceError::FewNotes { notes }) } else { Ok(()) }
}

fn matched_or_estimated(bytes: Vec<u8>, score: Option<&Score>) -> Result<Reference, ReferenceError> {
    let Some(score) = score else { return estimated::read(bytes) };
    let found = recording::of_midi_as_played(bytes, score)?;
    check_length(found.played.notes.len())?;
    let score = found.score.unwrap_or_else(|| score.clone());
    Ok(Reference { score, played: found.played, warnings: Vec::new() })
}

/// What a file is that holds no MIDI.
fn no_midi(path: &Path, bytes: &[u8]) -> ReferenceError {
    let kind = FileKind::of(path);
    if kind == Some(FileKind::Project) {
        return ReferenceError::Project;
    }
    if kind.is_none() && notation::read_score("", bytes, &ImportOptions::default()).is_ok() {
        return ReferenceError::Score;
    }
    let what = no_recording::what(path).unwrap_or_else(|| "something else".to_owned());
    ReferenceError::NoRecording { what }
}

#[cfg(test)]
#[path = "reference_tests.rs"]
mod tests;
