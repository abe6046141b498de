//! Other notes for some measures: everything around them stays.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::ops::Range;

use common::generated;
use notation::{
    Marks, Measure, Note, NoteId, Part, Quarters, ReplaceError, Score, TimeSignature, replace_measures,
};
use proptest::prelude::*;

const SLURS: Marks = Marks::SLUR_START.union(Marks::SLUR_STOP).union(Marks::SLURRED);

/// Some measures alone, as composers get them: notes are numbered anew, end with the last measure and have no
/// slurs.
fn alone(score: &Score, bars: Range<usize>) -> Score {
    let measures = &score.measures[bars.clone()];
    let (start, end) = (measures[0].start, measures.last().unwrap().end);
    let shifted = |m: &Measure| Measure { start: m.start - start, end: m.end - start, ..m.clone() };
    let notes = score.notes[score.notes_in_measures(bars.clone())].iter().zip(0..).map(|(n, written)| Note {
        id: NoteId { written, pass: 1 },
        onset: n.onset - start,
        duration: n.offset().min(end) - n.onset,
        measure: n.measure - bars.start as u32,
        marks: n.marks - SLURS,
        ..n.clone()
    });
    Score { measures: measures.iter().map(shifted).collect(), notes: notes.collect(), ..Score::default() }
}

/// Some of the measures of a score.
fn bars(score: &Score, first: usize, count: usize) -> Range<usize> {
    let first = first % score.measures.len();
    first..(first + 1 + count).min(score.measures.len())
}

/// Notes within a length, by raw numbers.
fn written(score: &Score, length: Quarters, raw: &[(u16, u8, u8, u8)]) -> Vec<Note> {
    let steps = (length.to_f64() * 12.0).ceil() as i64;
    let note = |(k, (at, long, pitch, staff)): (usize, &(u16, u8, u8, u8))| Note {
        id: NoteId { written: k as u32, pass: 1 },
        onset: Quarters::new(i64::from(*at) % steps, 12),
        duration: Quarters::new(i64::from(*long % 40) + 1, 12),
        pitch: *pitch,
        staff: 1 + staff % score.parts[0].staves,
        ..Note::default()
    };
    let mut notes: Vec<Note> = raw.iter().enumerate().map(note).filter(|n| n.onset < length).collect();
    notes.sort_by_key(|n| (n.onset, n.pitch));
    notes
}

proptest! {
    #[test]
    fn the_measures_own_notes_give_the_same_score(
        score in generated::score(), first in 0..8_usize, count in 0..4_usize,
    ) {
        let bars = bars(&score, first, count);
        let passage = alone(&score, bars.clone());
        prop_assert_eq!(replace_measures(&score, bars, &passage).unwrap(), score);
    }

    #[test]
    fn other_notes_come_in_and_everything_around_them_stays(
        score in generated::score(), first in 0..8_usize, count in 0..4_usize,
        raw in proptest::collection::vec((any::<u16>(), any::<u8>(), 21..109_u8, any::<u8>()), 0..30),
    ) {
        let bars = bars(&score, first, count);
        let (start, end) = (score.measures[bars.start].start, score.measures[bars.end - 1].end);
        let mut passage = alone(&score, bars.clone());
        passage.notes = written(&score, end - start, &raw);
        let new = replace_measures(&score, bars.clone(), &passage).unwrap();
        prop_assert_eq!(&new, &Score { notes: new.notes.clone(), ..score.clone() }, "only notes change");
        prop_assert!(new.notes.is_sorted_by_key(|n| (n.onset, n.pitch)));
        prop_assert!(new.notes.is_sorted_by_key(|n| n.measure));

        let outside = |score: &Score| -> Vec<Note> {
            let inside = score.notes_in_measures(bars.clone());
            let outside = score.notes.iter().enumerate().filter(|(k, _)| !inside.contains(k));
            outside.map(|(_, n)| Note { marks: n.marks - SLURS, ..n.clone() }).collect()
        };
        prop_assert_eq!(outside(&new), outside(&score));

        let inside = &new.notes[new.notes_in_measures(bars.clone())];
        let heard = |n: &Note, from: Quarters| (n.onset - from, n.pitch, n.staff, n.offset().min(end) - n.onset);
        let mut found: Vec<_> = inside.iter().map(|n| heard(n, start)).collect();
        let cut = |n: &Note| (n.onset, n.pitch, n.staff, n.offset().min(end - start) - n.onset);
        let mut wanted: Vec<_> = passage.notes.iter().map(cut).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(found, wanted);

        let ids: HashSet<NoteId> = new.notes.iter().map(|n| n.id).collect();
        prop_assert_eq!(ids.len(), new.notes.len(), "no id twice");
        for note in inside {
            let old = score.notes.iter().find(|n| n.id == note.id);
            let is_same = |old: &Note| (old.onset, old.pitch, old.duration) == (note.onset, note.pitch, note.duration);
            prop_assert!(old.is_none_or(is_same), "an old id is an old note");
        }
    }
}

/// Bars of four quarters in the upper staff, from pitch 60 upwards by one.
fn piece(bars: u32) -> Score {
    let measures = (0..bars).map(|k| Measure::regular(k, TimeSignature::default()));
    let notes = (0..4 * bars).map(|k| Note {
        id: NoteId { written: k, pass: 1 },
        onset: Quarters::whole(i64::from(k)),
        pitch: 60 + k as u8,
        measure: k / 4,
        ..Note::default()
    });
    Score {
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        measures: measures.collect(),
        notes: notes.collect(),
        ..Score::default()
    }
}

