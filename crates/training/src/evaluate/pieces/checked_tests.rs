use notation::{KeySignature, NoteId, Part, Quarters, TimeSignature};

use super::*;

/// Two bars of 4/4 with notes of the right hand: onset, length in quarters and pitch.
fn piece(notes: &[(i64, i64, u8)]) -> Score {
    let time = TimeSignature::default();
    let note = |(written, (onset, length, pitch)): (u32, &(i64, i64, u8))| Note {
        id: NoteId { written, pass: 1 },
        onset: Quarters::whole(*onset),
        duration: Quarters::whole(*length),
        pitch: *pitch,
        measure: (*onset / 4) as u32,
        ..Note::default()
    };
    Score {
        parts: vec![Part { id: "P1".to_owned(), name: "Piano".to_owned(), staves: 2 }],
        measures: (0..2).map(|bar| Measure::regular(bar, time)).collect(),
        notes: (0..).zip(notes).map(note).collect(),
        time_signatures: vec![(Quarters::ZERO, time)],
        key_signatures: vec![(Quarters::ZERO, KeySignature::default())],
        ..Score::default()
    }
}

#[test]
fn what_is_in_order_is() {
    let score = piece(&[(0, 4, 60), (1, 1, 76), (4, 4, 62)]);
    let found = Checked::of([&score].into_iter(), 2);
    let all =
        Checked { bars_add_up: 1, read_back: 1, playable: 1, most_at_once: 2, most_a_hand: 2, widest: 16 };
    assert_eq!(found, all);
}

#[test]
fn each_fault_is_seen() {
    let wide = piece(&[(0, 4, 60), (1, 1, 77), (4, 4, 62)]);
    assert_eq!(Checked::of([&wide].into_iter(), 2).playable, 0);
    let many = piece(&[(0, 1, 60), (0, 1, 61), (0, 1, 62), (0, 1, 63), (0, 1, 64), (0, 1, 65)]);
    let found = Checked::of([&many].into_iter(), 2);
    assert_eq!((found.playable, found.most_a_hand), (0, 6));
    let long = piece(&[(0, 1, 60), (6, 4, 60)]);
    assert_eq!(Checked::of([&long].into_iter(), 2).bars_add_up, 0);
    assert_eq!(Checked::of([&wide].into_iter(), 3).bars_add_up, 0);
}
