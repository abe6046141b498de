#![allow(clippy::unwrap_used)]

use super::*;
use crate::score::{Measure, NoteId, TimeSignature};
use crate::time::Quarters;

/// A note a quarter, four a bar.
fn score(pitches: &[u8]) -> Score {
    let note = |(k, pitch): (usize, &u8)| Note {
        id: NoteId { written: k as u32, pass: 1 },
        onset: Quarters::whole(k as i64),
        measure: (k / 4) as u32,
        pitch: *pitch,
        ..Note::default()
    };
    let bars = pitches.len().div_ceil(4) as u32;
    Score {
        notes: pitches.iter().enumerate().map(note).collect(),
        measures: (0..bars).map(|k| Measure::regular(k, TimeSignature::default())).collect(),
        ..Score::default()
    }
}

#[test]
fn a_score_matches_itself() {
    let score = score(&[60, 62, 64, 65, 67, 67, 67, 72]);
    let found = match_notes(&score, &score);
    assert!(found.is_complete());
    assert_eq!(found.forth, (0..8).map(Some).collect::<Vec<_>>());
    assert_eq!(found.common(), 8);
}

#[test]
fn a_bar_that_comes_in_between_moves_the_rest() {
    let first = score(&[60, 62, 64, 65, 67, 69, 71, 72]);
    let mut second = score(&[60, 62, 64, 65, 50, 50, 50, 50, 67, 69, 71, 72]);
    // The page says which bar is new.
    for (measure, number) in second.measures.iter_mut().zip(["1", "X1", "2"]) {
        measure.number = number.to_owned();
    }
    let found = match_notes(&first, &second);
    let expected: Vec<Option<u32>> = [0, 1, 2, 3, 8, 9, 10, 11].map(Some).into();
    assert_eq!(found.forth, expected);
    assert_eq!(found.back[4..8], [None; 4]);
}

#[test]
fn a_note_that_moved_is_known_by_its_id_and_one_that_changed_its_voice_by_its_place() {
    let first = score(&[60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79]);
    let mut second = first.clone();
    second.notes[2].onset = Quarters::new(5, 2);
    second.notes[5].voice = 2;
    second.notes[5].id.written = 77;
    second.notes[7].pitch = 73;
    let found = match_notes(&first, &second);
    assert_eq!((found.forth[2], found.forth[5]), (Some(2), Some(5)));
    assert_eq!((found.forth[7], found.back[7]), (None, None), "another pitch is another note");
    assert_eq!(found.common(), 11);
}

#[test]
fn ids_that_were_counted_anew_are_not_believed() {
    let first = score(&[60, 60, 60, 60, 60, 60, 60, 60]);
    let mut second = first.clone();
    second.notes.iter_mut().for_each(|n| n.id.written += 1);
    // A beat later, and so on a place that no note of the other has: its id is that of another note.
    second.notes[0].onset = Quarters::new(1, 3);
    let found = match_notes(&first, &second);
    assert_eq!(found.forth[1..], (1..8).map(Some).collect::<Vec<_>>());
    assert_eq!(found.forth[0], None);
}

#[test]
fn unisons_are_matched_in_order() {
    let mut first = score(&[60, 60]);
    first.notes.iter_mut().for_each(|n| n.onset = Quarters::ZERO);
    let found = match_notes(&first, &first.clone());
    assert_eq!(found.forth, [Some(0), Some(1)]);
}
