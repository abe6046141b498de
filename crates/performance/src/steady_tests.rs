#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, Quarters, Swing, TimeSignature};

use super::*;

/// Eighths; where no tempo is named a quarter is 0.6 s.
fn eighths(count: i64) -> Score {
    let note = |k: i64| Note { onset: Quarters::new(k, 2), duration: Quarters::new(1, 2), ..Note::default() };
    Score { notes: (0..count).map(note).collect(), ..Score::default() }
}

fn played(score: &Score, slower: f64, late_secs: impl Fn(usize) -> f64) -> Performance {
    let mut played = deadpan(score);
    for (n, note) in played.notes.iter_mut().enumerate() {
        note.onset_secs = slower * note.onset_secs + late_secs(n);
    }
    played
}

#[test]
fn micro_timing_is_no_tempo() {
    let score = eighths(64);
    // Off-beats are late, but for the last onset, through which the beat goes.
    let late = |n: usize| if n % 2 == 1 && n < 63 { 0.02 } else { 0.0 };
    let Beat { curve, is_swung } = beat(&score, &played(&score, 0.9, late)).unwrap();
    assert!(!is_swung);
    for n in 0..64 {
        let due = 0.27 * n as f64;
        assert!((curve.secs_at(n as f64 / 2.0) - due).abs() < 1e-9, "note {n}");
    }
}

#[test]
fn a_pianists_tempo_is_not_steady() {
    let score = eighths(64);
    assert_eq!(beat(&score, &played(&score, 1.0, |n| 0.15 * (n as f64 * 0.2).sin())), None);
    assert_eq!(beat(&score, &played(&score, 1.0, |n| 5e-4 * (n * n) as f64)), None);
    assert_eq!(beat(&score, &played(&score, 1.0, |_| 0.1)), None, "it does not begin with the beat");
    let few = eighths(7);
    assert_eq!(beat(&few, &deadpan(&few)), None);
    assert!(beat(&eighths(8), &deadpan(&eighths(8))).is_some());
}

/// At 100 quarters a minute jazz drummers play the first eighth 3.1 times as long as the second.
#[test]
fn swung_eighths_keep_the_tempo() {
    let measures = |time| -> Vec<Measure> { (0..9).map(|k| Measure::regular(k, time)).collect() };
    let score = Score { measures: measures(TimeSignature::default()), ..eighths(65) };
    let later_secs = 0.6 * 3.1 / 4.1 - 0.3;
    let swung = |n: usize| if n % 2 == 1 { later_secs } else { 0.0 };
    let Beat { curve, is_swung } = beat(&score, &played(&score, 1.0, swung)).unwrap();
    assert!(is_swung);
    for n in 0..65 {
        assert!((curve.secs_at(n as f64 / 2.0) - 0.3 * n as f64).abs() < 1e-9, "note {n}");
    }
    assert_eq!(beat(&score, &played(&score, 1.0, |n| -swung(n))), None, "nobody swings the other way");
    let on_the_beat = |n: usize| if n.is_multiple_of(2) && (1..64).contains(&n) { later_secs } else { 0.0 };
    assert_eq!(beat(&score, &played(&score, 1.0, on_the_beat)), None);
    let in_eighths = TimeSignature { beats: 6, beat_type: 8 };
    let compound = Score { measures: measures(in_eighths), ..eighths(53) };
    assert_eq!(beat(&compound, &played(&compound, 1.0, swung)), None);
}

#[test]
fn prescribed_swing_is_no_part_of_the_beat() {
    let measures = (0..9).map(|k| Measure::regular(k, TimeSignature::default())).collect();
    let swing = vec![(Quarters::ZERO, Swing { first: 2, second: 1, ..Swing::default() })];
    let score = Score { measures, swing, ..eighths(65) };
    let swung = played(&score, 0.9, |_| 0.0);
    assert!((swung.notes[1].onset_secs - 0.36).abs() < 1e-9, "two thirds of a quarter of .54 s");
    let Beat { curve, is_swung } = beat(&score, &swung).unwrap();
    assert!(!is_swung, "it is as it is written");
    for n in 0..65 {
        assert!((curve.secs_at(n as f64 / 2.0) - 0.27 * n as f64).abs() < 1e-9, "note {n}");
    }
}
