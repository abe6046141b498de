#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, Quarters, TimeSignature};
use performance::PlayedNote;
use performance::metrics::usable_notes;

use super::*;
use crate::ecp::beats;

/// Bars of four quarters with notes at these quarters, and when those that were played were.
fn spans_of(notes: &[(i64, i64, Option<f64>)]) -> Vec<Span> {
    let written = |(numerator, denominator, _): &(i64, i64, Option<f64>)| Note {
        onset: Quarters::new(*numerator, *denominator),
        ..Note::default()
    };
    let score = Score {
        measures: (0..4).map(|k| Measure::regular(k, TimeSignature::default())).collect(),
        notes: notes.iter().map(written).collect(),
        ..Score::default()
    };
    let note = |(k, (.., secs)): (usize, &(i64, i64, Option<f64>))| {
        let onset_secs = (*secs)?;
        Some(PlayedNote { note: k as u32, onset_secs, duration_secs: 0.2, velocity: 64 })
    };
    let played =
        Performance { notes: notes.iter().enumerate().filter_map(note).collect(), pedals: Vec::new() };
    spans(&score, &usable_notes(&score, &played, None), &beats(&score))
}

#[test]
fn a_beat_without_an_onset_lies_between_its_neighbours() {
    let spans = spans_of(&[(0, 1, Some(1.0)), (1, 1, None), (3, 1, Some(4.0)), (4, 1, Some(4.5))]);
    assert_eq!(spans, [Span { beats: 0..4, secs: vec![1.0, 2.0, 3.0, 4.0, 4.5] }]);
}

#[test]
fn beyond_the_ends_the_tempo_of_a_quarter_goes_on() {
    // Two notes close together at the end: the beat lasts as long as the one before, not ten times as long.
    let spans = spans_of(&[(2, 1, Some(3.0)), (3, 1, Some(3.5)), (25, 8, Some(4.0))]);
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].beats, 0..4);
    let secs = &spans[0].secs;
    assert!((secs[0] - 2.0).abs() < 1e-9 && (secs[3] - 3.5).abs() < 1e-9, "{secs:?}");
    // The last quarter lasts from 3.0625 to 4.0 s, and 7/8 of it are to come.
    assert!((secs[4] - (4.0 + 0.875 * 0.9375)).abs() < 1e-9, "{secs:?}");
}

#[test]
fn five_onsets_in_a_row_that_were_not_played_are_a_gap() {
    let at = |k: i64, secs: Option<f64>| (k, 1, secs);
    let mut notes = vec![at(0, Some(0.0)), at(1, Some(1.0))];
    notes.extend((2..6).map(|k| at(k, None)));
    notes.extend([at(6, Some(2.0)), at(7, Some(2.5))]);
    assert_eq!(spans_of(&notes).len(), 1);
    notes = vec![at(0, Some(0.0)), at(1, Some(1.0))];
    notes.extend((2..7).map(|k| at(k, None)));
    notes.extend([at(7, Some(2.0)), at(8, Some(2.5))]);
    let spans = spans_of(&notes);
    let told: Vec<_> = spans.iter().map(|span| span.beats.clone()).collect();
    assert_eq!(told, [0..1, 7..8]);
    assert_eq!(spans[1].secs, [2.0, 2.5]);
}

#[test]
fn one_onset_is_a_place() {
    let spans = spans_of(&[(5, 2, Some(4.0)), (5, 2, Some(4.2)), (3, 1, None)]);
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].beats, 2..2);
    assert!((spans[0].secs[0] - 3.85).abs() < 1e-12);
    assert!(spans_of(&[(0, 1, None)]).is_empty());
}
