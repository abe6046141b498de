#![allow(clippy::unwrap_used)]

use notation::{DirectionKind, Unfold};
use performance::midi::{ExportMode, ExportOptions, PlayedMidi, export, export_played, read_performance};
use performance::{Performance, deadpan};

use super::*;
use crate::recording::RecordingError;
use crate::scores;

/// The program of strings in General MIDI, from 0.
const STRINGS: u8 = 48;

fn minuet_path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/petzold_minuet_g.musicxml")
}

fn minuet() -> Score {
    scores::read(&minuet_path(), Unfold::Maximal).unwrap()
}

/// The score as somebody plays it: slower and faster, louder and softer, chords not quite together.
fn somebody(score: &Score) -> Performance {
    let mut played = deadpan(score);
    for (k, note) in played.notes.iter_mut().enumerate() {
        let secs = note.onset_secs;
        note.onset_secs = 1.1 * secs + 0.12 * (0.7 * secs).sin() + 0.004 * (k % 3) as f64 + 0.5;
        note.velocity = 50 + (k * 37 % 41) as u8;
    }
    played
}

fn file(score: &Score, played: &Performance, program: u8) -> Vec<u8> {
    let mode = ExportMode::ExactTiming(120.0);
    export(score, played, &ExportOptions { mode, program, ..ExportOptions::default() }).unwrap().bytes
}

