#![allow(clippy::unwrap_used)]

use notation::Score;
use performance::deadpan;
use performers::Region;
use twins::minuet;

use super::*;
use crate::tokens::Chords;

/// Half as fast as written, from 5 s on, every note as loud as its index says.
fn slow(score: &Score) -> Performance {
    let mut played = deadpan(score);
    for note in &mut played.notes {
        note.onset_secs = 5.0 + 2.0 * note.onset_secs;
        note.duration_secs *= 2.0;
        note.velocity = 30 + (note.note % 60) as u8;
    }
    played
}

/// All but for the rounding of both to whole milliseconds.
fn near(a: i64, b: i64) -> bool {
    a.abs_diff(b) <= 3
}

#[test]
fn known_notes_are_in_the_time_of_the_context() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::HighestFirst);
    let wanted = Region::Measures(4..8).notes(&score);
    let mut context = slow(&score);
    // Three notes before the region were not played, and the region was played at quite other times.
    let missing = [stream.order[5], stream.order[6], stream.order[9]];
    context.notes.retain(|note| !missing.contains(&note.note));
    let in_region = |note: &u32| wanted.contains(note);
    let region = context.notes.iter_mut().filter(|note| in_region(&note.note));
    region.for_each(|note| note.onset_secs += 100.0);
    let around = around(&stream, Some(&context), &wanted);
    let last = stream.order.iter().rposition(in_region).unwrap();
    assert_eq!(around.known.len(), last + 1);
    let mut written_ms = 0;
    for (k, note) in stream.order[..=last].iter().enumerate() {
        written_ms += i64::from(stream.events[k].ioi_ms);
        assert_eq!(around.known[k].is_none(), in_region(note), "note {k}");
        let Some(Known { onset_ms, event }) = around.known[k] else { continue };
        assert!(near(onset_ms, 5000 + 2 * written_ms), "note {k} at {onset_ms} ms, written {written_ms}");
        if k > 0 {
            assert!(near(i64::from(event.ioi_ms), 2 * i64::from(stream.events[k].ioi_ms)), "note {k}");
        }
        if !missing.contains(note) {
            assert_eq!(event.velocity, context.get(*note).unwrap().velocity);
        }
    }
}

#[test]
fn what_the_context_has_of_the_region_does_not_count() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::HighestFirst);
    let wanted = Region::Measures(4..8).notes(&score);
    let context = slow(&score);
    let mut other = context.clone();
    other.notes.retain(|note| !wanted.contains(&note.note) || note.note % 2 == 0);
    other.notes.iter_mut().filter(|n| wanted.contains(&n.note)).for_each(|n| n.onset_secs += 3.0);
    assert_eq!(around(&stream, Some(&context), &wanted), around(&stream, Some(&other), &wanted));
}

#[test]
fn a_region_at_the_start_begins_before_what_follows_it() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::LowestFirst);
    let first = stream.order[0];
    let around = around(&stream, Some(&slow(&score)), &[first]);
    assert_eq!(around.known, [None]);
    // The second note of the first chord starts at 5 s.
    assert_eq!((around.start_ms, stream.events[1].ioi_ms), (5000, 0));
}

#[test]
fn without_a_context_all_up_to_the_region_is_played() {
    let score = minuet();
    let stream = Stream::of_score(&score, Chords::LowestFirst);
    let wanted = Region::Measures(4..8).notes(&score);
    let end = stream.order.iter().rposition(|note| wanted.contains(note)).unwrap() + 1;
    let nothing = Around { known: vec![None; end], start_ms: 0 };
    assert_eq!(around(&stream, None, &wanted), nothing);
    assert_eq!(around(&stream, Some(&Performance::default()), &wanted), nothing);
}
