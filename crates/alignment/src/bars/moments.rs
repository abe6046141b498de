//! When the chords of a stretch were struck.

use notation::{Quarters, Score};
use performance::midi::MidiNote;

use crate::aligned::{Alignment, Role};
use crate::clock::Clock;

/// A chord of the score that was struck, at least in part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Its onset.
    pub onset: Quarters,
    /// Its measure.
    pub measure: u32,
    /// When the middle one of its keys was struck.
    pub secs: f64,
}

/// The chords of a stretch in the order of the score, and the times of all places around them.
pub struct Moments {
    pub struck: Vec<Moment>,
    pub clock: Clock,
}

impl Moments {
    /// Those of a stretch by its index. Grace notes and wrong keys tell nothing.
    pub fn of(score: &Score, heard: &[MidiNote], alignment: &Alignment, stretch: usize) -> Self {
        let keys = alignment.stretches[stretch].keys.clone();
        let found = keys.filter_map(|key| match alignment.roles[key] {
            Role::Note(note) => Some((&score.notes[note as usize], heard[key].onset_secs)),
            _ => None,
        });
        let mut found: Vec<_> = found.filter(|(note, _)| note.grace.is_none()).collect();
        found.sort_by_key(|(note, _)| note.onset);
        let mut struck = Vec::new();
        for chord in found.chunk_by(|(a, _), (b, _)| a.onset == b.onset) {
            let mut times: Vec<f64> = chord.iter().map(|(_, secs)| *secs).collect();
            times.sort_by(f64::total_cmp);
            let (onset, measure) = (chord[0].0.onset, chord[0].0.measure);
            struck.push(Moment { onset, measure, secs: times[times.len() / 2] });
        }
        let points: Vec<(f64, f64)> = struck.iter().map(|m| (m.onset.to_f64(), m.secs)).collect();
        Self { struck, clock: Clock::of(&points) }
    }
}
