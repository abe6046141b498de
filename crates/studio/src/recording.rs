//! A recording of somebody who plays the piece, read from a MIDI file.

use std::path::Path;
use std::sync::Arc;

use performance::midi::{match_to_score, read_performance};
use protocol::{Level, Message, VersionId};

use crate::document::{Document, Origin, Pins, Take, clean};
use crate::{edit, files};

/// With fewer notes in common with the score this is a recording of something else.
const LEAST_MATCHED: f64 = 0.5;

/// A recording, and what is to be said about it.
pub struct Recording {
    /// As a version of the project.
    pub take: Take,
    /// What was left out, if anything.
    pub message: Option<Message>,
}

/// Reads a recording of the document's piece.
///
/// # Errors
/// In words, with the name of the file.
pub fn read(document: &Document, path: &Path) -> Result<Recording, String> {
    let bytes =
        files::read(path).map_err(|why| format!("cannot read the recording ({why}): {}", path.display()))?;
    let midi = read_performance(&bytes).map_err(|error| format!("{error}: {}", path.display()))?;
    let played = clean(document.score(), match_to_score(document.score(), &midi));
    let (matched, heard, written) = (played.notes.len(), midi.notes.len(), document.score().notes.len());
    let enough = LEAST_MATCHED * heard.min(written) as f64;
    if matched == 0 || (matched as f64) < enough {
        return Err(format!(
            "this is no recording of the piece: only {matched} of its {heard} notes are found in the score: {}",
            path.display()
        ));
    }
    let stem = path.file_stem().map_or_else(|| "Recording".to_owned(), |s| s.to_string_lossy().into_owned());
    let origin = Origin { text: format!("recording, {matched} of {written} notes"), ..Origin::default() };
    let take = Take {
        id: VersionId::Recording(document.next_number),
        name: edit::free_name(document, &stem),
        origin,
        is_edited: false,
        score: document.main(),
        pins: Pins::new(),
        performance: Arc::new(played),
    };
    let lost = heard - matched;
    let message = (lost > 0).then(|| Message {
        level: Level::Info,
        text: format!(
            "{lost} notes of the recording are not in the score and are left out: {}",
            path.display()
        ),
    });
    Ok(Recording { take, message })
}
