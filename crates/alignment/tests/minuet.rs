//! A minuet, played in ways that a lesson brings: what each key was struck for is known.
#![allow(clippy::unwrap_used)]

mod common;

use alignment::{Alignment, Role, align, match_recording, unplayed};
use common::{Key, aligned, bars, end, minuet, score, sorted};
use notation::Score;
use performance::midi::{MidiNote, PlayedMidi};

/// Whether every key has the written note that it was struck for, whichever pass of it.
fn assert_written(score: &Score, keys: &[Key], found: &Alignment) {
    let written = |note: u32| score.notes[note as usize].id.written;
    for (k, ((key, note), role)) in keys.iter().zip(&found.roles).enumerate() {
        let right = matches!(role, Role::Note(found) if written(*found) == written(*note));
        assert!(right, "key {k} {key:?} was struck for {note}, not {role:?}");
    }
}

#[test]
fn what_is_played_as_written_is_found_note_by_note() {
    let score = minuet();
    let keys = bars(&score, 0..score.measures.len(), 0.0);
    let found = aligned(&score, &keys);
    let expected: Vec<Role> = keys.iter().map(|(_, note)| Role::Note(*note)).collect();
    assert_eq!(found.roles, expected);
    assert_eq!((found.stretches.len(), found.transposition), (1, 0));
    assert_eq!(found.stretches[0].missed, []);
}

#[test]
fn a_piano_a_semitone_off_and_other_tempi_change_nothing() {
    let score = minuet();
    for factor in [1.0 / 3.0, 3.0] {
        let mut keys = bars(&score, 0..score.measures.len(), 0.0);
        for (key, _) in &mut keys {
            key.pitch -= 1;
            key.onset_secs *= factor;
            key.duration_secs *= factor;
        }
        let found = aligned(&score, &keys);
        assert_eq!(found.transposition, -1);
        let expected: Vec<Role> = keys.iter().map(|(_, note)| Role::Note(*note)).collect();
        assert_eq!(found.roles, expected, "{factor} times as slow");
    }
}

#[test]
fn a_stop_and_a_start_some_bars_before_are_two_stretches() {
    let score = minuet();
    let mut keys = bars(&score, 0..13, 0.0);
    let pause = end(&keys) + 1.5;
    let stop = keys.len();
    keys.extend(bars(&score, 9..16, pause));
    let found = aligned(&score, &keys);
    assert_written(&score, &keys, &found);
    assert_eq!(found.stretches.len(), 2, "{:?}", found.stretches);
    assert_eq!(found.stretches[1].keys, stop..keys.len());
    let passes = found.passes();
    assert_eq!((passes[0], passes[stop]), (1, 2), "bar 10 is played a second time");
}

#[test]
fn of_what_is_played_twice_the_last_time_counts() {
    let score = minuet();
    let mut keys = bars(&score, 0..13, 0.0);
    let pause = end(&keys) + 1.5;
    keys.extend(bars(&score, 9..16, pause));
    let midi = PlayedMidi { notes: keys.iter().map(|(key, _)| *key).collect(), pedals: Vec::new() };
    let given = match_recording(&score, &midi);
    assert_eq!((given.found, given.left_out, given.extra.len()), (keys.len(), 0, 0));
    let again = score.notes_in_measures(9..13);
    for note in given.matched.played.notes.iter().filter(|played| again.contains(&(played.note as usize))) {
        assert!(note.onset_secs >= pause, "{note:?}");
    }
    assert_eq!(unplayed(&score, &given.matched.played), vec![16..score.measures.len()]);
}

#[test]
fn wrong_missed_and_extra_keys_are_named() {
    let score = minuet();
    let mut keys = bars(&score, 0..16, 0.0);
    let wrong = keys[30].1;
    keys[30].0.pitch += 1;
    let missed = keys.remove(50).1;
    let extra = MidiNote { pitch: 30, ..keys[70].0 };
    keys.push((extra, u32::MAX));
    let keys = sorted(keys);
    let found = aligned(&score, &keys);
    for ((key, note), role) in keys.iter().zip(&found.roles) {
        let expected = match *note {
            u32::MAX => Role::Extra,
            note if note == wrong => Role::Wrong(note),
            note => Role::Note(note),
        };
        assert_eq!(*role, expected, "{key:?}");
    }
    let named: Vec<u32> = found.stretches.iter().flat_map(|s| &s.missed).map(|missed| missed.note).collect();
    assert_eq!(named, [missed]);
}

#[test]
fn one_hand_misses_nothing_of_the_other() {
    let score = minuet();
    let mut keys = bars(&score, 0..score.measures.len(), 0.0);
    keys.retain(|(_, note)| score.notes[*note as usize].staff == 2);
    let found = aligned(&score, &keys);
    let expected: Vec<Role> = keys.iter().map(|(_, note)| Role::Note(*note)).collect();
    assert_eq!(found.roles, expected);
    assert!(found.stretches.iter().all(|stretch| stretch.missed.is_empty()), "{:?}", found.stretches);
}

#[test]
fn another_piece_is_not_found() {
    let (minuet, prelude) = (minuet(), score("chopin_prelude_op28_4.musicxml"));
    let keys = bars(&minuet, 0..minuet.measures.len(), 0.0);
    let midi = PlayedMidi { notes: keys.iter().map(|(key, _)| *key).collect(), pedals: Vec::new() };
    let given = match_recording(&prelude, &midi);
    // Half of what is played has to be found, and half of what stands in between to be played.
    let half = 0.5 * keys.len().min(prelude.notes.len()) as f64;
    let is_there = given.found as f64 >= half && given.found >= given.left_out;
    assert!(!is_there, "{} found, {} left out, of {}", given.found, given.left_out, keys.len());
}

#[test]
fn nothing_is_no_fault() {
    assert_eq!(align(&Score::default(), &[]), Alignment::default());
    assert_eq!(align(&minuet(), &[]), Alignment::default());
    let keys = bars(&minuet(), 0..2, 0.0);
    let found = aligned(&Score::default(), &keys);
    assert!(found.roles.iter().all(|role| *role == Role::Extra) && found.stretches.is_empty());
}
