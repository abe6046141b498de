//! A recording of a person who plays the piece, as a version of the project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::text::counted;
use application::{Recording, RecordingError};
use notation::Score;
use performance::Performance;
use performance::midi::MidiNote;
use protocol::{ExtraNote, Level, Message, VersionId};

use crate::document::{Document, Origin, Pins, Take, clean};
use crate::edit;
use crate::views::Clocked;

/// Reads a recording of a score from a MIDI file: [`application::recording::read`], which tests
/// replace.
pub type ReadRecording = Arc<dyn Fn(&Path, &Score) -> Result<Recording, RecordingError> + Send + Sync>;

/// A recording that was read and is not yet a version of a project.
pub struct Imported {
    path: PathBuf,
    /// The score that it was matched to.
    score: Arc<Score>,
    played: Performance,
    /// Notes of the file that are not in the score.
    extra: Vec<ExtraNote>,
    /// Bars of which it plays nothing, if any, as a text.
    unplayed: Option<String>,
}

impl Imported {
    /// Reads a recording. Long ones take seconds.
    ///
    /// # Errors
    /// In words, with the path.
    pub fn read(read: &ReadRecording, path: &Path, score: &Arc<Score>) -> Result<Self, String> {
        let recording = read(path, score).map_err(|error| match error {
            RecordingError::File(why) => format!("cannot read the recording ({why}): {}", path.display()),
            other => format!("{other}: {}", path.display()),
        })?;
        let unplayed = recording.unplayed_bars(score);
        let Recording { played, extra, .. } = recording;
        let played = clean(score, played);
        let clock = Clocked::of(score, &played).curve;
        let place = |note: &MidiNote| {
            let quarters = clock.quarters_at(note.onset_secs);
            quarters.is_finite().then_some(ExtraNote { quarters, pitch: note.pitch })
        };
        let extra = extra.iter().filter_map(place).collect();
        Ok(Self { path: path.to_owned(), score: score.clone(), played, extra, unplayed })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it was matched to the main score of the document as it is now.
    pub fn fits(&self, document: &Document) -> bool {
        Arc::ptr_eq(&self.score, document.score())
    }

    /// What was left out of it and what it does not play, if anything.
    pub fn message(&self) -> Option<Message> {
        let extra = counted(self.extra.len(), "note", "notes");
        let extra = format!("left out of the recording, because not in the score: {extra}");
        let extra = (!self.extra.is_empty()).then_some(extra);
        let unplayed = self.unplayed.as_ref().map(|bars| format!("not played in the recording: bars {bars}"));
        let said: Vec<String> = extra.into_iter().chain(unplayed).collect();
        let text = || format!("{}: {}", said.join("; "), self.path.display());
        (!said.is_empty()).then(|| Message { level: Level::Info, text: text() })
    }

    /// The next version of a document that it [fits](Self::fits).
    pub fn into_take(self, document: &Document) -> Take {
        let stem = self.path.file_stem().map_or_else(|| "Recording".into(), |stem| stem.to_string_lossy());
        let (matched, written) = (self.played.notes.len(), self.score.notes.len());
        let origin = Origin {
            text: format!("recording, {matched} of {}", counted(written, "note", "notes")),
            extra: self.extra,
            ..Origin::default()
        };
        Take {
            id: VersionId::Recording(document.next_number),
            name: edit::free_name(document, &stem),
            origin,
            is_edited: false,
            score: document.main(),
            pins: Pins::new(),
            performance: Arc::new(self.played),
        }
    }
}
