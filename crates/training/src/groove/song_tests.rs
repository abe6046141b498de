#![allow(clippy::unwrap_used)]

use super::*;

/// Twenty bars at 90 quarters a minute from `origin_secs` on, which is the second quarter of a bar: bass and
/// chord on its first and third, a melody of thirds of a quarter, played late by a twentieth of a sixteenth.
fn song(origin_secs: f64) -> Vec<Key> {
    let quarter = 60.0 / 90.0;
    let key = |at: f64, quarters: f64, pitch: u8, part: u8| Key {
        onset_secs: origin_secs + quarter * at,
        duration_secs: quarter * quarters,
        pitch,
        velocity: 60 + part,
        part,
    };
    let mut keys = Vec::new();
    for bar in 0..20 {
        let line = f64::from(bar) * 4.0 + 3.0;
        keys.extend([key(line, 2.0, 36, 3), key(line + 2.0, 1.0, 43, 3), key(line, 1.0, 64, 3)]);
        keys.extend((0..12).map(|k| key(line + f64::from(k) / 4.0 + 0.0125, 0.25, 72, 1)));
        keys.push(key(line + 3.0 + 1.0 / 3.0, 0.3, 74, 2));
        keys.push(key(line, 1.0, 72, 3));
    }
    keys.insert(0, key(0.0, 1.0, 76, 1));
    keys
}

#[test]
fn bars_begin_where_the_bass_does() {
    let song = Song::of(&song(2.345)).unwrap();
    let Song { score, played, pulse } = song;
    assert!((pulse.quarter_secs() - 60.0 / 90.0).abs() < 1e-3);
    assert_eq!(score.notes[0].onset, Quarters::whole(1), "the first note is one quarter into a bar");
    let bass: Vec<_> = score.notes.iter().filter(|n| n.pitch == 36).map(|n| n.onset).collect();
    assert_eq!(bass[..3], [Quarters::whole(4), Quarters::whole(8), Quarters::whole(12)]);
    assert!(score.notes.iter().filter(|n| n.pitch < 60).all(|n| n.staff == 2));
    let third = score.notes.iter().find(|n| n.pitch == 74).unwrap();
    assert_eq!(third.onset, Quarters::new(7 * 3 + 1, 3));
    assert_eq!(score.measures.len(), 21);
    assert!(played.notes.iter().map(|n| n.note).eq(0..score.notes.len() as u32));
}

#[test]
fn a_key_of_two_parts_is_struck_once_as_loud_as_the_louder() {
    let Song { score, played, .. } = Song::of(&song(0.5)).unwrap();
    let at_bar: Vec<_> = score
        .notes
        .iter()
        .enumerate()
        .filter(|(_, n)| n.pitch == 72 && n.onset == Quarters::whole(4))
        .collect();
    assert_eq!(at_bar.len(), 1);
    assert_eq!(played.notes[at_bar[0].0].velocity, 63);
}
