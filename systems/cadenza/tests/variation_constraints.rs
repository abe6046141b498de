//! What a request says has to stay stays, whatever the network writes.
#![allow(clippy::unwrap_used)]

mod toy;

use cadenza::variations::Scale;
use notation::{Note, Quarters, Score};
use performers::Job;
use performers::composer::{ComposeError, Composer, Constraints, Kept, VariationRequest, excerpt};
use toy::{Toy, compose, passages, request};

/// Looks at variations of all passages, near and far, with the passage alone.
fn each(constraints: &Constraints, look: impl Fn(&Score, &Score)) {
    for (score, bars) in passages() {
        let alone = excerpt(&score, bars.clone());
        for dial in [0.0, 0.5, 0.9] {
            let constraints = constraints.clone();
            let asked = VariationRequest { constraints, ..request(&score, bars.clone(), dial, 2) };
            for variation in compose(&asked).unwrap() {
                look(&alone, &variation.score);
            }
        }
    }
}

fn plain_notes(score: &Score) -> impl Iterator<Item = &Note> {
    score.notes.iter().filter(|note| note.grace.is_none())
}

/// Onsets and durations, of notes on one key the longest alone, as tokens have them.
fn rhythm(score: &Score) -> Vec<(Quarters, Quarters)> {
    let mut notes: Vec<_> = plain_notes(score).map(|note| (note.onset, note.pitch, note.duration)).collect();
    notes.sort_by_key(|(onset, pitch, duration)| (*onset, *pitch, std::cmp::Reverse(*duration)));
    notes.dedup_by_key(|(onset, pitch, _)| (*onset, *pitch));
    let mut rhythm: Vec<_> = notes.into_iter().map(|(onset, _, duration)| (onset, duration)).collect();
    rhythm.sort_unstable();
    rhythm
}

#[test]
fn the_rhythm_stays() {
    let constraints = Constraints { keep_rhythm: true, ..Constraints::default() };
    each(&constraints, |alone, varied| assert_eq!(rhythm(varied), rhythm(alone)));
}

#[test]
fn the_melody_stays_and_nothing_is_above_it() {
    let constraints = Constraints { keep_melody: true, ..Constraints::default() };
    each(&constraints, |alone, varied| {
        let is_melody = analysis::melody::melody(alone);
        let melody = alone.notes.iter().zip(is_melody).filter(|(note, is)| *is && note.grace.is_none());
        for (kept, _) in melody {
            let same = |note: &Note| (note.onset, note.pitch, note.duration, note.staff);
            assert!(plain_notes(varied).any(|note| same(note) == same(kept)), "{kept:?} is gone");
            let above =
                plain_notes(varied).filter(|note| note.onset == kept.onset && note.pitch > kept.pitch);
            assert_eq!(above.count(), 0, "a note above {kept:?}");
        }
    });
}

#[test]
fn notes_stay_in_the_scale_beside_the_passages_own() {
    let constraints = Constraints { stay_in_scale: true, ..Constraints::default() };
    each(&constraints, |alone, varied| {
        let scale = Scale::of(alone);
        for note in plain_notes(varied).filter(|note| !scale.has(note.pitch)) {
            let is_own = |own: &Note| (own.onset, own.pitch) == (note.onset, note.pitch);
            assert!(plain_notes(alone).any(is_own), "{note:?} is outside the scale");
        }
    });
}

#[test]
fn pitches_and_chords_stay_within_their_bounds() {
    let constraints =
        Constraints { pitches: Some((50, 70)), largest_chord: Some(2), ..Constraints::default() };
    each(&constraints, |_, varied| {
        assert!(plain_notes(varied).all(|note| (50..=70).contains(&note.pitch)));
        for note in plain_notes(varied) {
            assert!(plain_notes(varied).filter(|other| other.onset == note.onset).count() <= 2);
        }
    });
}

#[test]
fn rhythm_and_melody_stay_together() {
    let constraints = Constraints { keep_rhythm: true, keep_melody: true, ..Constraints::default() };
    let (score, bars) = passages().swap_remove(0);
    let asked = VariationRequest { constraints, ..request(&score, bars.clone(), 0.3, 4) };
    let alone = excerpt(&score, bars);
    for variation in compose(&asked).unwrap() {
        assert_eq!(rhythm(&variation.score), rhythm(&alone));
    }
}

#[test]
fn too_little_room_is_said() {
    let constraints = Constraints { keep_rhythm: true, pitches: Some((60, 60)), ..Constraints::default() };
    let (score, bars) = passages().swap_remove(0);
    let asked = VariationRequest { constraints, ..request(&score, bars, 0.3, 4) };
    assert!(matches!(compose(&asked), Err(ComposeError::TooNarrow { found: 0, wanted: 4 })));
}

/// With the rhythm kept two of the three cosines are 1, whatever is written. Where that is much, it is said, and no
/// other thing is.
#[test]
fn the_rhythm_holds_variations_up_and_is_said_to() {
    let constraints = Constraints { keep_rhythm: true, stay_in_scale: true, ..Constraints::default() };
    let mut said = 0;
    for (score, bars) in passages() {
        let lowest = |constraints: &Constraints| {
            let constraints = constraints.clone();
            let asked = VariationRequest { constraints, ..request(&score, bars.clone(), 0.0, 1) };
            Toy::variations().lowest(&asked, &Job::default()).unwrap().unwrap()
        };
        let (kept, free) = (lowest(&constraints), lowest(&Constraints::default()));
        assert_eq!(free.held_by, None);
        assert_eq!(kept, lowest(&constraints), "the same request has the same answer");
        let Some((thing, without)) = kept.held_by else { continue };
        assert_eq!(thing, Kept::Rhythm, "{kept:?}");
        assert!((0.0..kept.similarity).contains(&without), "{kept:?}");
        said += 1;
    }
    assert!(said > 1, "it is said of {said} passages");
}
