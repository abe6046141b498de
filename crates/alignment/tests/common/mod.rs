//! The minuet, and keys that play bars of it.
#![allow(clippy::unwrap_used, dead_code)]

use std::ops::Range;
use std::path::Path;

use alignment::{Alignment, align};
use notation::{ImportOptions, Score, read_score};
use performance::deadpan;
use performance::midi::MidiNote;

pub fn score(name: &str) -> Score {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    read_score(name, &std::fs::read(path).unwrap(), &ImportOptions::default()).unwrap()
}

pub fn minuet() -> Score {
    score("petzold_minuet_g.musicxml")
}

/// A key and the note that it is struck for.
pub type Key = (MidiNote, u32);

/// Measures, played literally from the given second on.
pub fn bars(score: &Score, bars: Range<usize>, from_secs: f64) -> Vec<Key> {
    let notes = score.notes_in_measures(bars);
    let played = deadpan(score).notes;
    let played = played.iter().filter(|played| notes.contains(&(played.note as usize)));
    let mut keys: Vec<Key> = played
        .map(|played| {
            let pitch = score.notes[played.note as usize].pitch;
            let (onset_secs, duration_secs) = (played.onset_secs, played.duration_secs);
            (MidiNote { onset_secs, duration_secs, pitch, velocity: played.velocity, track: 0 }, played.note)
        })
        .collect();
    let first = keys.iter().map(|(key, _)| key.onset_secs).fold(f64::INFINITY, f64::min);
    keys.iter_mut().for_each(|(key, _)| key.onset_secs += from_secs - first);
    sorted(keys)
}

pub fn sorted(mut keys: Vec<Key>) -> Vec<Key> {
    let place = |(key, _): &Key| (key.onset_secs, key.pitch);
    keys.sort_by(|a, b| place(a).partial_cmp(&place(b)).unwrap());
    keys
}

pub fn end(keys: &[Key]) -> f64 {
    keys.iter().map(|(key, _)| key.onset_secs + key.duration_secs).fold(0.0, f64::max)
}

pub fn aligned(score: &Score, keys: &[Key]) -> Alignment {
    align(score, &keys.iter().map(|(key, _)| *key).collect::<Vec<_>>())
}

/// What was heard of keys.
pub fn heard(keys: &[Key]) -> Vec<MidiNote> {
    keys.iter().map(|(key, _)| *key).collect()
}

/// The score played literally, as keys.
pub fn played(score: &Score) -> Vec<MidiNote> {
    heard(&bars(score, 0..score.measures.len(), 0.0))
}
