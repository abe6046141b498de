//! By how many semitones a recording is higher or lower than the score.

use performance::midi::MidiNote;

use crate::chords::Chords;
use crate::path;

/// Farthest that is tried, in semitones.
const FARTHEST: i8 = 12;
/// So many keys in a row are looked at, in so many places.
const KEYS: usize = 48;
const PLACES: usize = 4;
/// With so large a share of the keys found nothing else is tried.
const SURE: f64 = 0.95;
/// Another pitch has to explain so many times as many keys, or to leave so small a share of those over that are left
/// over as written: a chromatic scale is much like one that begins a semitone higher.
const BETTER: f64 = 1.25;
const LEFT_OVER: f64 = 0.5;

/// The recording, as many semitones lower.
pub fn moved(heard: &[MidiNote], semitones: i8) -> Vec<MidiNote> {
    let pitch = |pitch: u8| (i16::from(pitch) - i16::from(semitones)).clamp(0, 127) as u8;
    heard.iter().map(|note| MidiNote { pitch: pitch(note.pitch), ..*note }).collect()
}

/// How many semitones the recording is higher than the score.
pub fn find(chords: &Chords, heard: &[MidiNote]) -> i8 {
    let places = samples(heard);
    let keys: usize = places.iter().map(|place| place.len()).sum();
    let as_written = matched(chords, &places, 0);
    if keys == 0 || as_written as f64 >= SURE * keys as f64 {
        return 0;
    }
    let tried = (-FARTHEST..=FARTHEST).filter(|s| *s != 0).map(|s| (matched(chords, &places, s), s));
    let best = tried.max_by_key(|(matched, s)| (*matched, -s.abs()));
    let is_better = |matched: usize| {
        let left_over = (keys - matched) as f64;
        matched as f64 > BETTER * as_written as f64 || left_over < LEFT_OVER * (keys - as_written) as f64
    };
    best.filter(|(matched, _)| is_better(*matched)).map_or(0, |(_, s)| s)
}

/// Parts of the recording, spread over it.
fn samples(heard: &[MidiNote]) -> Vec<&[MidiNote]> {
    if heard.len() <= KEYS * PLACES {
        return vec![heard];
    }
    let last = heard.len() - KEYS;
    (0..PLACES).map(|k| k * last / (PLACES - 1)).map(|at| &heard[at..at + KEYS]).collect()
}

/// How many keys belong to the chords that they are played in.
fn matched(chords: &Chords, places: &[&[MidiNote]], semitones: i8) -> usize {
    let count = |place: &&[MidiNote]| {
        let place = moved(place, semitones);
        let steps = path::find(chords, &place);
        let is_matched = |(step, note): &(&path::Step, &MidiNote)| {
            !step.is_extra && chords.all[step.chord as usize].pitches.binary_search(&note.pitch).is_ok()
        };
        steps.iter().zip(&place).filter(is_matched).count()
    };
    places.iter().map(count).sum()
}
