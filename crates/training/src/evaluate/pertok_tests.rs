#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, TimeSignature};

use super::*;

/// Eight bars with one note each.
fn score(beats: u8) -> Score {
    let time = TimeSignature { beats, beat_type: 4 };
    let measures: Vec<Measure> = (0..8).map(|index| Measure::regular(index, time)).collect();
    let note = |(k, m): (usize, &Measure)| Note { onset: m.start, measure: k as u32, ..Note::default() };
    Score { notes: measures.iter().enumerate().map(note).collect(), measures, ..Score::default() }
}

#[test]
fn excerpts_are_four_measures_of_four_quarters() {
    let music = excerpt(&score(4), 4..8).unwrap();
    assert_eq!(music.notes.iter().map(|n| n.onset_ticks).collect::<Vec<_>>(), [0, 1280, 2560, 3840]);
    assert_eq!(excerpt(&score(3), 0..4), None);
    assert_eq!(excerpt(&score(4), 6..10), None);
    let silent = Score { notes: Vec::new(), ..score(4) };
    assert_eq!(excerpt(&silent, 0..4), None);
}

/// Three bar lines, and four notes on bar lines: two tokens each as written, four as played, one without
/// durations.
#[test]
fn a_row_counts_the_tokens() {
    let music = excerpt(&score(4), 0..4).unwrap();
    let of = |config| row("x", config, (196, 134.0), std::slice::from_ref(&music)).unwrap();
    let written = of(Config::composition());
    assert_eq!((written.vocabulary, written.tokens, written.furthest_ticks), (135, 11.0, 0));
    let played = of(Config::default());
    assert_eq!((played.vocabulary, played.tokens), (198, 19.0));
    let short = of(Config { durations: false, ..Config::composition() });
    assert_eq!((short.vocabulary, short.tokens), (112, 7.0));
    let report = Report { split: "s".into(), excerpts: 1, left_out: 2, notes: 4.0, rows: vec![written] };
    let text = report.to_string();
    assert!(text.starts_with("1 excerpts of s, 4 measures of four quarters each, 4.0 notes; 2 left out\n"));
    let line = "x                                135     11.0    0 |       196      134    0.687";
    assert_eq!(text.lines().last(), Some(line));
}

/// `scripts/pertok_fixture.py table` prints the same figures, from MidiTok.
#[test]
#[ignore = "needs the data folder"]
fn figures_are_those_of_miditok_needs_data() {
    let report = run(&crate::datasets::data_folder().unwrap(), "valid").unwrap();
    let figures = report.rows.iter().map(|row| (row.vocabulary, (10.0 * row.tokens).round() / 10.0));
    assert_eq!(figures.collect::<Vec<_>>(), [(135, 247.3), (198, 446.1), (112, 148.0)]);
    assert_eq!((report.excerpts, report.rows[1].furthest_ticks), (165, 1));
}
