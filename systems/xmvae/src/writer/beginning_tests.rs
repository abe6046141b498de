#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, NoteId, Quarters, TimeSignature};

use super::*;
use crate::writer::network::{Choose, Decoder};

/// A window of eight notes. The code of a beat is its number among those that are read.
struct Small;

impl Network for Small {
    fn code_count(&self) -> usize {
        4
    }

    fn window(&self) -> (usize, usize) {
        (8, 24)
    }

    fn codes(&self, steps: &[ScoreTokens]) -> Vec<u16> {
        (0..steps.iter().filter(|step| step[FAMILY] == METRIC).count() as u16).collect()
    }

    fn begin(&self) -> Box<dyn Decoder + '_> {
        struct Nothing;
        impl Decoder for Nothing {
            fn push(&mut self, _: ScoreTokens, _: Option<u16>) {}

            fn next(&mut self, _: &mut Choose<'_>) -> (ScoreTokens, Option<u16>) {
                ([0; 4], None)
            }
        }
        Box::new(Nothing)
    }
}

/// Bars of 3/4 with a note on the first beat, then one bar of 6/8.
fn score(bars: u32) -> Score {
    let time = TimeSignature { beats: 3, beat_type: 4 };
    let mut measures: Vec<Measure> = (0..=bars).map(|k| Measure::regular(k, time)).collect();
    let last = measures.last_mut().unwrap();
    last.time = TimeSignature { beats: 6, beat_type: 8 };
    let change = (last.start, last.time);
    let notes = (0..=bars).map(|k| Note {
        id: NoteId { written: k, pass: 1 },
        onset: Quarters::whole(3 * i64::from(k)),
        measure: k,
        pitch: 60 + k as u8,
        ..Note::default()
    });
    let notes = notes.collect();
    Score { measures, notes, time_signatures: vec![(Quarters::ZERO, time), change], ..Score::default() }
}

#[test]
fn as_much_is_read_as_there_is_room_for() {
    let (score, room) = (score(10), (4, 12));
    assert_eq!(before(&score, 10, room), 7..10, "three steps of beats and a note each");
    assert_eq!(before(&score, 2, room), 0..2);
    assert_eq!(before(&score, 5, (0, 0)), 4..5, "at least one bar");
    for chance in [0.0, 0.5, 0.99] {
        let bars = stretch(&score, room, chance).unwrap();
        assert!(bars.len() >= 2 && bars.len() <= 3 && bars.end <= 10, "{bars:?}");
    }
}

#[test]
fn a_piece_goes_on_in_its_metre_with_its_codes() {
    let score = score(4);
    let request = PieceRequest { continues: Some((&score, 4)), ..PieceRequest::new(8, 1) };
    let beginning = Beginning::of(&request, &Small, [0.0, 0.0]).unwrap();
    assert_eq!(beginning.metre.time, TimeSignature { beats: 3, beat_type: 4 });
    let codes: Vec<u16> = beginning.read.iter().filter_map(|(_, code)| *code).collect();
    assert_eq!(codes, (0..9).collect::<Vec<_>>());
    let notes = beginning.read.iter().filter(|(step, _)| step[FAMILY] == NOTE);
    assert_eq!(notes.count(), 3);
    let after = PieceRequest { continues: Some((&score, 5)), ..PieceRequest::new(8, 1) };
    let beginning = Beginning::of(&after, &Small, [0.0, 0.0]).unwrap();
    assert_eq!(beginning.metre.time, TimeSignature { beats: 6, beat_type: 8 });
}

#[test]
fn a_piece_without_notes_is_like_nothing() {
    let silent = Score { notes: Vec::new(), ..score(4) };
    let request = PieceRequest { like: Some(&silent), ..PieceRequest::new(8, 1) };
    assert!(matches!(Beginning::of(&request, &Small, [0.0; 2]), Err(PieceError::Unreadable { .. })));
}
