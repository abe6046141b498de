//! Files in: scores and takes, with what is to be said about them on stderr.

use std::path::Path;

use anyhow::{Context, Result};
use application::limits::SCORE_BYTES;
use application::text::counted;
use application::{Recording, files, recording, scores};
use notation::smf::{self, Looks};
use notation::{Score, Unfold};

use crate::hearing::Ear;
use crate::output;

/// Warnings of an importer that are shown; of the others only the number.
const MOST_WARNINGS: usize = 5;

/// Reads a score and tells on stderr what its importer had to guess, and whether it looks like a recording.
pub fn read_score(path: &Path, as_written: bool) -> Result<Score> {
    let score = read_score_quietly(path, as_written)?;
    if let Some(what) = looks_played(path) {
        output::warn(format_args!("{}: this looks like {what}", path.display()));
    }
    let warnings = &score.warnings;
    for warning in warnings.iter().take(MOST_WARNINGS) {
        let place = warning.place.to_string();
        let place = if place.is_empty() { place } else { format!(", {place}") };
        output::warn(format_args!("{}{place}: {}", path.display(), warning.message));
    }
    if warnings.len() > MOST_WARNINGS {
        let more = warnings.len() - MOST_WARNINGS;
        let path = path.display();
        output::warn(format_args!("{path}: {more} more of the kind; `espressivo info` lists all"));
    }
    Ok(score)
}

/// Reads a score.
pub fn read_score_quietly(path: &Path, as_written: bool) -> Result<Score> {
    let unfold = if as_written { Unfold::AsWritten } else { Unfold::Maximal };
    Ok(scores::read(path, unfold)?)
}

/// Reads a MIDI file, or a recording of sound, as a performance of the score.
pub fn read_take(path: &Path, score: &Score, ear: &mut Ear) -> Result<Recording> {
    let read = match ear.hear_if_sound(path)? {
        Some(heard) => recording::of_heard(heard, score),
        None => recording::read(path, score),
    };
    read.with_context(|| format!("{}", path.display()))
}

/// Tells on stderr how many notes of a take are not in what was written of it.
pub fn tell_left_out(path: &Path, notes: usize) {
    if notes > 0 {
        let (path, notes) = (path.display(), counted(notes, "note", "notes"));
        output::warn(format_args!("{path}: left out, because not in the score: {notes}"));
    }
}

/// What to know of a MIDI file that somebody played; none for other files.
pub fn looks_played(path: &Path) -> Option<&'static str> {
    let bytes = files::read(path, SCORE_BYTES).ok()?;
    match smf::looks(&bytes).ok()? {
        Looks::Written => None,
        Looks::Played => Some(
            "a recording: its notes lie beside the beats, so bars and note values are guesses; with its score, \
             use it as `espressivo export SCORE --of FILE`, or import it in the window; without, \
             `espressivo grid FILE` estimates its beats",
        ),
        Looks::PlayedOnGrid => Some(
            "a take that was exported: nearly every beat has a tempo of its own; with its score, use it as \
             `espressivo perform SCORE --bars 3 --of FILE`, or import it in the window",
        ),
    }
}
