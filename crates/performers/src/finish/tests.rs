//! Each step on small scores: what is wrong becomes right, what is right stays to the bit.
#![allow(clippy::unwrap_used)]

use notation::{
    Direction, DirectionKind, Grace, Marks, Measure, Note, NoteId, Quarters, Score, TimeSignature,
};
use performance::{Pedal, PedalEvent, Performance, PlayedNote, deadpan};
use proptest::prelude::*;

use super::*;
use crate::request::{Controls, Pin, Region};

/// Notes as (onset, duration, pitch, marks); 4/4.
fn score(notes: &[(f64, f64, u8, Marks)]) -> Score {
    let time = TimeSignature::default();
    let end = notes.iter().map(|n| n.0 + n.1).fold(0.0, f64::max);
    let measures = (0..(end / 4.0).ceil() as u32).map(|k| Measure::regular(k, time)).collect();
    let mut score = Score { measures, time_signatures: vec![(Quarters::ZERO, time)], ..Score::default() };
    for (k, (onset, duration, pitch, marks)) in notes.iter().enumerate() {
        score.notes.push(Note {
            id: NoteId { written: k as u32, pass: 1 },
            onset: Quarters::nearest(*onset, 96),
            duration: Quarters::nearest(*duration, 96),
            pitch: *pitch,
            measure: (*onset / 4.0) as u32,
            staff: if *pitch < 60 { 2 } else { 1 },
            marks: *marks,
            ..Note::default()
        });
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    score
}

fn shaped(score: &Score, played: &Performance, finishing: Finishing, pins: &[Pin]) -> Performance {
    let controls = Controls { seed: 3, pins: pins.to_vec(), ..Controls::default() };
    let mut played = played.clone();
    shape(
        &Request { score, region: &Region::All, context: None, controls: &controls },
        finishing,
        &mut played,
    );
    played
}

const PLAIN: Marks = Marks::empty();

fn chord(marks: Marks) -> Score {
    let chord = [48, 55, 60, 64].map(|p| (4.0, 4.0, p, marks));
    let mut notes = vec![(0.0, 4.0, 50, PLAIN)];
    notes.extend(chord);
    notes.push((8.0, 4.0, 48, PLAIN));
    score(&notes)
}

fn onsets(played: &Performance, notes: std::ops::Range<usize>) -> Vec<f64> {
    played.notes[notes].iter().map(|n| n.onset_secs).collect()
}

#[test]
fn a_block_chord_with_the_sign_is_rolled_around_its_middle() {
    for (marks, sign) in [(Marks::ARPEGGIO, 1.0), (Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN, -1.0)] {
        let score = chord(marks);
        let played = deadpan(&score);
        let rolled = shaped(&score, &played, Finishing::default(), &[]);
        let (before, after) = (onsets(&played, 1..5), onsets(&rolled, 1..5));
        let steps: Vec<f64> = after.windows(2).map(|w| sign * (w[1] - w[0])).collect();
        assert!(steps.iter().all(|s| (0.03..0.075).contains(s)), "{steps:?}");
        let mean = |onsets: &[f64]| onsets.iter().sum::<f64>() / 4.0;
        assert!((mean(&before) - mean(&after)).abs() < 1e-9);
        let end = |n: &PlayedNote| n.onset_secs + n.duration_secs;
        assert!(played.notes.iter().zip(&rolled.notes).all(|(a, b)| (end(a) - end(b)).abs() < 1e-9));
        // It is rolled now: once more changes nothing.
        assert_eq!(shaped(&score, &rolled, Finishing::default(), &[]), rolled);
    }
}

#[test]
fn a_pinned_chord_and_one_without_the_sign_stay() {
    let (with, without) = (chord(Marks::ARPEGGIO), chord(PLAIN));
    let played = deadpan(&with);
    let pin =
        Pin { note: 2, velocity: None, onset_secs: Some(played.notes[2].onset_secs), duration_secs: None };
    assert_eq!(shaped(&with, &played, Finishing::default(), &[pin]), played);
    assert_eq!(shaped(&without, &played, Finishing::default(), &[]), played);
}

#[test]
fn wide_chords_are_drawn_together_and_tight_ones_stay() {
    let mut notes = Vec::new();
    for k in 0..40 {
        notes.extend([48, 60, 64].map(|p| (f64::from(k), 1.0, p, PLAIN)));
    }
    let score = score(&notes);
    for (spread, stays) in [(0.012, true), (0.06, false)] {
        let mut played = deadpan(&score);
        played.notes.iter_mut().for_each(|n| n.onset_secs += 1.0 + spread * f64::from(n.note % 3));
        let after = shaped(&score, &played, Finishing::default(), &[]);
        assert_eq!(after == played, stays, "{spread}");
        for (a, b) in played.notes.chunks(3).zip(after.notes.chunks(3)) {
            let mean = |c: &[PlayedNote]| c.iter().map(|n| n.onset_secs).sum::<f64>() / 3.0;
            assert!((mean(a) - mean(b)).abs() < 1e-9);
            let steps = b.windows(2).map(|w| w[1].onset_secs - w[0].onset_secs);
            assert!(steps.into_iter().all(|s| s > 0.01 && s < 0.03));
        }
    }
}

#[test]
fn under_a_rolled_hand_the_other_strikes_together() {
    let mut score = chord(PLAIN);
    score.notes[3..5].iter_mut().for_each(|n| n.marks = Marks::ARPEGGIO);
    let mut played = deadpan(&score);
    played.notes.iter_mut().for_each(|n| n.onset_secs += 1.0);
    // The lower hand comes with more than half a second between its notes.
    played.notes[1].onset_secs -= 0.6;
    let after = shaped(&score, &played, Finishing::default(), &[]);
    let left = onsets(&after, 1..3);
    assert!((left[1] - left[0]).abs() < 0.25, "{left:?}");
    assert!((left[0] + left[1] - played.notes[1].onset_secs - played.notes[2].onset_secs).abs() < 1e-9);
    assert!(after.notes[4].onset_secs > after.notes[3].onset_secs, "the upper hand is rolled");
}

#[test]
fn grace_notes_come_in_order_before_their_note() {
    let mut score = score(&[
        (0.0, 4.0, 60, PLAIN),
        (4.0, 0.0, 67, PLAIN),
        (4.0, 0.0, 69, PLAIN),
        (4.0, 4.0, 71, PLAIN),
        (8.0, 4.0, 60, PLAIN),
    ]);
    for note in score.notes.iter_mut().filter(|n| n.duration == Quarters::ZERO) {
        note.grace = Some(Grace::Acciaccatura);
    }
    let mut played = deadpan(&score);
    let beat = played.notes[3].onset_secs;
    played.notes[1].onset_secs = beat + 0.03;
    played.notes[2].onset_secs = beat - 0.001;
    let after = onsets(&shaped(&score, &played, Finishing::default(), &[]), 1..4);
    assert_eq!(after[2], beat);
    assert!(after.windows(2).all(|w| (0.04..0.08).contains(&(w[1] - w[0]))), "{after:?}");
    // What is well played stays.
    played.notes[1].onset_secs = beat - 0.11;
    played.notes[2].onset_secs = beat - 0.05;
    played.notes[1].duration_secs = 0.05;
    played.notes[2].duration_secs = 0.05;
    assert_eq!(shaped(&score, &played, Finishing::default(), &[]), played);
    // What would come before the note before is drawn near, in its order.
    let length = beat - played.notes[0].onset_secs;
    played.notes[1].onset_secs = beat - 1.5 * length;
    played.notes[2].onset_secs = beat - 0.75 * length;
    let after = onsets(&shaped(&score, &played, Finishing::default(), &[]), 1..4);
    assert!((after[2] - after[0] - 0.75 * length).abs() < 1e-9, "{after:?}");
    assert!((after[2] - after[1] - 0.375 * length).abs() < 1e-9, "{after:?}");
}

#[test]
fn a_grace_chord_is_struck_together() {
    let mut score = score(&[
        (0.0, 4.0, 60, PLAIN),
        (4.0, 0.0, 67, PLAIN),
        (4.0, 0.0, 71, Marks::GRACE_CHORD),
        (4.0, 4.0, 72, PLAIN),
        (8.0, 4.0, 60, PLAIN),
    ]);
    for note in score.notes.iter_mut().filter(|n| n.duration == Quarters::ZERO) {
        note.grace = Some(Grace::Acciaccatura);
    }
    let mut played = deadpan(&score);
    let beat = played.notes[3].onset_secs;
    // In succession, in the wrong order, on the beat, after it.
    for [a, b] in [[-0.14, -0.07], [-0.05, -0.12], [0.0, 0.0], [0.05, -0.01]] {
        played.notes[1].onset_secs = beat + a;
        played.notes[2].onset_secs = beat + b;
        let after = onsets(&shaped(&score, &played, Finishing::default(), &[]), 1..4);
        assert!((after[0] - after[1]).abs() < 0.03, "{after:?}");
        assert!(after[0].max(after[1]) <= beat - 0.02 && after[2] == beat, "{after:?}");
    }
    // What is together enough stays.
    played.notes[1].onset_secs = beat - 0.085;
    played.notes[2].onset_secs = beat - 0.075;
    played.notes[1..3].iter_mut().for_each(|n| n.duration_secs = 0.05);
    assert_eq!(shaped(&score, &played, Finishing::default(), &[]), played);
}

/// Two bars of C major, then two of G major, under a pedal that is never lifted.
fn two_harmonies() -> (Score, Performance) {
    let bar = |at: f64, pitches: [u8; 4]| pitches.map(|p| (at, 4.0, p, PLAIN));
    let (c, g) = ([48, 60, 64, 67], [43, 59, 62, 67]);
    let score = score(&[bar(0.0, c), bar(4.0, c), bar(8.0, g), bar(12.0, g)].concat());
    let mut played = deadpan(&score);
    played.pedals = vec![PedalEvent { time_secs: 0.1, pedal: Pedal::Sustain, value: 110 }];
    (score, played)
}

#[test]
fn the_pedal_clears_where_the_harmony_changes() {
    let (score, played) = two_harmonies();
    let change = played.notes[8].onset_secs;
    let after = shaped(&score, &played, Finishing::default(), &[]);
    let events: Vec<(f64, u8)> = after.pedals.iter().map(|p| (p.time_secs, p.value)).collect();
    assert_eq!(events.len(), 3, "{events:?}");
    assert!((0.0..0.05).contains(&(events[1].0 - change)) && events[1].1 == 0);
    assert!((0.08..0.15).contains(&(events[2].0 - events[1].0)) && events[2].1 == 110);
    assert_eq!(after.notes, played.notes);
    assert_eq!(shaped(&score, &after, Finishing::default(), &[]), after, "it is clear now");
}

/// C and E under a pedal that is never lifted, then another key, all keys up before the next.
fn over_a_held_c(third: u8) -> (Score, Performance) {
    let score = score(&[(0.0, 1.0, 60, PLAIN), (1.0, 1.0, 64, PLAIN), (2.0, 1.0, third, PLAIN)]);
    let mut played = deadpan(&score);
    played.notes.iter_mut().for_each(|n| n.duration_secs *= 0.8);
    played.pedals = vec![PedalEvent { time_secs: 0.1, pedal: Pedal::Sustain, value: 110 }];
    (score, played)
}

#[test]
fn the_pedal_clears_what_clashes_and_nothing_else() {
    // A performer with pedalling of its own still may not smear one key into the next.
    let finishing = Finishing { pedal_changes: false, ..Finishing::default() };
    let (score, played) = over_a_held_c(61);
    let after = shaped(&score, &played, finishing, &[]);
    let values: Vec<u8> = after.pedals.iter().map(|p| p.value).collect();
    assert_eq!(values, [110, 0, 110]);
    let (up, down) = (after.pedals[1].time_secs, after.pedals[2].time_secs);
    let struck = &after.notes[2];
    assert!(up > struck.onset_secs && down < struck.onset_secs + struck.duration_secs, "the key holds it");
    assert_eq!(after.notes, played.notes);
    assert_eq!(shaped(&score, &after, finishing, &[]), after, "it is clear now");
    let (score, played) = over_a_held_c(67);
    assert_eq!(shaped(&score, &played, finishing, &[]), played, "a fifth does not clash");
}

#[test]
fn a_pedal_that_the_score_holds_is_left_alone() {
    let (mut score, played) = two_harmonies();
    score.directions.push(Direction {
        onset: Quarters::ZERO,
        end: Some(Quarters::whole(16)),
        part: 0,
        staff: None,
        kind: DirectionKind::SustainPedal,
        text: String::new(),
    });
    assert_eq!(shaped(&score, &played, Finishing::default(), &[]), played);
}

#[test]
fn the_end_is_slower_without_a_step() {
    let mut notes: Vec<(f64, f64, u8, Marks)> =
        (0..28).map(|k| (f64::from(k), 1.0, 60 + (k % 12) as u8, PLAIN)).collect();
    notes.push((28.0, 4.0, 60, PLAIN));
    let whole = score(&notes);
    let played = deadpan(&whole);
    let finishing = Finishing { final_ritard: 0.4, ..Finishing::default() };
    let after = shaped(&whole, &played, finishing, &[]);
    let spans: Vec<f64> = onsets(&after, 0..29).windows(2).map(|w| w[1] - w[0]).collect();
    assert!(spans[..24].iter().all(|s| (s - 0.6).abs() < 1e-9));
    assert!(spans[24..].windows(2).all(|w| w[1] > w[0] && w[1] / w[0] < 1.2), "{spans:?}");
    assert!((1.2..1.4).contains(&(spans[27] / 0.6)));
    // A pin on an onset of the end keeps the end; so does a score that breaks off.
    let pin = Pin { note: 26, velocity: None, onset_secs: Some(15.6), duration_secs: None };
    assert_eq!(shaped(&whole, &played, finishing, &[pin]), played);
    let broken_off = score(&notes[..28]);
    let played = deadpan(&broken_off);
    assert_eq!(shaped(&broken_off, &played, finishing, &[]), played);
}

#[test]
fn the_last_chord_is_held_unless_it_is_marked_short() {
    let ending = |marks: Marks| {
        let mut notes: Vec<(f64, f64, u8, Marks)> =
            (0..28).map(|k| (f64::from(k), 1.0, 60 + (k % 12) as u8, PLAIN)).collect();
        notes.push((28.0, 4.0, 60, marks));
        score(&notes)
    };
    let short = |score: &Score| {
        let mut played = deadpan(score);
        played.notes[28].duration_secs = 0.5;
        played
    };
    let whole = ending(PLAIN);
    let played = short(&whole);
    let after = shaped(&whole, &played, Finishing::default(), &[]);
    assert!((after.notes[28].duration_secs - 4.0 * 0.6).abs() < 1e-6, "{:?}", after.notes[28]);
    assert_eq!(after.notes[..28], played.notes[..28]);
    let pin = Pin { note: 28, velocity: None, onset_secs: None, duration_secs: Some(0.5) };
    assert_eq!(shaped(&whole, &played, Finishing::default(), &[pin]), played);
    let staccato = ending(Marks::STACCATO);
    let played = short(&staccato);
    assert_eq!(shaped(&staccato, &played, Finishing::default(), &[]), played);
}

/// Seven bars of quarters at .6 s and a last whole note, whose last bar of quarters and whole note the
/// performer plays as it likes.
fn ending(last_quarter_secs: f64, held_secs: f64) -> (Score, Performance) {
    let mut notes: Vec<(f64, f64, u8, Marks)> =
        (0..28).map(|k| (f64::from(k), 1.0, 60 + (k % 12) as u8, PLAIN)).collect();
    notes.push((28.0, 4.0, 60, PLAIN));
    let score = score(&notes);
    let mut played = deadpan(&score);
    let slow_from = played.notes[24].onset_secs;
    for (k, note) in played.notes.iter_mut().enumerate().skip(25) {
        note.onset_secs = slow_from + last_quarter_secs * (k - 24) as f64;
    }
    let end_secs = played.notes[28].onset_secs + held_secs;
    played.notes[28].duration_secs = held_secs;
    let pedal = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    played.pedals = vec![pedal(0.1, 100), pedal(end_secs, 0)];
    (score, played)
}

#[test]
fn a_last_bar_is_as_slow_and_as_long_as_people_s_at_most() {
    // A quarter is .6 s: 3.06 s at the slowest, and a whole note at most 2.4 + 6.4 s.
    let (score, played) = ending(5.0, 19.5);
    let after = shaped(&score, &played, Finishing::default(), &[]);
    let at = onsets(&after, 24..29);
    assert!(at.windows(2).all(|w| ((w[1] - w[0]) - 3.06).abs() < 1e-6), "{at:?}");
    assert_eq!(after.notes[..24], played.notes[..24]);
    assert!((after.notes[28].duration_secs - 8.8).abs() < 1e-6, "{:?}", after.notes[28]);
    let last_pedal = after.pedals.last().unwrap();
    assert!((last_pedal.time_secs - at[4] - 8.8).abs() < 1e-6, "{last_pedal:?}");
    // Once more changes nothing.
    let again = shaped(&score, &after, Finishing::default(), &[]);
    assert!(again.notes.iter().zip(&after.notes).all(|(a, b)| (a.onset_secs - b.onset_secs).abs() < 1e-9));
}

#[test]
fn an_end_as_people_play_it_stays() {
    // The pedal is changed in between, which is another step.
    let (score, played) = ending(2.9, 8.0);
    let after = shaped(&score, &played, Finishing::default(), &[]);
    assert_eq!((after.notes, after.pedals.last()), (played.notes, played.pedals.last()));
    let (score, played) = ending(5.0, 8.0);
    let pin = Pin { note: 27, velocity: None, onset_secs: Some(3.0), duration_secs: None };
    // Nothing moves around a pinned onset; how long the last keys are held is another step.
    let onsets = |played: &Performance| played.notes.iter().map(|n| n.onset_secs).collect::<Vec<_>>();
    assert_eq!(onsets(&shaped(&score, &played, Finishing::default(), &[pin])), onsets(&played));
}

proptest! {
    #[test]
    fn a_key_comes_up_before_it_goes_down_again(
        spans in prop::collection::vec((0.0f64..0.5, 0.005f64..2.0, 60u8..63, any::<bool>()), 2..60),
    ) {
        let mut at = 0.0;
        let mut played = Performance::default();
        let mut context = Performance::default();
        let mut written = Vec::new();
        for (k, (span, duration, pitch, outside)) in spans.iter().enumerate() {
            at += span;
            written.push((k as f64 / 4.0, 0.25, *pitch, PLAIN));
            let note = PlayedNote { note: k as u32, onset_secs: at, duration_secs: *duration, velocity: 60 };
            if *outside { context.notes.push(note) } else { played.notes.push(note) }
        }
        let score = score(&written);
        let controls = Controls::default();
        let request = Request { score: &score, region: &Region::All, context: Some(&context), controls: &controls };
        let before = played.clone();
        keys(&request, &mut played);
        for (old, new) in before.notes.iter().zip(&played.notes) {
            prop_assert_eq!((old.note, old.onset_secs, old.velocity), (new.note, new.onset_secs, new.velocity));
            prop_assert!(new.duration_secs <= old.duration_secs);
            prop_assert!(new.duration_secs >= old.duration_secs.min(0.01));
            let pitch = score.notes[new.note as usize].pitch;
            let next = played.notes.iter().chain(&context.notes)
                .filter(|n| score.notes[n.note as usize].pitch == pitch)
                .map(|n| n.onset_secs - new.onset_secs)
                .filter(|room| *room > 0.012)
                .fold(f64::INFINITY, f64::min);
            let longest = if next >= 0.07 { next - 0.02 } else { (0.65 * next).max(0.01) };
            prop_assert!(new.duration_secs <= longest, "{} of {next}", new.duration_secs);
        }
    }
}
