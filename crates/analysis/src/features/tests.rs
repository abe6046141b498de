use std::path::Path;

use notation::{Direction, DirectionKind, Measure, Quarters, TimeSignature};

use super::*;

/// Notes as (onset, duration, pitch, voice) in quarters, in measures of four.
fn score(notes: &[(i64, i64, u8, u8)]) -> Score {
    let note = |&(onset, duration, pitch, voice): &(i64, i64, u8, u8)| Note {
        onset: Quarters::whole(onset),
        duration: Quarters::whole(duration),
        pitch,
        voice,
        measure: (onset / 4) as u32,
        ..Note::default()
    };
    let bars = notes.iter().map(|n| n.0 / 4 + 1).max().unwrap_or(1);
    let time = TimeSignature { beats: 4, beat_type: 4 };
    Score {
        notes: notes.iter().map(note).collect(),
        measures: (0..bars as u32).map(|k| Measure::regular(k, time)).collect(),
        ..Score::default()
    }
}

/// A table that is read by the names of its groups.
struct Table {
    cells: Vec<f32>,
    columns: [Range<usize>; 16],
}

impl Table {
    fn of(score: &Score) -> Self {
        Self { cells: of(score), columns: columns() }
    }

    fn get(&self, group: &str, note: usize) -> &[f32] {
        let place = groups().iter().position(|name| *name == group).unwrap();
        &self.cells[note * WIDTH..][self.columns[place].clone()]
    }
}

#[test]
fn a_key_knows_when_it_was_struck_and_will_be() {
    let score = score(&[(0, 1, 60, 1), (1, 1, 60, 1), (2, 1, 62, 1), (3, 1, 60, 1)]);
    // Half the log2 of quarters since, and until; quarters free before.
    assert_eq!(Table::of(&score).get("keys", 0), [2.0, 0.0, 0.0]);
    assert_eq!(Table::of(&score).get("keys", 1), [0.0, 0.5, 1.0]);
    assert_eq!(Table::of(&score).get("keys", 2), [2.0, 2.0, 2.0]);
    assert_eq!(Table::of(&score).get("keys", 3), [0.5, 2.0, 2.0]);
}

#[test]
fn a_voice_is_followed_through_another() {
    let score = score(&[(0, 2, 72, 1), (0, 1, 60, 2), (1, 1, 64, 2), (3, 1, 74, 1)]);
    let table = Table::of(&score);
    let upper = table.get("voices", 0);
    // No note before; two semitones up after three quarters; a quarter of rest before it.
    assert_eq!(upper[..2], [0.0, 2.0]);
    assert_eq!(upper[2], 2.0 / 12.0);
    assert!((upper[3] - 3f32.log2() / 2.0).abs() < 1e-6);
    assert_eq!(upper[4..8], [1.0, 0.0, 1.0, 1.0]);
    // Twelve below the highest of its hand; the next note of the voice follows without a gap.
    let lower = table.get("voices", 1);
    assert_eq!((lower[4], lower[5], lower[6]), (0.0, 1.0, 0.0));
    assert_eq!((lower[8], lower[9]), (1.0, 0.0));
}

#[test]
fn what_is_coming_is_seen() {
    let mut score = score(&[(0, 1, 60, 1), (1, 1, 60, 1), (4, 1, 62, 1)]);
    let direction = |at: i64, kind: DirectionKind| Direction {
        onset: Quarters::whole(at),
        end: None,
        part: 0,
        staff: None,
        text: String::new(),
        kind,
    };
    score.directions = vec![
        direction(0, DirectionKind::Metronome(120.0)),
        direction(1, DirectionKind::Ritardando),
        direction(4, DirectionKind::Metronome(60.0)),
    ];
    // Half the tempo in four quarters, slower from the next note, silence before the third.
    assert_eq!(Table::of(&score).get("horizon", 0), [1.0, -2.0, 0.0, 1.0]);
    assert_eq!(Table::of(&score).get("horizon", 2), [2.0, 0.0, 2.0, 2.0]);
}

fn written(name: &str) -> Score {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    let bytes = std::fs::read(path).unwrap();
    notation::read_score(name, &bytes, &notation::ImportOptions::default()).unwrap()
}

#[test]
fn phrases_begin_at_minus_one_and_end_below_one() {
    let score = written("schumann_kinderszenen_1.musicxml");
    let table = Table::of(&score);
    let places: Vec<f32> = (0..score.notes.len()).map(|n| table.get("phrases", n)[0]).collect();
    assert_eq!(places[0], -1.0);
    let phrases = places.windows(2).filter(|w| w[1] < w[0]).count() + 1;
    assert!((3..=12).contains(&phrases), "{phrases} phrases in {} bars", score.measures.len());
    assert!(places.iter().all(|p| (-1.0..1.0).contains(p)));
}

/// Weights depend on the features that they were trained on. A change of what a column means, or of how
/// the rules play that some columns repeat, needs a new training; then this number changes too.
#[test]
fn features_are_those_that_the_weights_were_trained_on() {
    let score = written("chopin_prelude_op28_7.musicxml");
    // The model's card names this number.
    assert_eq!(columns().last().map(|c| c.end), Some(138));
    assert_eq!(schema(), "005b4dbcff5a77f9", "another schema refuses the models that were trained before");
    let table = of(&score);
    let sum: f64 =
        table.iter().enumerate().map(|(k, v)| f64::from(*v) * (1.0 + (k % WIDTH) as f64 / 10.0)).sum();
    let mean = sum / score.notes.len() as f64;
    assert!((mean - 425.012).abs() < 0.01, "{mean}");
}

/// The same over two more scores, with pedals, hairpins, tuplets, a turn and grace notes. Each cell counts by
/// its column and its note, so that what changes places is seen, too.
#[test]
fn features_stand_where_the_weights_were_trained_on_them() {
    let weighted = |name: &str| {
        let score = written(name);
        let weight =
            |cell: usize| (1.0 + (cell % WIDTH) as f64 / 10.0) * (1.0 + (cell / WIDTH % 32) as f64 / 8.0);
        let sum: f64 = of(&score).iter().enumerate().map(|(k, v)| f64::from(*v) * weight(k)).sum();
        sum / score.notes.len() as f64
    };
    let found = ["beethoven_fur_elise_theme.musicxml", "chopin_prelude_op28_4.musicxml"].map(weighted);
    let expected = [802.173, 1132.576];
    let is_near = |(found, expected): (&f64, &f64)| (found - expected).abs() < 0.01;
    assert!(found.iter().zip(&expected).all(is_near), "{found:.3?}, not {expected:?}");
}

#[test]
fn every_column_says_something_in_some_score() {
    let scores = [
        "chopin_prelude_op28_4.musicxml",
        "schumann_kinderszenen_1.musicxml",
        "beethoven_fur_elise_theme.musicxml",
    ];
    let tables = scores.map(|name| Table::of(&written(name)));
    for (group, columns) in groups().iter().zip(&tables[0].columns).skip(10) {
        for column in columns.clone() {
            let cells = tables.iter().flat_map(|t| t.cells.iter().skip(column).step_by(WIDTH));
            let first = tables[0].cells[column];
            assert!(cells.clone().any(|c| *c != first), "{group}, column {column} is always {first}");
            assert!(cells.clone().all(|c| c.is_finite() && c.abs() <= 4.0));
        }
    }
}
