#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, TimeSignature};

use super::*;

/// Measures one after another of lengths in eighths.
fn score(beats: u8, beat_type: u8, eighths: &[i64]) -> Score {
    let time = TimeSignature { beats, beat_type };
    let mut at = Quarters::ZERO;
    let measures = eighths.iter().map(|eighths| {
        let start = at;
        at += Quarters::new(*eighths, 2);
        Measure { start, end: at, ..Measure::regular(0, time) }
    });
    Score { measures: measures.collect(), time_signatures: vec![(Quarters::ZERO, time)], ..Score::default() }
}

/// Lengths in eighths, and numbers.
fn told(score: &Score) -> Vec<(i64, u32)> {
    let beats = beats(score);
    assert!(beats.windows(2).all(|pair| pair[0].end() == pair[1].start));
    let eighths = |length: Quarters| 2 * length.numerator() / length.denominator();
    beats.iter().map(|beat| (eighths(beat.length), beat.number)).collect()
}

#[test]
fn a_pick_up_ends_with_its_bar() {
    assert_eq!(told(&score(3, 4, &[2, 6])), [(2, 2), (2, 0), (2, 1), (2, 2)]);
    // Three eighths: half a beat, and one.
    assert_eq!(told(&score(2, 4, &[3, 4])), [(1, 0), (2, 1), (2, 0), (2, 1)]);
    assert_eq!(told(&score(6, 8, &[1, 6])), [(1, 1), (3, 0), (3, 1)]);
}

#[test]
fn irregular_bars_are_counted_from_the_bar_line() {
    // Between full bars; longer than its metre; cut into two by a repeat.
    let irregular = score(4, 4, &[8, 5, 8]);
    assert_eq!(told(&irregular)[4..7], [(2, 0), (2, 1), (1, 2)]);
    assert_eq!(told(&score(2, 4, &[4, 7]))[2..], [(2, 0), (2, 1), (2, 2), (1, 3)]);
    assert_eq!(told(&score(2, 4, &[4, 3, 1]))[2..], [(2, 0), (1, 1), (1, 1)]);
}

#[test]
fn beats_go_on_to_the_last_note() {
    let mut score = score(3, 8, &[3]);
    score.notes = vec![Note { onset: Quarters::whole(2), ..Note::default() }];
    assert_eq!(told(&score), [(1, 0), (1, 1), (1, 2), (1, 0), (1, 1)]);
    score.measures.clear();
    score.time_signatures.clear();
    assert_eq!(told(&score), [(2, 0), (2, 1), (2, 2)]);
    assert!(beats(&Score::default()).is_empty());
}

#[test]
fn a_place_has_the_beat_that_it_is_in() {
    let beats = beats(&score(6, 8, &[1, 6]));
    let at = |eighths: i64| beat_at(&beats, Quarters::new(eighths, 2));
    assert_eq!([-1, 0, 1, 3, 4, 99].map(at), [0, 0, 1, 1, 2, 2]);
}
