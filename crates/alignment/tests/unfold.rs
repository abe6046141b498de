//! Repeats that are taken or not: the score as it was played.
#![allow(clippy::unwrap_used)]

mod common;

use alignment::{left_out, match_as_played};
use common::{Key, bars, end, heard, minuet, sorted};
use notation::{Repeats, Score};
use performance::midi::PlayedMidi;

/// Plays ranges of measures one after the other.
fn play(score: &Score, ranges: &[std::ops::Range<usize>]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for range in ranges {
        let from = if keys.is_empty() { 0.0 } else { end(&keys) };
        keys.extend(bars(score, range.clone(), from));
    }
    sorted(keys)
}

fn midi(keys: &[Key]) -> PlayedMidi {
    PlayedMidi { notes: heard(keys), pedals: Vec::new() }
}

/// The measures of the page that the score as it was played has, by their numbers on the page.
fn order(score: &Score) -> Vec<u32> {
    score.measures.iter().map(|measure| measure.written).collect()
}

/// The passes of the minuet: two repeated passages.
fn passes(score: &Score) -> [std::ops::Range<usize>; 2] {
    let passes = Repeats::of(score).passes;
    assert_eq!(passes.len(), 2, "{passes:?}");
    [passes[0].measures.clone(), passes[1].measures.clone()]
}

#[test]
fn each_combination_of_repeats_is_found() {
    let score = minuet();
    let [a, b] = passes(&score);
    let end_of = |pass: &std::ops::Range<usize>| pass.end + pass.len();
    let (second_a, second_b) = (a.end..end_of(&a), b.end..end_of(&b));
    let once = |parts: &[std::ops::Range<usize>]| play(&score, parts);
    let cases = [
        (once(&[a.clone(), second_a.clone(), b.clone(), second_b.clone()]), vec![]),
        (once(&[a.clone(), b.clone(), second_b.clone()]), vec![0]),
        (once(&[a.clone(), second_a.clone(), b.clone()]), vec![1]),
        (once(&[a.clone(), b.clone()]), vec![0, 1]),
    ];
    for (keys, expected) in cases {
        let (given, unfolded) = match_as_played(&score, &midi(&keys));
        let repeats = Repeats::of(&score);
        assert_eq!(unfolded.is_none(), expected.is_empty(), "{expected:?}");
        let plays = unfolded.unwrap_or_else(|| score.clone());
        assert_eq!(order(&plays), order(&repeats.without(&score, &expected)), "{expected:?}");
        // Each note is played once, and none is missing.
        assert_eq!((given.found, given.left_out, given.extra.len()), (keys.len(), 0, 0), "{expected:?}");
        assert_eq!(given.matched.played.notes.len(), plays.notes.len(), "{expected:?}");
        // Read for the score as it was played nothing else is to be left out.
        let figures = alignment::bars::figures(&plays, &heard(&keys), &given.alignment);
        assert_eq!(left_out(&Repeats::of(&plays), &figures), [] as [usize; 0], "{expected:?}");
    }
}

#[test]
fn a_start_that_breaks_off_is_no_repeat_and_a_whole_one_is() {
    let score = minuet();
    let [a, b] = passes(&score);
    let (given, unfolded) = match_as_played(&score, &midi(&play(&score, &[0..3, a.clone(), b.clone()])));
    assert_eq!(unfolded.map(|unfolded| order(&unfolded).len()), Some(a.len() + b.len()));
    assert!(given.alignment.stretches.len() >= 2);
    let most = 0..a.len() - 1;
    let (_, unfolded) = match_as_played(&score, &midi(&play(&score, &[most, a.clone(), b.clone()])));
    assert_eq!(unfolded.map(|unfolded| order(&unfolded).len()), Some(2 * a.len() + b.len()));
}

#[test]
fn some_bars_alone_leave_no_repeat_out() {
    let score = minuet();
    let [a, _] = passes(&score);
    let some = a.start + 2..a.end - 2;
    let (given, unfolded) = match_as_played(&score, &midi(&play(&score, &[some])));
    assert_eq!((unfolded, given.left_out), (None, 0));
}
