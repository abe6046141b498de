//! A song of POP909 as a score and the performance of it.
//!
//! The songs have no bars. A sixteenth of the sixteen that a bar of four quarters has is taken for its first: the
//! one on which the piano strikes the most bass, each key for as long as it is held, and half as much what is
//! half a bar away. Onsets become the nearest sixteenth or third of a quarter.

use std::collections::BTreeMap;

use notation::{Measure, Note, NoteId, Part, Quarters, Score, TimeSignature};
use performance::{Performance, PlayedNote};

use super::pulse::Pulse;
use super::songs::Key;

/// Steps of a quarter that onsets are on: sixteenths and thirds.
const STEPS: [i64; 7] = [0, 3, 4, 6, 8, 9, 12];

/// Steps of a quarter.
const QUARTER: i64 = 12;

/// Sixteenths of a bar.
const BAR: usize = 16;

/// The piano's part.
const PIANO: u8 = 3;

/// Bass is below this pitch; the left hand plays what is below the other.
const BASS: u8 = 55;
const LEFT_HAND: u8 = 60;

/// A bass key counts for as long as a bar of four quarters at most.
const LONGEST_QUARTERS: f64 = 4.0;

/// A song.
pub struct Song {
    /// What is written.
    pub score: Score,
    /// What is played, from the first bar line on.
    pub played: Performance,
    /// The tempo, whose sixteenths are counted from the first bar line.
    pub pulse: Pulse,
}

impl Song {
    /// Reads keys; nothing if their tempo is not fixed.
    pub fn of(keys: &[Key]) -> Option<Self> {
        let mut onsets: Vec<f64> = keys.iter().map(|key| key.onset_secs).collect();
        onsets.sort_by(f64::total_cmp);
        let pulse = Pulse::find(&onsets)?;
        let first = pulse.at(*onsets.first()?).round();
        let downbeat = downbeat(keys, &pulse, first) as f64;
        // The bar line at or before the first onset.
        let bars = ((first - downbeat) / BAR as f64).floor();
        let line = downbeat + bars * BAR as f64;
        let pulse = Pulse { origin_secs: pulse.origin_secs + line * pulse.sixteenth_secs, ..pulse };
        let mut struck: BTreeMap<(i64, u8), Key> = BTreeMap::new();
        for key in keys {
            let place = (step(pulse.at(key.onset_secs) / 4.0), key.pitch);
            // A key that two parts strike is struck as loud as the louder.
            let louder = struck.get(&place).is_none_or(|other| other.velocity < key.velocity);
            if louder && place.0 >= 0 {
                struck.insert(place, Key { onset_secs: key.onset_secs - pulse.origin_secs, ..*key });
            }
        }
        let pulse = Pulse { origin_secs: 0.0, ..pulse };
        Some(Self { score: score(&struck, &pulse), played: played(&struck), pulse })
    }
}

/// The sixteenth, 0 to 15, that begins a bar, counted from the origin of the pulse.
fn downbeat(keys: &[Key], pulse: &Pulse, first: f64) -> usize {
    let mut bass = [0.0; BAR];
    for key in keys.iter().filter(|key| key.part == PIANO && key.pitch < BASS) {
        let place = (pulse.at(key.onset_secs).round() as i64).rem_euclid(BAR as i64) as usize;
        bass[place] += (key.duration_secs / pulse.quarter_secs()).min(LONGEST_QUARTERS);
    }
    let weight = |k: usize| bass[k] + 0.5 * bass[(k + BAR / 2) % BAR];
    // Where no bass says anything, the first onset begins a bar.
    let from = (first as i64).rem_euclid(BAR as i64) as usize;
    let places = (0..BAR).map(|k| (from + k) % BAR);
    places.fold(from, |best, k| if weight(k) > weight(best) { k } else { best })
}

/// To the nearest step that onsets are on, in twelfths of a quarter.
fn step(quarters: f64) -> i64 {
    let whole = quarters.floor();
    let part = (quarters - whole) * QUARTER as f64;
    let far = |step: &i64| (part - *step as f64).abs();
    let near = STEPS.into_iter().min_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(0);
    whole as i64 * QUARTER + near
}

fn score(struck: &BTreeMap<(i64, u8), Key>, pulse: &Pulse) -> Score {
    let time = TimeSignature::default();
    let bar = QUARTER * i64::from(time.beats);
    let note = |(k, ((at, pitch), key)): (usize, (&(i64, u8), &Key))| Note {
        id: NoteId { written: k as u32, pass: 1 },
        onset: Quarters::new(*at, QUARTER),
        duration: Quarters::nearest(key.duration_secs / pulse.quarter_secs(), QUARTER)
            .max(Quarters::new(1, QUARTER)),
        pitch: *pitch,
        measure: (at / bar) as u32,
        staff: if key.part == PIANO && *pitch < LEFT_HAND { 2 } else { 1 },
        voice: key.part.max(1),
        ..Note::default()
    };
    let notes: Vec<Note> = struck.iter().enumerate().map(note).collect();
    let bars = notes.last().map_or(0, |last| last.measure + 1);
    Score {
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        measures: (0..bars).map(|k| Measure::regular(k, time)).collect(),
        notes,
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    }
}

fn played(struck: &BTreeMap<(i64, u8), Key>) -> Performance {
    let note = |(k, key): (usize, &Key)| PlayedNote {
        note: k as u32,
        onset_secs: key.onset_secs,
        duration_secs: key.duration_secs,
        velocity: key.velocity,
    };
    Performance { notes: struck.values().enumerate().map(note).collect(), pedals: Vec::new() }
}

#[cfg(test)]
#[path = "song_tests.rs"]
mod tests;
