//! Performances from MIDI files and from sound, matched to their score: a take to perform bars of anew, or a
//! recording to compare with.

use std::ops::Range;
use std::path::Path;

use alignment::bars::{self, Figures};
use alignment::{Alignment, Given, match_as_played, match_recording, unplayed};
use notation::Score;
use notation::smf::SmfError;
use performance::Performance;
use performance::midi::{Matched, MidiNote, PlayedMidi, read_performance};
use thiserror::Error;

use crate::files::{self, FileError};
use crate::hearing::{HearError, Heard, Progress, hear};
use crate::limits::{LEAST_MATCHED, RECORDING_BYTES};
use crate::no_recording;

/// A MIDI file, or what was heard in a recording of sound, as a performance of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The MIDI file; of a recording of sound the one that holds what was heard.
    pub bytes: Vec<u8>,
    /// What it plays of the score.
    pub played: Performance,
    /// Whose each of its notes is ([`alignment::match_recording`]).
    pub owners: Vec<Option<u32>>,
    /// Notes of the file that are not in the score, ordered by onset.
    pub extra: Vec<MidiNote>,
    /// Measures of which it plays nothing, as ranges of indices into [`Score::measures`].
    pub unplayed: Vec<Range<usize>>,
    /// The score without the repeats that were left out, which all else here is about; none if it is the
    /// score that was asked for.
    pub score: Option<Score>,
    /// What each note was struck for, and what was played in one go.
    pub alignment: Alignment,
    /// What of each bar is right, wrong, missed and extra, and where the player hesitates.
    pub figures: Figures,
    /// Where the file of a sound breaks off, if it ends earlier than it says.
    pub cut_off_secs: Option<f64>,
}

/// Why a file gives no performance of a score. The caller names the file.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// It could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is no MIDI file, or a broken one.
    #[error(transparent)]
    Midi(#[from] SmfError),
    /// It is something else.
    #[error(
        "this is {what}, not a recording; a MIDI file (.mid) or a recording of sound (WAV, FLAC, MP3 or Ogg \
         Vorbis) is expected"
    )]
    NoRecording {
        /// What it is.
        what: String,
    },
    /// No notes were heard in its sound.
    #[error(transparent)]
    Sound(#[from] HearError),
    /// It plays something else.
    #[error("this is no performance of the score: only {matched} of its {heard} notes are found there")]
    OtherPiece {
        /// Notes found in the score.
        matched: usize,
        /// Notes of the file.
        heard: usize,
    },
}

/// Reads a MIDI file and finds its notes in the score, with wrong, missed and extra notes, with passages that are
/// played several times or not at all ([`alignment`]). Takes time that grows with the product of the
/// two numbers of notes, unless all notes of one are those of the other.
///
/// # Errors
/// If the file cannot be read, is larger than [`RECORDING_BYTES`], is no MIDI file, or has too little
/// in common with the score.
pub fn read(path: &Path, score: &Score) -> Result<Recording, RecordingError> {
    let (bytes, midi) = read_midi(path)?;
    recording(score, bytes, &midi, match_recording(score, &midi), None)
}

/// The same, of the score without the repeats that were left out.
///
/// # Errors
/// As [`read`].
pub fn read_as_played(path: &Path, score: &Score) -> Result<Recording, RecordingError> {
    of_midi_as_played(files::read(path, RECORDING_BYTES)?, score).map_err(|error| match error {
        RecordingError::Midi(error) => explained(path, error),
        other => other,
    })
}

/// The same of the bytes of a MIDI file.
///
/// # Errors
/// If they are none, or have too little in common with the score.
pub fn of_midi_as_played(bytes: Vec<u8>, score: &Score) -> Result<Recording, RecordingError> {
    let midi = read_performance(&bytes)?;
    let (given, as_played) = match_as_played(score, &midi);
    recording(score, bytes, &midi, given, as_played)
}

