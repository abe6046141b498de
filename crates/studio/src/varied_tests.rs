#![allow(clippy::unwrap_used)]

use notation::{Measure, NoteId, Part, Quarters, TimeSignature};
use performance::{Pedal, PedalEvent};
use protocol::PinKind;

use super::*;
use crate::scores::Scores;

/// Three bars of four quarters in the right hand, rising by one from 60, over a whole note of pitch 40 in
/// the left hand.
fn score() -> Score {
    let note = |at: i64, long: i64, pitch: u8, staff: u8| Note {
        onset: Quarters::whole(at),
        duration: Quarters::whole(long),
        pitch,
        staff,
        voice: staff,
        measure: (at / 4) as u32,
        ..Note::default()
    };
    let right = (0..12).map(|k| note(k, 1, 60 + k as u8, 1));
    let left = (0..3).map(|k| note(4 * k, 4, 40, 2));
    let mut notes: Vec<Note> = right.chain(left).collect();
    notes.sort_by_key(|n| (n.onset, n.pitch));
    for (written, note) in (0..).zip(&mut notes) {
        note.id = NoteId { written, pass: 1 };
    }
    Score {
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        measures: (0..3).map(|k| Measure::regular(k, TimeSignature::default())).collect(),
        notes,
        ..Score::default()
    }
}

/// Quarters of 0.6 s, in the right hand louder by one from note to note, in the left hand always 90.
fn performed(score: &Score) -> Performance {
    let note = |(k, n): (u32, &Note)| PlayedNote {
        note: k,
        onset_secs: 0.6 * n.onset.to_f64(),
        duration_secs: 0.5 * n.duration.to_f64(),
        velocity: if n.staff == 2 { 90 } else { n.pitch - 20 },
    };
    let notes = (0..).zip(&score.notes).map(note).collect();
    let pedal = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    Performance { notes, pedals: vec![pedal(0.1, 127), pedal(3.0, 0), pedal(3.1, 127)] }
}

/// Bar 2 with other notes.
fn passage() -> Score {
    let note = |at: (i64, i64), long: (i64, i64), pitch: u8, staff: u8| Note {
        onset: Quarters::new(at.0, at.1),
        duration: Quarters::new(long.0, long.1),
        pitch,
        staff,
        voice: staff,
        ..Note::default()
    };
    Score {
        measures: vec![Measure::regular(0, TimeSignature::default())],
        notes: vec![
            note((0, 1), (4, 1), 43, 2),
            note((0, 1), (2, 1), 64, 1),
            note((2, 1), (1, 1), 66, 1),
            note((5, 2), (1, 2), 80, 1),
        ],
        ..Score::default()
    }
}

fn entry() -> Entry {
    Scores::new(score()).get(ScoreId(0)).clone()
}

#[test]
fn new_notes_are_played_in_the_tempo_and_as_loud_as_what_is_around_them() {
    let old = entry();
    let new = placed(&old, ScoreId(0), &(1..2), &passage()).unwrap();
    assert_eq!(new.varied, Some(Varied { of: ScoreId(0), bars: 1..2 }));
    let before = performed(&old.score);
    let after = played(&old.score, &new.score, &before);
    assert_eq!(after.notes.len(), 14);
    assert_eq!(after.pedals, before.pedals);
    assert_eq!(after.notes[..5], before.notes[..5], "bar 1");
    let moved = |n: &PlayedNote| PlayedNote { note: n.note - 1, ..*n };
    let last: Vec<PlayedNote> = before.notes[10..].iter().map(moved).collect();
    assert_eq!(after.notes[9..], last, "bar 3");
    let [left, longer, same, fresh] = [5, 6, 7, 8].map(|k: usize| after.notes[k]);
    let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
    // A left hand that is new, for the whole bar, as loud as the left hand is.
    assert!(close(left.onset_secs, 2.4) && close(left.duration_secs, 2.4) && left.velocity == 90, "{left:?}");
    // The first quarter of the bar, now twice as long: held for the same share.
    assert!(close(longer.onset_secs, 2.4) && close(longer.duration_secs, 1.0), "{longer:?}");
    assert_eq!((longer.onset_secs, longer.velocity), (before.notes[6].onset_secs, 44));
    // The third quarter as it was.
    assert_eq!(PlayedNote { note: 8, ..same }, before.notes[8]);
    // An eighth at 6.5 quarters, as loud as the note before: the right hand plays at 6 and at 7.
    assert!(close(fresh.onset_secs, 3.9) && close(fresh.duration_secs, 0.3), "{fresh:?}");
    assert_eq!(fresh.velocity, 46);
}

#[test]
fn a_piece_that_is_varied_as_a_whole_is_played() {
    let mut short = score();
    short.measures.truncate(1);
    short.notes.truncate(5);
    let old = Scores::new(short).get(ScoreId(0)).clone();
    let mut passage = passage();
    passage.notes.remove(1);
    let new = placed(&old, ScoreId(0), &(0..1), &passage).unwrap();
    let after = played(&old.score, &new.score, &performed(&old.score));
    let found: Vec<(u32, u8)> = after.notes.iter().map(|n| (n.note, n.velocity)).collect();
    assert_eq!(found, [(0, 90), (1, 42), (2, 42)]);
    assert!((after.notes[2].onset_secs - 1.5).abs() < 1e-6, "{after:?}");
}

#[test]
fn pins_stay_with_the_notes_that_both_have() {
    let old = entry();
    let new = placed(&old, ScoreId(0), &(1..2), &passage()).unwrap();
    // Of bar 1, of bar 2 (the second quarter is gone), of bar 3.
    let before: Pins = [0, 7, 12].map(|note| (note, PinKind::Onset)).into();
    let after: Vec<u32> = pins(&old.score, &new.score, &before).iter().map(|pin| pin.0).collect();
    assert_eq!(after, [0, 11]);
}

#[test]
fn a_page_with_other_notes_in_one_pass_has_its_repeats_written_out() {
    let mut repeated = score();
    repeated.measures.truncate(2);
    repeated.notes.truncate(10);
    for (k, note) in repeated.notes[5..].iter_mut().enumerate() {
        (note.id, note.pitch) =
            (NoteId { written: k as u32, pass: 2 }, note.pitch - if k == 0 { 0 } else { 4 });
    }
    (repeated.measures[1].written, repeated.measures[1].pass) = (0, 2);
    let old = Scores::new(repeated).get(ScoreId(0)).clone();
    assert!(Arc::ptr_eq(&to_engrave(&old), &old.score));
    let new = placed(&old, ScoreId(0), &(1..2), &passage()).unwrap();
    let page = to_engrave(&new);
    let written: Vec<(u32, u8)> = page.measures.iter().map(|m| (m.written, m.pass)).collect();
    assert_eq!(written, [(0, 1), (1, 1)]);
    assert_eq!(page.notes, new.score.notes);
    // What is not repeated is engraved as it is.
    let once = placed(&entry(), ScoreId(0), &(1..2), &passage()).unwrap();
    assert!(Arc::ptr_eq(&to_engrave(&once), &once.score));
}