/// One note for a bar alone.
fn whole_note(pitch: u8) -> Score {
    let measures = vec![Measure::regular(0, TimeSignature::default())];
    let notes = vec![Note { pitch, duration: Quarters::whole(4), ..Note::default() }];
    Score { measures, notes, ..Score::default() }
}

#[test]
fn only_the_pass_named_changes() {
    let mut score = piece(2);
    for (k, note) in score.notes[4..].iter_mut().enumerate() {
        (note.id, note.pitch) = (NoteId { written: k as u32, pass: 2 }, 60 + k as u8);
    }
    (score.measures[1].written, score.measures[1].pass) = (0, 2);
    let new = replace_measures(&score, 1..2, &whole_note(72)).unwrap();
    assert_eq!(new.notes[..4], score.notes[..4]);
    assert_eq!(new.notes[4].id, NoteId { written: 4, pass: 2 }, "a number of its own, in its pass");
    assert_eq!((new.notes.len(), new.notes[4].onset, new.notes[4].measure), (5, Quarters::whole(4), 1));
}

#[test]
fn what_is_tied_over_the_edges_stays_with_notes_that_stay() {
    let mut score = piece(3);
    score.notes[3].duration = Quarters::whole(2);
    score.notes[7].duration = Quarters::whole(3);
    let mut passage = alone(&score, 1..2);
    assert_eq!(passage.notes[3].duration, Quarters::whole(1));
    passage.notes[0].pitch = 50;
    let new = replace_measures(&score, 1..2, &passage).unwrap();
    assert_eq!(
        (new.notes[3].clone(), new.notes[7].clone()),
        (score.notes[3].clone(), score.notes[7].clone())
    );
    // Another last note ends with the bar.
    passage.notes[3].pitch = 51;
    let new = replace_measures(&score, 1..2, &passage).unwrap();
    let last = new.notes.iter().find(|n| n.pitch == 51).unwrap();
    assert_eq!((last.onset, last.duration), (Quarters::whole(7), Quarters::whole(1)));
}

#[test]
fn slurs_over_the_edges_end_at_the_bar_lines() {
    let (start, stop, under) = (Marks::SLUR_START, Marks::SLUR_STOP, Marks::SLURRED);
    let slur = |score: &mut Score, from: usize, to: usize| {
        score.notes[from].marks |= start;
        score.notes[to].marks |= stop;
        score.notes[from..=to].iter_mut().for_each(|n| n.marks |= under);
    };
    let mut score = piece(3);
    slur(&mut score, 1, 5);
    slur(&mut score, 6, 9);
    let new = replace_measures(&score, 1..2, &whole_note(90)).unwrap();
    let marks: Vec<Marks> = new.notes.iter().map(|n| n.marks).collect();
    let none = Marks::empty();
    let (first, last) =
        ([none, start | under, under, stop | under], [start | under, stop | under, none, none]);
    assert_eq!(marks, [&first[..], &[none], &last].concat());
    // Slurs of one note are none.
    let mut score = piece(3);
    slur(&mut score, 3, 4);
    slur(&mut score, 7, 8);
    let new = replace_measures(&score, 1..2, &whole_note(90)).unwrap();
    assert!(new.notes.iter().all(|n| n.marks.is_empty()));
    // Another voice keeps its slur over the whole bar.
    let mut score = piece(3);
    slur(&mut score, 2, 9);
    let mut passage = alone(&score, 1..2);
    passage.notes.push(Note { pitch: 40, voice: 2, staff: 2, ..Note::default() });
    passage.notes.sort_by_key(|n| (n.onset, n.pitch));
    let new = replace_measures(&score, 1..2, &passage).unwrap();
    let upper: Vec<Note> = new.notes.iter().filter(|n| n.voice == 1).cloned().collect();
    assert_eq!(upper, score.notes);
}

#[test]
fn what_does_not_fit_is_refused() {
    let score = piece(3);
    let refused = |bars: Range<usize>, passage: &Score| replace_measures(&score, bars, passage).unwrap_err();
    assert!(matches!(refused(3..4, &whole_note(60)), ReplaceError::NoSuchMeasures { count: 3, .. }));
    assert!(matches!(refused(1..1, &whole_note(60)), ReplaceError::NoSuchMeasures { .. }));
    assert_eq!(refused(0..2, &whole_note(60)), ReplaceError::Count { wanted: 2, found: 1 });
    let mut longer = whole_note(60);
    longer.measures[0].end = Quarters::whole(5);
    let text = refused(1..2, &longer).to_string();
    assert!(text.contains("bar 2 is 4 quarters long and would become 5"), "{text}");
    let mut late = whole_note(60);
    late.notes[0].onset = Quarters::whole(4);
    assert!(matches!(refused(0..1, &late), ReplaceError::NoPlace { pitch: 60, .. }));
    let mut elsewhere = whole_note(60);
    elsewhere.notes[0].part = 1;
    assert!(matches!(refused(0..1, &elsewhere), ReplaceError::NoPlace { .. }));
}

#[test]
fn a_new_note_has_no_velocity_of_one_that_is_gone() {
    let mut score = piece(2);
    score.velocities = [(0, 40), (50, 90)].into();
    let new = replace_measures(&score, 1..2, &whole_note(90)).unwrap();
    assert_eq!(new.notes[4].id.written, 51);
}

#[test]
fn numbers_are_found_where_the_highest_is_taken() {
    let mut score = piece(2);
    score.notes[0].id.written = u32::MAX;
    let new = replace_measures(&score, 1..2, &whole_note(90)).unwrap();
    assert_eq!(new.notes[4].id.written, 0);
}
