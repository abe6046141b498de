//! What holds whatever is played.
#![allow(clippy::unwrap_used)]

mod common;

use alignment::bars::figures;
use alignment::{Role, align, match_as_played};
use common::{heard, minuet, played};
use performance::midi::{MidiNote, PlayedMidi};
use proptest::collection::vec;
use proptest::prelude::*;

/// A recording: pitches, and waits in milliseconds.
fn recording() -> impl Strategy<Value = Vec<MidiNote>> {
    vec((40_u8..90, 0_u32..1500), 0..200).prop_map(|keys| {
        let mut onset_secs = 0.0;
        let key = |(pitch, wait): (u8, u32)| {
            onset_secs += f64::from(wait) / 1000.0;
            MidiNote { onset_secs, duration_secs: 0.2, pitch, velocity: 64, track: 0 }
        };
        keys.into_iter().map(key).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Each key has one role, and each note one key in what is played in one go.
    #[test]
    fn whatever_is_played_each_key_is_counted_once(keys in recording()) {
        let score = minuet();
        let midi = PlayedMidi { notes: keys.clone(), pedals: Vec::new() };
        let (given, unfolded) = match_as_played(&score, &midi);
        let plays = unfolded.as_ref().unwrap_or(&score);
        let found = &given.alignment;
        prop_assert_eq!(found.roles.len(), keys.len());
        for stretch in &found.stretches {
            let mut notes: Vec<u32> = found.roles[stretch.keys.clone()].iter()
                .filter(|role| matches!(role, Role::Note(_) | Role::Wrong(_)))
                .filter_map(|role| role.note()).collect();
            let count = notes.len();
            notes.sort_unstable();
            notes.dedup();
            prop_assert_eq!(notes.len(), count);
            prop_assert!(stretch.missed.iter().all(|missed| notes.binary_search(&missed.note).is_err()));
        }
        let figures = figures(plays, &keys, found);
        let counted: u32 = figures.bars.iter().map(|bar| bar.right + bar.wrong + bar.ornaments).sum();
        prop_assert_eq!(counted as usize + figures.extra.len(), keys.len());
    }

    /// What is played as written is found, at any tempo from a third to three times and on any piano.
    #[test]
    fn tempo_and_tuning_change_nothing(log in -1.58_f64..1.58, semitones in -6_i8..=6) {
        let score = minuet();
        let mut keys = played(&score);
        let expected = align(&score, &keys).roles;
        let factor = log.exp2();
        for key in &mut keys {
            key.onset_secs *= factor;
            key.duration_secs *= factor;
            key.pitch = key.pitch.checked_add_signed(semitones).unwrap();
        }
        let found = align(&score, &keys);
        prop_assert_eq!(found.transposition, semitones);
        prop_assert_eq!(found.roles, expected);
    }

    /// A key that is left out is missed, and no other note is.
    #[test]
    fn one_key_that_is_left_out_is_one_note_that_is_missed(which in 5_usize..400) {
        let score = minuet();
        let mut keys = common::bars(&score, 0..score.measures.len(), 0.0);
        let (_, note) = keys.remove(which);
        let found = align(&score, &heard(&keys));
        let missed: Vec<u32> = found.stretches.iter().flat_map(|s| &s.missed).map(|m| m.note).collect();
        prop_assert_eq!(missed, [note]);
    }
}
