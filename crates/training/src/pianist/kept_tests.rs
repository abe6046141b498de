#![allow(clippy::unwrap_used)]

use super::*;
use crate::pianist::recordings;
use application::Folders;

/// Chords of three, half a second apart.
fn chords(count: usize, seed: usize, spread_ms: i64) -> Timeline {
    let press = |k: usize| {
        let (chord, voice) = (k / 3, k % 3);
        let pitch = 40 + 12 * voice + (chord * chord * 7919 + seed * 31) % 11;
        let late = spread_ms * (2 - voice as i64);
        let onset_ms = 500 * chord as i64 + late;
        Press { onset_ms, end_ms: onset_ms + 400, pitch: pitch as u8, velocity: 64 }
    };
    Timeline::new((0..3 * count).map(press), Vec::new())
}

#[test]
fn a_recording_of_a_kept_piece_is_found_though_its_chords_are_spread() {
    let mut kept = Kept::default();
    kept.add(&in_order(&chords(60, 1, 0).presses, 0));
    assert!(kept.has(&chords(60, 1, 0)));
    // Highest first, 40 ms from the first key to the last.
    assert!(kept.has(&chords(60, 1, 20)));
    assert!(!kept.has(&chords(60, 4, 20)));
    assert!(!kept.has(&Timeline::default()));
}

#[test]
fn one_movement_of_several_is_enough() {
    let mut kept = Kept::default();
    kept.add(&in_order(&chords(60, 1, 0).presses, 0));
    let mut presses = chords(60, 4, 10).presses;
    presses.extend(chords(60, 5, 10).presses.iter().map(|p| later(p, 60_000)));
    assert!(!kept.has(&Timeline::new(presses.clone(), Vec::new())));
    presses.extend(chords(60, 1, 10).presses.iter().map(|p| later(p, 120_000)));
    assert!(kept.has(&Timeline::new(presses, Vec::new())));
}

fn later(press: &Press, by_ms: i64) -> Press {
    Press { onset_ms: press.onset_ms + by_ms, end_ms: press.end_ms + by_ms, ..*press }
}

/// No recording of the sets is of a kept piece, and every one of the test pieces' own is found.
#[test]
#[ignore = "needs the data folder"]
fn recordings_are_of_no_kept_piece_needs_data() {
    let data = Folders::find().data.unwrap();
    let kept = Kept::read(&data).unwrap();
    for set in ["asap", "maestro", "giantmidi"] {
        let recordings = recordings::read(&data.join("pretrain"), set).unwrap();
        assert_eq!(recordings.iter().filter(|recording| kept.has(recording)).count(), 0, "{set}");
    }
    let mut humans = 0;
    for entry in std::fs::read_dir(data.join("pianist-transformer-testset/human")).unwrap() {
        let path = entry.unwrap().path();
        let timeline = timeline_of_midi(&std::fs::read(&path).unwrap()).unwrap();
        assert!(kept.has(&timeline), "{}", path.display());
        humans += 1;
    }
    assert_eq!(humans, 166);
}
