#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, Quarters, TimeSignature};

use super::*;
use crate::ecp::{played as encode, written};

/// Four quarters of a bar, the last two of them a chord.
fn score() -> Score {
    let time = TimeSignature::default();
    let note =
        |(k, at): (usize, &i64)| Note { onset: Quarters::whole(*at), pitch: 60 + k as u8, ..Note::default() };
    Score {
        measures: vec![Measure::regular(0, time)],
        time_signatures: vec![(Quarters::ZERO, time)],
        notes: [0, 1, 2, 2].iter().enumerate().map(note).collect(),
        ..Score::default()
    }
}

#[test]
fn what_is_unknown_is_neutral() {
    let (score, steps) = (score(), written(&score()));
    let played = performance_of(&score, &steps, &steps.values);
    let told: Vec<_> = played.notes.iter().map(|n| (n.onset_secs, n.duration_secs, n.velocity)).collect();
    assert_eq!(told, [(0.0, 0.5, 64), (0.5, 0.5, 64), (1.0, 0.5, 64), (1.0, 0.5, 64)]);
    assert!(played.pedals.is_empty());
}

#[test]
fn no_note_starts_before_the_performance() {
    let (score, steps) = (score(), written(&score()));
    let mut values = steps.values.clone();
    values[1][2] = -0.1;
    let played = performance_of(&score, &steps, &values);
    assert_eq!(played.notes[0].onset_secs, 0.0);
    assert!((played.notes[1].onset_secs - 0.6).abs() < 1e-6);
}

#[test]
fn values_beyond_reason_stay_numbers() {
    let (score, steps) = (score(), written(&score()));
    for value in [f32::INFINITY, f32::MAX, f32::MIN] {
        let mut values = vec![[value; PERFORMANCE_COLUMNS]; steps.len()];
        values.iter_mut().for_each(|values| values[2] = 0.0);
        let played = performance_of(&score, &steps, &values);
        assert!(played.notes.iter().all(|n| n.onset_secs.is_finite() && n.duration_secs.is_finite()));
    }
    // Fewer values than steps: what is there is played.
    assert_eq!(performance_of(&score, &steps, &steps.values[..2]).notes.len(), 1);
    assert!(performance_of(&Score::default(), &steps, &steps.values).notes.is_empty());
}

#[test]
fn a_passage_that_was_left_out_shifts_what_follows() {
    let mut score = score();
    score.measures = (0..4).map(|k| Measure::regular(k, TimeSignature::default())).collect();
    let note = |k: i64| Note { onset: Quarters::whole(k), ..Note::default() };
    score.notes = (0..16).map(note).collect();
    let kept = (0u32..16).filter(|k| !(4..10).contains(k));
    let secs = |k: u32| if k < 10 { 0.5 * f64::from(k) } else { 0.5 * f64::from(k) - 3.0 };
    let note = |note: u32| PlayedNote { note, onset_secs: secs(note), duration_secs: 0.5, velocity: 64 };
    let performance = Performance { notes: kept.map(note).collect(), pedals: Vec::new() };
    let steps = encode(&score, &performance, None);
    let periods: Vec<f32> = (0..16).map(|beat| steps.values[2 * beat][0]).collect();
    let unknown: Vec<usize> = (0..16).filter(|beat| periods[*beat].is_nan()).collect();
    assert_eq!(unknown, [3, 4, 5, 6, 7, 8, 9, 15]);
    let mut timing = (0..16).map(|beat| steps.values[2 * beat + 1][2]).filter(|timing| !timing.is_nan());
    assert!(timing.all(|timing| timing.abs() < 1e-6));
    // As written, it goes on at the same tempo.
    let played = performance_of(&score, &steps, &steps.values);
    assert!((played.notes[15].onset_secs - 7.5).abs() < 1e-6, "{:?}", played.notes[15]);
}

#[test]
fn tokens_are_what_they_stand_for() {
    let values = values_of_tokens(&[[2, 1, 0, 26, 81, 0, 0, 0, 0], [1, 1, 40, 26, 0, 17, 21, 54, 5]]);
    assert!(values[0][0].abs() < 1e-6 && values[0][1..].iter().all(|value| value.is_nan()));
    assert!(values[1][0].is_nan());
    let expected = [65.5, 0.0, 0.0, 0.9];
    assert!(values[1][1..].iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{values:?}");
}
