//! A performance of any piece that others are to be played like: a recording, MIDI or sound, with its score or
//! without.
//!
//! With the score it is matched to that ([`crate::recording`]). Without, its beats are estimated
//! ([`performance::beats`]), the notes are moved to note values between them, and these are the score. What
//! cannot show a manner is refused: a written score, other instruments, a few notes.

mod error;
mod estimated;
mod instruments;
mod played;
mod written;

use std::path::Path;

use notation::smf::file::MidiFile;
use notation::{ImportOptions, Score};

use crate::file_kind::FileKind;
use crate::files;
use crate::hearing::Heard;
use crate::limits::RECORDING_BYTES;
use crate::no_recording;
use crate::recording;
use crate::text::shown;

pub use error::{LEAST_NOTES, ReferenceError};
pub use played::{Reference, check_length};

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
