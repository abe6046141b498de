#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, Quarters, TimeSignature};
use performance::metrics::NoteFlags;
use performance::{Performance, PlayedNote};

use super::*;
use crate::datasets::Human;

/// A quarter each second, and so many notes.
fn piece(notes: u32, humans: usize) -> Piece {
    let time = TimeSignature::default();
    let written = |k: u32| Note {
        onset: Quarters::whole(i64::from(k)),
        pitch: 40 + (k % 40) as u8,
        measure: k / 4,
        ..Note::default()
    };
    let score = Score {
        measures: (0..notes.div_ceil(4)).map(|k| Measure::regular(k, time)).collect(),
        notes: (0..notes).map(written).collect(),
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    };
    let note = |note: u32| PlayedNote { note, onset_secs: f64::from(note), duration_secs: 0.5, velocity: 90 };
    let performance = Performance { notes: (0..notes).map(note).collect(), pedals: Vec::new() };
    let mut flags = vec![NoteFlags::default(); notes as usize];
    flags[1].timing_outlier = true;
    let human = |_| Human { midi: String::new(), performance: performance.clone(), flags: flags.clone() };
    let name = || "made up".to_owned();
    let humans = (0..humans).map(human).collect();
    Piece { composer: name(), title: name(), folder: name(), score, humans }
}

#[test]
fn a_score_is_there_once_however_many_play_it() {
    let mut packed = Packed::new();
    add_piece(&mut packed, &piece(40, 3));
    add_piece(&mut packed, &piece(20, 1));
    add_piece(&mut packed, &piece(40, 0));
    assert_eq!((packed.scores(), packed.performances()), (1, 3));
    assert_eq!(packed.score_starts, [0, 80]);
    assert_eq!(packed.performance_starts, [0, 80, 160, 240]);
    assert_eq!(packed.score, [0, 0, 0]);
    // The second note is doubtful; beats last a second, the last as long as it likes.
    assert_eq!(packed.performance_tokens[3 * PERFORMANCE_COLUMNS..4 * PERFORMANCE_COLUMNS], [0; 5]);
    assert_eq!(packed.performance_tokens[0], 1 + 80 + 40);
    let last = 78 * PERFORMANCE_COLUMNS;
    assert!(packed.performance_tokens[last] == 0 && packed.values[last].is_nan());
    assert!(line("x", &packed).contains("40 notes, 40 beats; 3 performances, 240 steps: 117 notes"));
}

#[test]
fn features_are_those_of_the_note_of_a_step() {
    let mut packed = Packed::new();
    let piece = piece(40, 1);
    add_piece(&mut packed, &piece);
    assert!(packed.features(0..1).iter().all(|feature| *feature == 0.0));
    let expected = &features::of(&piece.score)[5 * WIDTH..6 * WIDTH];
    let found = packed.features(11..12);
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 0.001 * b.abs().max(1.0)));
}

#[test]
fn a_score_alone_has_its_steps_and_no_features() {
    let mut packed = Packed::new();
    add_score(&mut packed, &piece(8, 0).score);
    add_score(&mut packed, &Score::default());
    assert_eq!(packed.score_starts, [0, 16]);
    assert!(line("x", &packed).contains("1 scores, 8 notes, 8 beats"));
    assert!(packed.features(0..16).iter().all(|feature| *feature == 0.0));
}
