#![allow(clippy::unwrap_used)]

use notation::{Grace, Measure, NoteId, TimeSignature};

use super::*;
use crate::ecp::{DURATION, FAMILY, POSITION};

/// Two bars of 6/8 with a quarter, an eighth, a grace note before a dotted quarter, and an empty bar.
fn score() -> Score {
    let time = TimeSignature { beats: 6, beat_type: 8 };
    let note = |k: u32, eighths: i64, length: i64, grace: Option<Grace>| Note {
        id: NoteId { written: k, pass: 1 },
        onset: Quarters::new(eighths, 2),
        duration: Quarters::new(length, 2),
        pitch: 60 + k as u8,
        grace,
        ..Note::default()
    };
    Score {
        measures: vec![Measure::regular(0, time), Measure::regular(1, time)],
        time_signatures: vec![(Quarters::ZERO, time)],
        notes: vec![
            note(0, 0, 2, None),
            note(1, 2, 1, None),
            note(2, 3, 0, Some(Grace::Acciaccatura)),
            note(3, 3, 3, None),
        ],
        ..Score::default()
    }
}

fn play(notes: &[(u32, f64, f64)]) -> Performance {
    let note = |(note, onset_secs, duration_secs): &(u32, f64, f64)| PlayedNote {
        note: *note,
        onset_secs: *onset_secs,
        duration_secs: *duration_secs,
        velocity: 80,
    };
    Performance { notes: notes.iter().map(note).collect(), pedals: Vec::new() }
}

#[test]
fn every_beat_has_a_step_before_its_notes() {
    let steps = written(&score());
    let families: Vec<u8> = steps.tokens.iter().map(|step| step[FAMILY]).collect();
    assert_eq!(families, [METRIC, NOTE, NOTE, METRIC, NOTE, NOTE, METRIC, METRIC]);
    let positions: Vec<u8> = steps.tokens.iter().map(|step| step[POSITION]).collect();
    // The third eighth starts after two thirds of the beat, 16 of 24 places.
    assert_eq!(positions, [1, 1, 17, 2, 1, 1, 1, 2]);
    assert_eq!(steps.beats, [0, 0, 0, 1, 1, 1, 2, 3]);
    assert_eq!(steps.notes, [None, Some(0), Some(1), None, Some(2), Some(3), None, None]);
    let is_grace: Vec<bool> = steps.tokens.iter().map(|step| step[DURATION] == 1).collect();
    assert_eq!(is_grace.iter().position(|is| *is), Some(4));
    assert!(steps.values.iter().flatten().all(|value| value.is_nan()));
    assert!(steps.tokens.iter().all(|step| step[SCORE_COLUMNS..].iter().all(|token| *token == 0)));
}

/// A second a dotted quarter: two thirds of a second a quarter, log2 4/3 = .415.
#[test]
fn a_performance_is_told_against_its_beats() {
    let steps =
        played(&score(), &play(&[(0, 5.0, 0.5), (1, 5.7, 0.2), (2, 5.95, 0.05), (3, 6.0, 2.0)]), None);
    assert_eq!(steps.start_secs, 5.0);
    assert!((steps.values[0][0] - 0.415_04).abs() < 1e-5, "{:?}", steps.values[0]);
    // 17 bins of .025 are .425.
    assert_eq!(steps.tokens[0][BEAT_PERIOD], 81 + 17);
    // The last onset says when its beat comes, but not how long it lasts.
    assert!(steps.values[3][0].is_nan() && steps.tokens[3][BEAT_PERIOD] == 0);
    let [velocity, timing, articulation, pedal] = [1, 2, 3, 4].map(|k| steps.values[2][k]);
    assert_eq!((velocity, pedal), (80.0, 0.0));
    assert!((timing - (0.7 - 2.0 / 3.0)).abs() < 1e-6, "{timing}");
    // .2 s against half a quarter of 2/3 s.
    assert!((articulation - 0.6f32.log2()).abs() < 1e-5, "{articulation}");
    assert!((steps.values[4][2] + 0.05).abs() < 1e-6, "{:?}", steps.values[4]);
}

#[test]
fn what_is_doubtful_is_unknown() {
    let flags = [
        NoteFlags::default(),
        NoteFlags { timing_outlier: true, duration_unknown: false },
        NoteFlags::default(),
        NoteFlags { timing_outlier: false, duration_unknown: true },
    ];
    let performance = play(&[(0, 0.0, 0.5), (1, 9.0, 0.2), (2, f64::NAN, 0.05), (3, 1.0, 2.0)]);
    let steps = played(&score(), &performance, Some(&flags));
    for step in [2, 4] {
        assert!(steps.values[step].iter().all(|value| value.is_nan()), "{step}");
        assert_eq!(steps.tokens[step][SCORE_COLUMNS..], [0; PERFORMANCE_COLUMNS]);
    }
    assert!(steps.values[5][3].is_nan() && steps.values[5][2].abs() < 1e-6);
    assert_eq!(steps.tokens[5][ARTICULATION], 0);
}

#[test]
fn a_single_onset_and_no_onset_have_no_tempo() {
    let steps = played(&score(), &play(&[(3, 7.0, 1.0)]), None);
    assert!(steps.values.iter().all(|values| values[0].is_nan()));
    assert!(steps.values[5][2].abs() < 1e-6 && (steps.start_secs - 6.25).abs() < 1e-9);
    let nothing = played(&score(), &Performance::default(), None);
    assert_eq!((nothing.tokens, nothing.start_secs), (written(&score()).tokens, 0.0));
    assert!(played(&Score::default(), &Performance::default(), None).is_empty());
}

#[test]
fn a_pitch_that_no_piano_has_is_moved_by_octaves() {
    assert_eq!([0, 20, 21, 108, 109, 127].map(pitch), [4, 12, 1, 88, 77, 83]);
}
