use notation::{Measure, Note, NoteId, Quarters, TimeSignature, match_notes};

use super::*;
use crate::{Pedal, PedalEvent};

/// Bars by their printed numbers in the order of play, four quarters each; of a number that comes
/// again it is another pass. Bar 5 has the pitches 50, 51, 52, 53 and so on.
fn score(bars: &[u32]) -> Score {
    let mut score = Score::default();
    for (k, number) in bars.iter().enumerate() {
        let pass = bars[..=k].iter().filter(|n| *n == number).count() as u8;
        let regular = Measure::regular(k as u32, TimeSignature::default());
        score.measures.push(Measure { number: number.to_string(), written: *number, pass, ..regular });
        score.notes.extend((0..4u32).map(|beat| Note {
            id: NoteId { written: 4 * number + beat, pass },
            onset: Quarters::whole(4 * k as i64 + i64::from(beat)),
            measure: k as u32,
            pitch: (10 * number + beat) as u8,
            ..Note::default()
        }));
    }
    score
}

/// Each quarter a little longer than the one before, staccato, louder and louder.
fn played(score: &Score) -> Performance {
    let mut onset_secs = 0.25;
    let mut notes = Vec::new();
    for note in 0..score.notes.len() as u32 {
        notes.push(PlayedNote { note, onset_secs, duration_secs: 0.2, velocity: 30 + note as u8 });
        onset_secs += 0.5 + 0.01 * f64::from(note);
    }
    let sustain = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    // Down in bars 1 and 2, changed at the bar line of 3 and not lifted at the end of 3.
    let at = |k: usize| notes[k].onset_secs;
    let pedals = vec![sustain(0.3, 90), sustain(at(8) - 0.1, 0), sustain(at(8) + 0.1, 127)];
    Performance { notes, pedals }
}

fn carry(from: &Score, to: &Score, new_notes: NewNotes) -> (Performance, Performance) {
    let old = played(from);
    let new = transfer(&old, from, to, &match_notes(from, to), new_notes);
    (old, new)
}

#[test]
fn the_same_score_changes_no_bit() {
    let (old, new) = carry(&score(&[1, 2, 3, 4]), &score(&[1, 2, 3, 4]), NewNotes::Played);
    assert_eq!(new, old);
}

#[test]
fn a_new_bar_takes_as_long_as_in_the_tempo_before_it() {
    let (from, to) = (score(&[1, 2, 3]), score(&[1, 2, 9, 3]));
    let (old, new) = carry(&from, &to, NewNotes::Played);
    assert_eq!(new.notes.len(), 16);
    assert_eq!(new.notes[..8], old.notes[..8], "what comes before stays to the bit");
    let bar_secs = old.notes[8].onset_secs - old.notes[4].onset_secs;
    for (old, new) in old.notes[8..].iter().zip(&new.notes[12..]) {
        assert!((new.onset_secs - old.onset_secs - bar_secs).abs() < 1e-9, "{old:?} {new:?}");
        assert_eq!((new.duration_secs, new.velocity), (old.duration_secs, old.velocity));
    }
    for (k, note) in new.notes[8..12].iter().enumerate() {
        let expected = old.notes[8].onset_secs + k as f64 * bar_secs / 4.0;
        assert!((note.onset_secs - expected).abs() < 1e-9, "{note:?} {expected}");
        assert!((note.duration_secs - bar_secs / 4.0).abs() < 1e-9, "for its whole length");
        assert_eq!(note.velocity, new.notes[7].velocity);
    }
    let (_, silent) = carry(&from, &to, NewNotes::Silent);
    assert_eq!(silent.notes.len(), 12);
    assert!(silent.notes.iter().all(|n| !(8..12).contains(&n.note)));
}

#[test]
fn bars_that_are_gone_leave_no_gap_and_pedals_go_with_their_bars() {
    let (old, new) = carry(&score(&[1, 2, 3, 4]), &score(&[1, 4]), NewNotes::Played);
    assert_eq!(new.notes.len(), 8);
    assert_eq!(new.notes[..4], old.notes[..4]);
    let shift = old.notes[12].onset_secs - old.notes[4].onset_secs;
    assert!((new.notes[4].onset_secs - (old.notes[12].onset_secs - shift)).abs() < 1e-9);
    let values: Vec<u8> = new.pedals.iter().map(|p| p.value).collect();
    assert_eq!(values, [90, 0, 127], "up where bar 1 ends, down as it was in bar 4");
    assert_eq!(new.pedals[0], old.pedals[0]);
    assert!(new.pedals[1..].iter().all(|p| (p.time_secs - old.notes[4].onset_secs).abs() < 1e-9));
}

#[test]
fn a_repeat_that_is_taken_finds_each_pass_again() {
    let (from, to) = (score(&[1, 2, 1, 2, 3]), score(&[1, 2, 3]));
    let (old, new) = carry(&from, &to, NewNotes::Played);
    assert_eq!(new.notes.len(), 12);
    assert_eq!(new.notes[..8], old.notes[..8], "the first pass");
    assert_eq!(new.notes[8].velocity, old.notes[16].velocity);
    let back = transfer(&new, &to, &from, &match_notes(&to, &from), NewNotes::Played);
    assert_eq!(back.notes.len(), 20);
    assert_eq!(back.notes[..8], old.notes[..8]);
    assert!(back.notes.is_sorted_by(|a, b| a.onset_secs < b.onset_secs));
}

#[test]
fn a_note_that_is_longer_now_is_held_for_the_same_share() {
    let from = score(&[1, 2, 3]);
    let mut to = from.clone();
    to.notes[1].duration = Quarters::whole(2);
    let (old, new) = carry(&from, &to, NewNotes::Played);
    assert_eq!(new.notes[0], old.notes[0]);
    let curve = codec::encode(&from, &old).curve();
    let share = old.notes[1].duration_secs / (curve.secs_at(2.0) - curve.secs_at(1.0));
    assert!((new.notes[1].duration_secs - share * (curve.secs_at(3.0) - curve.secs_at(1.0))).abs() < 1e-9);
    // A note that moved within its bar goes with the tempo there, as late as it was.
    to = from.clone();
    to.notes[2].onset = Quarters::new(5, 2);
    let (_, new) = carry(&from, &to, NewNotes::Played);
    assert!((new.notes[2].onset_secs - curve.secs_at(2.5)).abs() < 1e-9);
    assert_eq!(new.notes[3], old.notes[3]);
}