fn kept(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn refused(bytes: Vec<u8>) -> ReferenceError {
    of_midi(bytes, None).unwrap_err()
}

#[test]
fn with_its_score_a_recording_is_matched_to_that() {
    let score = minuet();
    let played = somebody(&score);
    let reference = of_midi(file(&score, &played, 0), Some(&score)).unwrap();
    assert_eq!(reference.score, score);
    assert_eq!(reference.played.notes.len(), score.notes.len());
    assert!(reference.warnings.is_empty(), "{:?}", reference.warnings);
    // But for keys that two voices share.
    let both = reference.played.notes.iter().zip(&played.notes);
    let equal = both.filter(|(found, note)| found.velocity == note.velocity).count();
    assert!(equal > score.notes.len() * 9 / 10, "{equal}");
    // Of another score it is no performance.
    let prelude = minuet_path().with_file_name("chopin_prelude_op28_4.musicxml");
    let prelude = scores::read(&prelude, Unfold::Maximal).unwrap();
    let error = of_midi(file(&score, &played, 0), Some(&prelude)).unwrap_err();
    assert!(matches!(error, ReferenceError::Recording(RecordingError::OtherPiece { .. })), "{error}");
}

#[test]
fn without_a_score_one_is_estimated_that_has_every_note() {
    let score = minuet();
    let bytes = file(&score, &somebody(&score), 0);
    let heard = read_performance(&bytes).unwrap();
    let Reference { score: estimated, played, warnings } = of_midi(bytes, None).unwrap();
    assert_eq!((estimated.notes.len(), played.notes.len()), (heard.notes.len(), heard.notes.len()));
    for note in &played.notes {
        let written = &estimated.notes[note.note as usize];
        let is_it = |key: &performance::midi::MidiNote| {
            key.pitch == written.pitch && key.velocity == note.velocity && key.onset_secs == note.onset_secs
        };
        assert!(heard.notes.iter().any(is_it), "{note:?}");
    }
    // What is written has nobody's tempo and loudness.
    let is_tempo = |kind: &DirectionKind| matches!(kind, DirectionKind::Metronome(_));
    assert_eq!(estimated.directions.iter().filter(|d| is_tempo(&d.kind)).count(), 1);
    assert!(estimated.velocities.is_empty());
    assert!(estimated.measures.len() > 10);
    assert!(warnings[0].contains("the beats are estimated"), "{warnings:?}");
}

#[test]
fn what_was_heard_in_sound_is_read_alike() {
    let score = minuet();
    let midi = file(&score, &somebody(&score), 0);
    let heard = Heard { midi, notes: score.notes.len(), length_secs: 90.0, cut_off_secs: Some(88.2) };
    let reference = of_heard(heard.clone(), Some(&score)).unwrap();
    assert_eq!(reference.played.notes.len(), score.notes.len());
    assert_eq!(reference.warnings, ["the file breaks off after 88 seconds"]);
    assert!(of_heard(heard.clone(), None).is_ok());
    let few = of_heard(Heard { notes: 10, ..heard }, None).unwrap_err();
    assert!(matches!(few, ReferenceError::FewNotes { notes: 10 }), "{few}");
}

#[test]
fn a_written_score_is_no_recording() {
    let (_folder, path) = kept("minuet.musicxml", &std::fs::read(minuet_path()).unwrap());
    let error = read(&path, None).unwrap_err();
    assert!(matches!(error, ReferenceError::Score), "{error}");
    // Nor is a score in a MIDI file, though it is marked as performed.
    let score = minuet();
    let mut literal = deadpan(&score);
    literal.notes.iter_mut().for_each(|note| note.velocity = 64);
    let on_grid = export(&score, &literal, &ExportOptions::default()).unwrap().bytes;
    let error = refused(on_grid);
    assert!(error.to_string().contains("sounds like a written score"), "{error}");
    assert!(error.to_string().contains("one loudness"), "{error}");
    let of_score = of_midi(export(&score, &literal, &ExportOptions::default()).unwrap().bytes, Some(&score));
    assert!(matches!(of_score, Err(ReferenceError::Written { velocities: 1 })));
    // Who has only one of the two is told of the other.
    let mut equal = somebody(&score);
    equal.notes.iter_mut().for_each(|note| note.velocity = 64);
    let warnings = of_midi(file(&score, &equal, 0), Some(&score)).unwrap().warnings;
    assert!(warnings.len() == 1 && warnings[0].contains("equally loud"), "{warnings:?}");
}

#[test]
fn ten_notes_show_no_manner() {
    let score = minuet();
    let mut played = somebody(&score);
    played.notes.truncate(10);
    let error = refused(file(&score, &played, 0));
    assert!(matches!(error, ReferenceError::FewNotes { notes: 10 }), "{error}");
    assert!(error.to_string().contains("30"), "{error}");
}

#[test]
fn other_instruments_are_refused_by_name() {
    let score = minuet();
    let error = refused(file(&score, &somebody(&score), STRINGS));
    assert!(error.to_string().contains("played by strings"), "{error}");
    assert!(matches!(error, ReferenceError::Instrument { .. }));
    // A MIDI file of nothing but percussion: every channel is the tenth.
    let mut drums = file(&score, &somebody(&score), 0);
    for byte in &mut drums {
        if (0x80..0xA0).contains(byte) {
            *byte = *byte & 0xF0 | 9;
        }
    }
    if let Err(error) = of_midi(drums, None) {
        assert!(error.to_string().contains("percussion"), "{error}");
    } else {
        panic!("drums are no piano");
    }
}

#[test]
fn files_of_other_kinds_say_what_they_are() {
    for (name, bytes, words) in [
        ("page.png", &b"\x89PNG\r\n\x1a\n"[..], "a picture (PNG), not a recording"),
        ("notes.txt", b"c d e f g", "a text, not a recording"),
        ("empty.mid", b"", "an empty file"),
        ("piece.espressivo", b"SQLite format 3\0", "a project"),
        ("broken.mid", b"MThd\0\0\0\x06\0\0\0\x01\0\x60", "MIDI"),
    ] {
        let (_folder, path) = kept(name, bytes);
        let error = read(&path, None).unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
    let missing = read(Path::new("missing.mid"), None).unwrap_err();
    assert!(matches!(missing, ReferenceError::File(_)), "{missing}");
}

#[test]
fn a_file_without_beats_is_read_by_its_notes() {
    // Sixty keys in quick succession at a steady tempo, as a keyboard records them.
    let score = minuet();
    let heard = read_performance(&file(&score, &somebody(&score), 0)).unwrap();
    let bytes = export_played(&PlayedMidi { pedals: Vec::new(), ..heard }, "x").unwrap();
    assert!(of_midi(bytes, None).is_ok());
}

#[test]
fn a_reference_is_called_as_its_file() {
    assert_eq!(name(Path::new("/music/Clara, live.mid")), "Clara, live");
}
