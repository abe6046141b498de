#![allow(clippy::unwrap_used)]

use notation::{Direction, DirectionKind, Measure, Note, Swing, TimeSignature};
use performers::BaseTempo;

use super::*;

/// Eighths in bars of four quarters, at the marks (quarter, quarters a minute).
fn eighths(bars: u32, marks: &[(i64, f64)]) -> Score {
    let time = TimeSignature::default();
    let note = |k: i64| Note {
        onset: Quarters::new(k, 2),
        duration: Quarters::new(1, 2),
        measure: (k / 8) as u32,
        ..Note::default()
    };
    let mark = |(at, tempo): &(i64, f64)| Direction {
        onset: Quarters::whole(*at),
        end: None,
        part: 0,
        staff: None,
        kind: DirectionKind::Metronome(*tempo),
        text: format!("quarter = {tempo}"),
    };
    Score {
        notes: (0..i64::from(bars) * 8).map(note).collect(),
        measures: (0..bars).map(|k| Measure::regular(k, time)).collect(),
        time_signatures: vec![(Quarters::ZERO, time)],
        directions: marks.iter().map(mark).collect(),
        ..Score::default()
    }
}

fn due(score: &Score, base_tempo: BaseTempo, swing: f64) -> Vec<f64> {
    let controls = Controls { base_tempo, ..Controls::default() };
    Times::of(score, &controls, swing).due_secs.iter().map(|due| due.0).collect()
}

fn close(found: &[f64], expected: impl Iterator<Item = f64>) {
    for (n, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-9, "note {n}: {found}, not {expected}");
    }
}

#[test]
fn the_tempo_is_as_marked_or_as_asked_for_throughout() {
    let score = eighths(8, &[(0, 90.0), (16, 120.0)]);
    let marked = due(&score, BaseTempo::AsMarked, 0.0);
    close(&marked, (0..64).map(|k| if k < 32 { k as f64 / 3.0 } else { 32.0 / 3.0 + (k - 32) as f64 / 4.0 }));
    let score = eighths(8, &[(0, 90.0)]);
    close(&due(&score, BaseTempo::Bpm(96.0), 0.0), (0..64).map(|k| k as f64 * 0.3125));
}

/// At 100 quarters a minute the published ratio is 3.1019 to 1, more than the largest, 3.1. At half of the swing the
/// second eighth begins half as much later.
#[test]
fn eighths_swing_by_the_published_ratio() {
    let score = eighths(2, &[(0, 100.0)]);
    for (share, first) in [(1.0, 3.1 / 4.1), (0.5, 0.5 * (0.5 + 3.1 / 4.1))] {
        let found = due(&score, BaseTempo::AsMarked, share);
        close(&found, (0..16).map(|k| 0.6 * ((k / 2) as f64 + if k % 2 == 1 { first } else { 0.0 })));
    }
    let mut swung = score.clone();
    swung.swing.push((Quarters::ZERO, Swing { first: 2, second: 1, ..Swing::default() }));
    let even = due(&score, BaseTempo::AsMarked, 0.0);
    assert_eq!(due(&swung, BaseTempo::AsMarked, 1.0), even, "swing of the score is put in afterwards, once");
}

/// A bar that a repeat sign cuts an eighth before its end: the eighth is the second one of its beat both times.
#[test]
fn an_eighth_before_a_repeat_swings_with_its_beat() {
    let mut score = eighths(2, &[(0, 100.0)]);
    let (cut, end) = (Quarters::new(15, 2), Quarters::whole(8));
    let after = Measure { start: cut, end, ..score.measures[1].clone() };
    score.measures[1].end = cut;
    score.measures.insert(2, after);
    score.notes.iter_mut().skip(15).for_each(|note| note.measure += 1);
    let found = due(&score, BaseTempo::AsMarked, 1.0);
    let first = 3.1 / 4.1;
    close(&found, (0..16).map(|k| 0.6 * ((k / 2) as f64 + if k % 2 == 1 { first } else { 0.0 })));
}

#[test]
fn no_note_has_room_beyond_its_neighbours_or_before_the_beginning() {
    let score = eighths(2, &[(0, 60.0)]);
    let times = Times::of(&score, &Controls::default(), 0.0);
    assert_eq!(times.room_secs[0].0, 0.0);
    for (n, (early, late)) in times.room_secs.iter().enumerate().skip(1) {
        assert!((early - 0.225).abs() < 1e-9, "{n}: {early}");
        assert!(if n == 15 { late.is_infinite() } else { (late - 0.225).abs() < 1e-9 }, "{n}: {late}");
    }
    assert_eq!(times.fixed, [0..1, 15..16]);
}