/// Reads a recording of sound as [`read`] reads a MIDI file: its notes are heard first ([`hear`]). `transcriber` is the
/// folder of the network ([`Folders::transcriber`](crate::Folders::transcriber)); `progress` returns whether to go
/// on.
///
/// # Errors
/// Those of [`hear`], and if what was heard has too little in common with the score.
pub fn read_sound(
    path: &Path,
    score: &Score,
    transcriber: &Path,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Recording, RecordingError> {
    of_heard(hear(path, transcriber, progress)?, score)
}

/// The same, of the score without the repeats that were left out.
///
/// # Errors
/// As [`read_sound`].
pub fn read_sound_as_played(
    path: &Path,
    score: &Score,
    transcriber: &Path,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Recording, RecordingError> {
    of_heard_as_played(hear(path, transcriber, progress)?, score)
}

/// Finds what was heard in the score.
///
/// # Errors
/// If the two have too little in common.
pub fn of_heard(heard: Heard, score: &Score) -> Result<Recording, RecordingError> {
    let midi = read_performance(&heard.midi)?;
    let found = recording(score, heard.midi, &midi, match_recording(score, &midi), None)?;
    Ok(Recording { cut_off_secs: heard.cut_off_secs, ..found })
}

/// The same, of the score without the repeats that were left out.
///
/// # Errors
/// As [`of_heard`].
pub fn of_heard_as_played(heard: Heard, score: &Score) -> Result<Recording, RecordingError> {
    let found = of_midi_as_played(heard.midi, score)?;
    Ok(Recording { cut_off_secs: heard.cut_off_secs, ..found })
}

fn read_midi(path: &Path) -> Result<(Vec<u8>, PlayedMidi), RecordingError> {
    let bytes = files::read(path, RECORDING_BYTES)?;
    let midi = read_performance(&bytes).map_err(|error| explained(path, error))?;
    Ok((bytes, midi))
}

/// Why a file is not read as MIDI: what it is, if that can be told.
fn explained(path: &Path, error: SmfError) -> RecordingError {
    match no_recording::what(path) {
        Some(what) => RecordingError::NoRecording { what },
        None => RecordingError::Midi(error),
    }
}

/// What was given to the notes of a score, or of the score as it was played.
fn recording(
    score: &Score,
    bytes: Vec<u8>,
    midi: &PlayedMidi,
    given: Given,
    as_played: Option<Score>,
) -> Result<Recording, RecordingError> {
    let score = as_played.as_ref().unwrap_or(score);
    let Given { matched: Matched { played, owners }, extra, found, left_out, alignment } = given;
    let heard = midi.notes.len();
    // Of what is played some is found, and of what stands in between most is played.
    let enough =
        (LEAST_MATCHED * heard.min(score.notes.len()) as f64).max(LEAST_MATCHED * (found + left_out) as f64);
    if played.notes.is_empty() || (found as f64) < enough {
        return Err(RecordingError::OtherPiece { matched: found, heard });
    }
    let unplayed = unplayed(score, &played);
    let figures = bars::figures(score, &midi.notes, &alignment);
    Ok(Recording {
        bytes,
        played,
        owners,
        extra,
        unplayed,
        alignment,
        figures,
        score: as_played,
        cut_off_secs: None,
    })
}

impl Recording {
    /// The score that it plays: `asked`, the one that it was read for, or that without some repeats.
    pub fn plays<'a>(&'a self, asked: &'a Score) -> &'a Score {
        self.score.as_ref().unwrap_or(asked)
    }

    /// The bars of which it plays nothing, by their printed numbers: `5-8, 12`. None if there are none. The score
    /// is the one that it [plays](Self::plays).
    pub fn unplayed_bars(&self, score: &Score) -> Option<String> {
        let number = |bar: usize| score.measures.get(bar).map_or("", |measure| measure.number.as_str());
        let range = |range: &Range<usize>| match (number(range.start), number(range.end - 1)) {
            (first, last) if first == last => first.to_owned(),
            (first, last) => format!("{first}-{last}"),
        };
        let ranges: Vec<String> = self.unplayed.iter().map(range).collect();
        (!ranges.is_empty()).then(|| ranges.join(", "))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::Unfold;
    use performance::midi::{ExportOptions, export};

    use super::*;
    use crate::scores;

    fn score(name: &str) -> Score {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores");
        scores::read(&folder.join(name).with_extension("musicxml"), Unfold::Maximal).unwrap()
    }

    #[test]
    fn a_take_comes_back_and_another_piece_is_refused() {
        let (minuet, prelude) = (score("petzold_minuet_g"), score("chopin_prelude_op28_4"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.mid");
        let take = export(&minuet, &performance::deadpan(&minuet), &ExportOptions::default()).unwrap();
        files::replace(&path, &take.bytes).unwrap();
        let recording = read(&path, &minuet).unwrap();
        assert_eq!((recording.played.notes.len(), recording.extra.len()), (minuet.notes.len(), 0));
        assert_eq!(recording.bytes, take.bytes);
        let error = read(&path, &prelude).unwrap_err();
        assert!(matches!(error, RecordingError::OtherPiece { .. }), "{error}");
    }

    #[test]
    fn what_is_no_recording_is_named_and_what_is_expected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lesson.txt");
        std::fs::write(&path, "Practise bars 5 to 9.").unwrap();
        let minuet = score("petzold_minuet_g");
        for error in [read(&path, &minuet).unwrap_err(), read_as_played(&path, &minuet).unwrap_err()] {
            let text = error.to_string();
            assert!(text.starts_with("this is a text, not a recording; a MIDI file (.mid)"), "{text}");
        }
        // A damaged MIDI file is none of these.
        std::fs::write(&path, b"MThd").unwrap();
        assert!(matches!(read(&path, &minuet).unwrap_err(), RecordingError::Midi(_)));
    }

    #[test]
    fn what_was_heard_is_found_in_the_score() {
        let minuet = score("petzold_minuet_g");
        let take = export(&minuet, &performance::deadpan(&minuet), &ExportOptions::default()).unwrap();
        let heard = Heard {
            midi: take.bytes,
            notes: minuet.notes.len(),
            length_secs: 90.0,
            cut_off_secs: Some(88.0),
        };
        let recording = of_heard(heard.clone(), &minuet).unwrap();
        assert_eq!((recording.played.notes.len(), recording.extra.len()), (minuet.notes.len(), 0));
        assert_eq!((&recording.bytes, recording.cut_off_secs), (&heard.midi, Some(88.0)));
        assert_eq!(of_heard_as_played(heard.clone(), &minuet).unwrap().score, None);
        let error = of_heard(heard, &score("chopin_prelude_op28_4")).unwrap_err();
        assert!(matches!(error, RecordingError::OtherPiece { .. }), "{error}");
    }

    #[test]
    fn what_is_not_in_the_score_is_kept_apart() {
        let minuet = score("petzold_minuet_g");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.mid");
        // Low notes that the minuet does not have, each on a key of its own: a key is struck once.
        let mut other = minuet.clone();
        other.notes.iter_mut().take(3).zip(24..).for_each(|(note, pitch)| note.pitch = pitch);
        let take = export(&other, &performance::deadpan(&other), &ExportOptions::default()).unwrap();
        files::replace(&path, &take.bytes).unwrap();
        let recording = read(&path, &minuet).unwrap();
        assert_eq!(recording.played.notes.len(), minuet.notes.len() - 3);
        let mut pitches: Vec<u8> = recording.extra.iter().map(|note| note.pitch).collect();
        pitches.sort_unstable();
        assert_eq!(pitches, [24, 25, 26]);
    }

    #[test]
    fn a_recording_of_some_bars_says_which_ones_it_has_not() {
        let minuet = score("petzold_minuet_g");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.mid");
        let options = ExportOptions { bars: Some(8..16), ..ExportOptions::default() };
        let take = export(&minuet, &performance::deadpan(&minuet), &options).unwrap();
        files::replace(&path, &take.bytes).unwrap();
        let recording = read(&path, &minuet).unwrap();
        assert_eq!(recording.extra, []);
        // The bars that are played twice sound alike: one of the two passes is played.
        let played: Vec<usize> = (0..minuet.measures.len())
            .filter(|bar| !recording.unplayed.iter().any(|range| range.contains(bar)))
            .collect();
        let numbers: Vec<&str> = played.iter().map(|bar| minuet.measures[*bar].number.as_str()).collect();
        let expected: Vec<&str> =
            minuet.measures[8..16].iter().map(|measure| measure.number.as_str()).collect();
        assert_eq!(numbers, expected);
        assert!(recording.unplayed_bars(&minuet).is_some());
    }
    #[test]
    fn a_recording_without_repeats_plays_the_score_without_them() {
        let minuet = score("petzold_minuet_g");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/petzold_minuet_g.musicxml");
        let written = scores::read(&folder, Unfold::AsWritten).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("once.mid");
        let once = export(&written, &performance::deadpan(&written), &ExportOptions::default()).unwrap();
        files::replace(&path, &once.bytes).unwrap();
        let recording = read_as_played(&path, &minuet).unwrap();
        let plays = recording.plays(&minuet);
        assert_eq!((plays.measures.len(), plays.notes.len()), (written.measures.len(), written.notes.len()));
        assert_eq!((recording.played.notes.len(), recording.unplayed.len()), (written.notes.len(), 0));
        assert!(recording.figures.bars.iter().all(|bar| (bar.missed, bar.wrong, bar.extra) == (0, 0, 0)));
        // For the score as it was asked for it lacks one of the two passes.
        assert!(!read(&path, &minuet).unwrap().unplayed.is_empty());
        // A recording with all repeats plays the score itself.
        let twice = export(&minuet, &performance::deadpan(&minuet), &ExportOptions::default()).unwrap();
        files::replace(&path, &twice.bytes).unwrap();
        assert_eq!(read_as_played(&path, &minuet).unwrap().score, None);
    }
}
