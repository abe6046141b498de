#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, TimeSignature};
use performance::PlayedNote;

use super::*;

/// Eighths in bars of four quarters.
fn eighths(bars: u32) -> Score {
    let time = TimeSignature::default();
    let note = |k: i64| Note { onset: Quarters::new(k, 2), measure: (k / 8) as u32, ..Note::default() };
    Score {
        notes: (0..i64::from(bars) * 8).map(note).collect(),
        measures: (0..bars).map(|k| Measure::regular(k, time)).collect(),
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    }
}

fn played(score: &Score, secs: impl Fn(usize) -> f64) -> Performance {
    let note =
        |n: usize| PlayedNote { note: n as u32, onset_secs: secs(n), duration_secs: 0.1, velocity: 64 };
    Performance { notes: (0..score.notes.len()).map(note).collect(), pedals: Vec::new() }
}

fn late(score: &Score, secs: impl Fn(usize) -> f64) -> Vec<f64> {
    let played = played(score, secs);
    let tempo = LocalTempo::of(score, &played, None).unwrap();
    let late = |secs, at| tempo.late_quarters(secs, at);
    timings(score, &played, None, &late).into_iter().map(Option::unwrap).collect()
}

/// A tempo that changes along a parabola has nothing left but what is curved within a beat or two.
#[test]
fn a_pianists_tempo_is_no_micro_timing() {
    let score = eighths(8);
    for at in late(&score, |n| 0.25 * n as f64) {
        assert!(at.abs() < 1e-9, "{at}");
    }
    for at in late(&score, |n| 0.25 * n as f64 + 5e-4 * (n * n) as f64) {
        assert!(at.abs() < 0.01, "{at}");
    }
}

/// Off-beats that are 20 ms late at half a second a quarter: a line through five eighths of which the second and
/// fourth are late is late by two fifths of it on the beat.
#[test]
fn late_off_beats_are_late() {
    let score = eighths(8);
    let found = late(&score, |n| 0.25 * n as f64 + if n % 2 == 1 { 0.02 } else { 0.0 });
    for (n, found) in found.iter().enumerate().skip(4).take(50) {
        let expected = if n % 2 == 1 { 0.04 * 0.6 } else { -0.04 * 0.4 };
        assert!((found - expected).abs() < 1e-9, "note {n}: {found}");
    }
}

#[test]
fn a_beat_that_nobody_plays_is_between_its_neighbours() {
    let mut score = eighths(4);
    score.notes.retain(|note| note.onset != Quarters::whole(5));
    let onset = |n: usize| score.notes[n].onset.to_f64() * 0.5;
    assert!(late(&score, onset).iter().all(|at| at.abs() < 1e-9));
    score.notes[0].grace = Some(notation::Grace::Acciaccatura);
    let played = played(&score, |_| 0.0);
    assert!(timings(&score, &played, None, &|_, _| 0.0)[0].is_none());
}
