#![allow(clippy::unwrap_used)]

use performance::deadpan;
use performance::metrics::NoteFlags;
use pianist_transformer::tokens::Event;
use twins::minuet;

use super::*;

/// Somebody who plays what is written.
fn human(score: &Score) -> Human {
    let performance = deadpan(score);
    let flags = vec![NoteFlags::default(); performance.notes.len()];
    Human { midi: "x.mid".to_owned(), performance, flags }
}

fn events(tokens: &[Token]) -> Vec<Event> {
    tokens.chunks(SLOTS).map(|note| Event::of(note).unwrap()).collect()
}

const ALL: [u8; SLOTS] = [0, 1, 1, 1, 1, 1, 1, 1];
const NONE: [u8; SLOTS] = [0; SLOTS];
const FIRST: [u8; SLOTS] = [0, 0, 1, 1, 1, 1, 1, 1];
const BEFORE_HOLE: [u8; SLOTS] = [0, 1, 1, 1, 1, 0, 0, 0];
const AFTER_HOLE: [u8; SLOTS] = FIRST;

#[test]
fn what_was_played_is_learned_but_its_pitches() {
    let score = minuet();
    let found = pairs(&score, &human(&score), Chords::HighestFirst);
    let [pair] = found.as_slice() else { panic!("{} stretches", found.len()) };
    let stream = Stream::of_score(&score, Chords::HighestFirst);
    assert_eq!((&pair.read, &pair.written), (&stream.tokens(), &stream.tokens()));
    let (counts, rest) = pair.counts.as_chunks::<SLOTS>();
    assert!(rest.is_empty() && counts.len() == score.notes.len());
    assert_eq!(counts[0], FIRST);
    assert!(counts[1..].iter().all(|counts| *counts == ALL));
}

#[test]
fn nothing_that_is_made_up_around_a_hole_is_learned() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::HighestFirst);
    let mut human = human(&score);
    let missing = [stream.order[20], stream.order[21]];
    human.performance.notes.retain(|note| !missing.contains(&note.note));
    human.flags.truncate(human.performance.notes.len());
    let found = pairs(&score, &human, Chords::HighestFirst);
    let (counts, _) = found[0].counts.as_chunks::<SLOTS>();
    assert_eq!(counts[18..24], [ALL, BEFORE_HOLE, NONE, NONE, AFTER_HOLE, ALL]);
    // They are there all the same, in between.
    assert_eq!(events(&found[0].written).len(), score.notes.len());
}

/// A note that the alignment put five seconds too late.
#[test]
fn a_doubtful_alignment_is_a_hole() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::HighestFirst);
    let mut human = human(&score);
    let place = human.performance.notes.iter().position(|note| note.note == stream.order[30]).unwrap();
    human.performance.notes[place].onset_secs += 5.0;
    human.flags[place].timing_outlier = true;
    let found = pairs(&score, &human, Chords::HighestFirst);
    let (counts, _) = found[0].counts.as_chunks::<SLOTS>();
    assert_eq!(counts[28..33], [ALL, BEFORE_HOLE, NONE, AFTER_HOLE, ALL]);
    // It takes no time from the notes after it.
    let iois = |tokens: &[Token]| -> Vec<u16> { events(tokens).iter().map(|event| event.ioi_ms).collect() };
    let differ = iois(&found[0].written).into_iter().zip(iois(&found[0].read));
    assert!(differ.into_iter().all(|(written, read)| written.abs_diff(read) <= 1));
}

#[test]
fn a_duration_that_is_not_known_is_not_learned() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::HighestFirst);
    let mut human = human(&score);
    human.flags[stream.order[40] as usize].duration_unknown = true;
    let found = pairs(&score, &human, Chords::HighestFirst);
    let (counts, _) = found[0].counts.as_chunks::<SLOTS>();
    assert_eq!(counts[39..42], [ALL, [0, 1, 1, 0, 1, 1, 1, 1], ALL]);
}

#[test]
fn long_holes_part_a_performance() {
    let mut played = vec![true; 200];
    played[80..84].fill(false);
    played[100..105].fill(false);
    played[170..].fill(false);
    assert_eq!(stretches(&played), [0..100, 105..170]);
    played[120..126].fill(false);
    assert_eq!(stretches(&played).as_slice(), std::slice::from_ref(&(0..100)));
}

#[test]
fn a_performance_without_notes_has_no_stretches() {
    let score = minuet();
    let mut human = human(&score);
    human.performance.notes.clear();
    assert!(pairs(&score, &human, Chords::HighestFirst).is_empty());
}
