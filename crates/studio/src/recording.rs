//! A recording of a person who plays the piece, as a version of the project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::additions;
use application::hearing::{HearError, Progress, hear};
use application::text::counted;
use application::{Recording, RecordingError, RecordingKind, recording};
use notation::Score;
use performance::Performance;
use protocol::{Level, Message, VersionId};

use crate::document::{Document, ExtraNote, Origin, OwnSound, Pins, Slips, Take, clean};
use crate::edit;
use crate::lacking::NO_TRANSCRIBER;
use crate::last_heard::LastHeard;
use crate::own_sounds;
use crate::scores::with_unique_ids;
use crate::slips;
use crate::views::Clocked;

/// Reads a recording of a score from a file, MIDI or sound: [`reader`], which tests replace.
pub type ReadRecording =
    Arc<dyn Fn(&Path, &Score, &mut OnProgress<'_>) -> Result<Recording, RecordingError> + Send + Sync>;

/// Gets how much of a sound was heard, from 0 to 1 or none while that cannot be said, several times a second;
/// returns whether to go on. It is not called while a MIDI file is read.
pub type OnProgress<'a> = dyn FnMut(Option<f32>) -> bool + 'a;

/// Reads recordings of both kinds. The network that hears notes is in the folder `transcriber`.
pub fn reader(transcriber: PathBuf) -> ReadRecording {
    let last = LastHeard::default();
    Arc::new(move |path: &Path, score: &Score, on_progress: &mut OnProgress<'_>| {
        if !is_sound(path) {
            return recording::read_as_played(path, score);
        }
        let heard = last.or_hear(path, || hear(path, &transcriber, &mut |done| on_progress(share(done))))?;
        recording::of_heard_as_played(heard, score)
    })
}

/// Whether a file holds sound, whatever it is called.
pub fn is_sound(path: &Path) -> bool {
    matches!(RecordingKind::of(path), Some(RecordingKind::Sound))
}

/// `3:05`: minutes and seconds.
fn clock(secs: f64) -> String {
    let secs = secs.max(0.0) as u64;
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// How much of a sound was heard, from 0 to 1.
pub(crate) fn share(heard: Progress) -> Option<f32> {
    let whole_secs = heard.whole_secs.filter(|whole| *whole > 0.0)?;
    Some((heard.done_secs / whole_secs).clamp(0.0, 1.0) as f32)
}

/// A recording that was read and is not yet a version of a project.
pub struct Imported {
    path: PathBuf,
    /// The score that it was matched to.
    score: Arc<Score>,
    /// That score without the repeats that were left out, which all else here is about, if any were.
    as_played: Option<Score>,
    played: Performance,
    /// Notes of the file that are not in the score.
    extra: Vec<ExtraNote>,
    /// What else is not as it is written.
    slips: Slips,
    /// Bars of which it plays nothing, if any, as a text.
    unplayed: Option<String>,
    /// The sound that its notes were heard in, or why it cannot be kept; none of a MIDI file.
    sound: Option<Result<OwnSound, String>>,
    /// Where the file of its sound breaks off, if it ends earlier than it says.
    cut_off_secs: Option<f64>,
}

impl Imported {
    /// Reads a recording. Long ones take seconds, and sound minutes.
    ///
    /// # Errors
    /// In words, with the path.
    pub fn read(
        read: &ReadRecording,
        path: &Path,
        score: &Arc<Score>,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Self, String> {
        let mut recording = read(path, score, on_progress).map_err(|error| match error {
            RecordingError::File(why) | RecordingError::Sound(HearError::File(why)) => {
                format!("cannot read the recording ({why}): {}", path.display())
            }
            RecordingError::Sound(why) if additions::lacking(&why).is_some() => {
                format!("{NO_TRANSCRIBER}: {}", path.display())
            }
            other => format!("{other}: {}", path.display()),
        })?;
        let as_played = recording.score.take().map(with_unique_ids);
        let asked = score;
        let score = as_played.as_ref().unwrap_or(asked);
        let unplayed = recording.unplayed_bars(score);
        let clock = Clocked::of(score, &clean(score, recording.played.clone())).curve;
        let (slips, extra) = slips::found(score, &recording, &clock);
        let played = clean(score, recording.played);
        let sound = is_sound(path).then(|| own_sounds::keep(path, &played));
        Ok(Self {
            path: path.to_owned(),
            score: asked.clone(),
            as_played,
            played,
            extra,
            slips,
            unplayed,
            sound,
            cut_off_secs: recording.cut_off_secs,
        })
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
        let slips: Vec<String> = [
            (self.slips.wrong.len(), "wrong key", "wrong keys"),
            (self.slips.missed.len(), "missed note", "missed notes"),
            (self.extra.len(), "extra note", "extra notes"),
            (self.slips.hesitations.len(), "hesitation", "hesitations"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
        // Keys that the score does not have are not heard.
        let silent = if self.extra.len() + self.slips.wrong.len() > 0 {
            "; keys that are not in the score are marked and not heard"
        } else {
            ""
        };
        let extra = (!slips.is_empty()).then(|| format!("{}{silent}", slips.join(", ")));
        let unplayed = self.unplayed.as_ref().map(|bars| format!("not played in the recording: bars {bars}"));
        let end = self.cut_off_secs.map(|secs| format!("the file breaks off after {}", clock(secs)));
        let sound = self.sound.as_ref().and_then(|sound| sound.as_ref().err());
        let sound = sound.map(|why| format!("its own sound cannot be heard later ({why})"));
        let said: Vec<String> = end.into_iter().chain(extra).chain(unplayed).chain(sound).collect();
        let text = || format!("{}: {}", said.join("; "), self.path.display());
        (!said.is_empty()).then(|| Message { level: Level::Info, text: text() })
    }

    /// The next version of a document that it [fits](Self::fits). The score that it plays and its sound are added to
    /// those of the document.
    pub fn into_take(mut self, document: &mut Document) -> Take {
        let score = match self.as_played.take() {
            Some(score) => document.scores.add(score),
            None => document.main(),
        };
        let stem = self.path.file_stem().map_or_else(|| "Recording".into(), |stem| stem.to_string_lossy());
        let (matched, written) = (self.played.notes.len(), document.scores.get(score).score.notes.len());
        let kind = if self.sound.is_some() { "recording of sound" } else { "recording" };
        let origin = Origin {
            text: format!("{kind}, {matched} of {}", counted(written, "note", "notes")),
            extra: self.extra,
            slips: Some(self.slips),
            sound: self.sound.and_then(Result::ok).map(|sound| document.sounds.add(sound)),
            ..Origin::default()
        };
        Take {
            id: VersionId::Recording(document.next_number),
            name: edit::free_name(document, &stem),
            origin,
            is_edited: false,
            score,
            pins: Pins::new(),
            performance: Arc::new(self.played),
        }
    }
}
