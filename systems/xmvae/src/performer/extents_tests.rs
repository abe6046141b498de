#![allow(clippy::unwrap_used)]

use notation::{Grace, Measure, Note, Quarters, TimeSignature};

use super::*;
use crate::ecp::{PERFORMANCE_COLUMNS, written};

/// Bars of four quarters with a chord of two notes at each, and a grace note in the first.
fn score(bars: u32) -> Score {
    let note = |k: u32| Note {
        onset: Quarters::new(i64::from(k / 2), 1),
        duration: Quarters::new(1, 1),
        pitch: 60 + (k % 2) as u8 * 7,
        measure: k / 8,
        staff: 1,
        voice: 1,
        ..Note::default()
    };
    let grace = Note { grace: Some(Grace::Acciaccatura), pitch: 50, duration: Quarters::ZERO, ..note(0) };
    let time = TimeSignature { beats: 4, beat_type: 4 };
    Score {
        notes: std::iter::once(grace).chain((0..bars * 8).map(note)).collect(),
        measures: (0..bars).map(|k| Measure::regular(k, time)).collect(),
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    }
}

/// Two bars are slow and two fast, chords loud and soft by turns, and their upper notes late.
fn values(steps: &Steps) -> Vec<Played> {
    let value = |step: usize| {
        let beat = steps.beats[step];
        let mut played = [f32::NAN; PERFORMANCE_COLUMNS];
        match steps.notes[step] {
            None => {
                played[BEAT_PERIOD - SCORE_COLUMNS] = if (beat / 8).is_multiple_of(2) { 0.3 } else { 0.1 }
            }
            Some(note) => {
                played[VELOCITY - SCORE_COLUMNS] = if beat.is_multiple_of(2) { 70.0 } else { 50.0 };
                played[TIMING - SCORE_COLUMNS] = if note.is_multiple_of(2) { 0.012 } else { 0.002 };
            }
        }
        played
    };
    (0..steps.len()).map(value).collect()
}

fn piece(bars: u32) -> (Places, Vec<Played>) {
    let score = score(bars);
    let steps = written(&score);
    (Places::of(&score, &steps), values(&steps))
}

#[test]
fn extents_are_measured_around_trends_and_chords() {
    let (places, values) = piece(40);
    let [rubato, range, spread] = places.extents(&values).map(Option::unwrap);
    assert!((0.06..0.1).contains(&rubato), "{rubato}");
    // The trend at the ends is over fewer notes.
    assert!((range - 10.0).abs() < 0.4, "{range}");
    assert!((spread - 0.005).abs() < 1e-6, "{spread}");
}

#[test]
fn what_is_widened_goes_as_much_further_and_around_the_same() {
    let (places, before) = piece(40);
    let logs = [2.0_f32.ln(), 0.5_f32.ln(), 3.0_f32.ln()];
    let mut after = before.clone();
    places.widen(&mut after, &logs);
    let found = further(&places.extents(&after), &places.extents(&before));
    for (found, wanted) in found.iter().zip(logs) {
        assert!((found - wanted).abs() < 0.05, "{found}, not {wanted}");
    }
    let mean = |values: &[Played], column: usize| {
        let known: Vec<f32> = values.iter().map(|value| value[column]).filter(|v| v.is_finite()).collect();
        known.iter().sum::<f32>() / known.len() as f32
    };
    for column in 0..3 {
        let (before, after) = (mean(&before, column), mean(&after, column));
        assert!((before - after).abs() < 0.02 * (1.0 + before.abs()), "{column}: {before}, {after}");
    }
    // What is unknown stays so, and the grace note stays where it is.
    assert!(after.iter().zip(&before).all(|(a, b)| (0..5).all(|k| a[k].is_nan() == b[k].is_nan())));
    assert_eq!(after[1][TIMING - SCORE_COLUMNS], before[1][TIMING - SCORE_COLUMNS]);
}

#[test]
fn nothing_moves_by_a_factor_of_one_and_none_by_more_than_four() {
    let (places, before) = piece(12);
    let mut after = before.clone();
    places.widen(&mut after, &[0.0; EXTENTS]);
    let bits = |values: &[Played]| values.iter().flatten().map(|v| v.to_bits()).collect::<Vec<u32>>();
    assert_eq!(bits(&after), bits(&before));
    places.widen(&mut after, &[0.0, 0.0, 100.0]);
    let found = further(&places.extents(&after), &places.extents(&before));
    assert!((found[2].exp() - 4.0).abs() < 1e-3, "{found:?}");
}

#[test]
fn of_little_there_is_no_extent() {
    let (places, mut values) = piece(3);
    let [rubato, range, spread] = places.extents(&values);
    assert!(rubato.is_none() && range.is_some() && spread.is_some(), "12 beats, 25 notes");
    values.iter_mut().skip(12).for_each(|value| *value = [f32::NAN; PERFORMANCE_COLUMNS]);
    assert_eq!(places.extents(&values), [None; EXTENTS]);
    assert_eq!(further(&[None, Some(2.0), Some(1.0)], &[Some(1.0), None, Some(1.0)]), [0.0; EXTENTS]);
}

#[test]
fn a_trend_hangs_on_what_is_near_and_on_nothing_else() {
    let (places, values) = piece(60);
    let beats = 240;
    let wanted: Vec<bool> = (0..beats).map(|beat| (100..104).contains(&beat)).collect();
    let near = places.near(&wanted);
    let first = near.iter().position(|near| *near).unwrap();
    let count = near.iter().filter(|near| **near).count();
    assert!((66..=68).contains(&first) && (68..=72).contains(&count), "{first}, {count}");
    let unknown = |step: usize| {
        let beat = places.beats.partition_point(|first| *first <= step) - 1;
        if near[beat] { values[step] } else { [f32::NAN; PERFORMANCE_COLUMNS] }
    };
    let mut some: Vec<Played> = (0..values.len()).map(unknown).collect();
    let mut all = values.clone();
    for values in [&mut some, &mut all] {
        places.widen(values, &[0.5; EXTENTS]);
    }
    for step in places.beats[100]..places.beats[104] {
        for (one, other) in some[step].iter().zip(all[step]) {
            assert_eq!(one.to_bits(), other.to_bits(), "{one}, {other}");
        }
    }
}
