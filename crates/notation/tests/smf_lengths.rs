//! MIDI files whose events have wrong lengths, and tempi that a file does not give.
#![allow(clippy::unwrap_used)]

mod common;

use common::midi::{END, file, quarters};
use notation::smf::{SmfError, SmfOptions, read};
use notation::{DirectionKind, Quarters, Score};

fn score(tracks: &[Vec<u8>]) -> Score {
    read(&file(1, 96, tracks), &SmfOptions::default()).unwrap()
}

fn pitches(score: &Score) -> Vec<u8> {
    score.notes.iter().map(|note| note.pitch).collect()
}

fn tempi(score: &Score) -> Vec<(Quarters, f64)> {
    let number = |kind| if let DirectionKind::Metronome(number) = kind { Some(number) } else { None };
    score.directions.iter().filter_map(|d| Some((d.onset, number(d.kind)?.round()))).collect()
}

#[test]
fn a_wrong_length_of_a_tempo_swallows_no_notes() {
    for length in [0, 1, 2, 4, 8, 12, 40, 127] {
        let tempo = vec![0, 0xff, 0x51, length, 0x0f, 0x42, 0x40];
        let score = score(&[[tempo, quarters(0, &[60, 62, 64])].concat()]);
        assert_eq!(pitches(&score), [60, 62, 64], "{length}");
        assert_eq!(tempi(&score), [(Quarters::ZERO, 60.0)], "{length}");
        assert!(score.warnings[0].message.contains("length of the event at byte 22 is wrong"), "{length}");
    }
}

#[test]
fn a_wrong_length_of_an_end_of_track_swallows_no_notes() {
    let rest = quarters(0, &[64, 65]);
    let end = vec![0, 0xff, 0x2f, rest.len() as u8];
    let first = quarters(0, &[60, 62]);
    let track = [first[..first.len() - END.len()].to_vec(), end, rest].concat();
    let score = score(&[track, quarters(1, &[72])]);
    assert_eq!(pitches(&score), [60, 72, 62, 64, 65]);
    assert!(score.warnings.iter().any(|w| w.message.contains("is wrong")), "{:?}", score.warnings);
}

#[test]
fn a_wrong_length_of_a_text_swallows_no_notes() {
    for length in [1, 4, 9, 20, 90] {
        let text = vec![0, 0xff, 3, length, b'a', b'b', b'c'];
        let score = score(&[[text, quarters(0, &[60, 62, 64])].concat(), quarters(1, &[72])]);
        assert_eq!(pitches(&score), [60, 72, 62, 64], "{length}");
        assert!(score.warnings.iter().any(|w| w.message.contains("is wrong")), "{length}");
    }
}

#[test]
fn a_wrong_length_of_a_system_exclusive_message_swallows_no_notes() {
    for length in [0, 3, 4, 6, 30, 120] {
        let message = vec![0, 0xf0, length, 0x7e, 0x7f, 9, 1, 0xf7];
        let score = score(&[[message, quarters(0, &[60, 62, 64])].concat()]);
        assert_eq!(pitches(&score), [60, 62, 64], "{length}");
        assert!(!score.warnings.is_empty(), "{length}");
    }
    let right = vec![0, 0xf0, 5, 0x7e, 0x7f, 9, 1, 0xf7];
    let score = score(&[[right, quarters(0, &[60])].concat()]);
    assert!(score.warnings.is_empty(), "{:?}", score.warnings);
}

#[test]
fn percussion_alone_is_not_said_where_a_fault_cut_the_melody_off() {
    let melody = [vec![0, 0xf4], quarters(0, &[60, 62])].concat();
    let bytes = file(1, 96, &[melody, quarters(9, &[35, 38])]);
    let error = read(&bytes, &SmfOptions::default()).unwrap_err();
    assert!(matches!(error, SmfError::Broken { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("track 1: the event at byte 22") && text.contains("2 notes for percussion"),
        "{text}"
    );
}

#[test]
fn without_a_tempo_a_file_goes_at_the_120_of_the_standard() {
    assert_eq!(tempi(&score(&[quarters(0, &[60])])), [(Quarters::ZERO, 120.0)]);
    // Half a million microseconds a quarter, then a million from the third quarter on.
    let later = [vec![0x81, 0x40, 0xff, 0x51, 3, 0x0f, 0x42, 0x40], END.to_vec()].concat();
    let score = score(&[later, quarters(0, &[60, 62, 64])]);
    assert_eq!(tempi(&score), [(Quarters::ZERO, 120.0), (Quarters::whole(2), 60.0)]);
}

#[test]
fn all_notes_off_ends_the_notes_of_its_channel() {
    for controller in [120, 123] {
        let on = |channel: u8, pitch: u8| [0, 0x90 | channel, pitch, 64];
        let mut track = [on(0, 60), on(0, 64), on(1, 48)].concat();
        track.extend([96, 0xb0, controller, 0, 96, 0x90, 60, 64, 96, 0x80, 60, 0, 0, 0x81, 48, 0]);
        track.extend(END);
        let score = score(&[track]);
        let held: Vec<(u8, Quarters)> = score.notes.iter().map(|n| (n.pitch, n.duration)).collect();
        let whole = Quarters::whole;
        assert_eq!(held, [(48, whole(3)), (60, whole(1)), (64, whole(1)), (60, whole(1))]);
        assert!(score.warnings.is_empty(), "{:?}", score.warnings);
    }
}
