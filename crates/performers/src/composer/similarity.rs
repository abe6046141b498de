//! How near a variation is to its passage.

use std::collections::HashMap;

use notation::{Quarters, Score};
use serde::{Deserialize, Serialize};

/// Bins of the histogram of pitches: one a MIDI number.
const PITCHES: usize = 128;

/// Bins of the histogram of onsets, which divide the passage.
const ONSETS: usize = 64;

/// Bins of the histogram of durations: sixteenths of a quarter, the last one for all that is longer.
const DURATIONS: usize = 64;

/// Bins of durations a quarter.
const DURATIONS_A_QUARTER: f64 = 16.0;

/// How near one piece of music is to another, each 0 to 1, as Lenz and Mani measure it (arXiv 2410.02060,
/// Table 2): cosines of histograms, and the share of equal notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Similarity {
    /// Cosine of the histograms of pitches.
    pub pitch: f64,
    /// Cosine of the histograms of onsets, in 64 parts of the passage.
    pub onset: f64,
    /// Cosine of the histograms of durations, in 64 steps of a sixteenth of a quarter.
    pub duration: f64,
    /// Share of notes that are in both with the same onset, pitch and duration: twice their number by the
    /// notes of both.
    pub equal: f64,
}

/// A note as far as it counts for likeness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sound {
    /// When it starts, from the beginning of the passage.
    pub onset: Quarters,
    /// MIDI pitch.
    pub pitch: u8,
    /// How long it is written.
    pub duration: Quarters,
}

impl Sound {
    /// The notes of a score of the passage alone, without grace notes.
    pub fn of(score: &Score) -> Vec<Self> {
        let written = score.notes.iter().filter(|note| note.grace.is_none());
        written.map(|note| Self { onset: note.onset, pitch: note.pitch, duration: note.duration }).collect()
    }
}

impl Similarity {
    /// Measures two pieces of music of one length. One without notes is like nothing but another one.
    pub fn between(one: &[Sound], other: &[Sound], length: Quarters) -> Self {
        let length = length.to_f64().max(f64::MIN_POSITIVE);
        let onset = |note: &Sound| bin(note.onset.to_f64() / length * ONSETS as f64, ONSETS);
        let duration = |note: &Sound| {
            // Rounded: durations of a grid are on the middle of their bin, not on its edge.
            bin((note.duration.to_f64() * DURATIONS_A_QUARTER).round(), DURATIONS)
        };
        Self {
            pitch: cosine(one, other, PITCHES, |note| usize::from(note.pitch)),
            onset: cosine(one, other, ONSETS, onset),
            duration: cosine(one, other, DURATIONS, duration),
            equal: share_of_equals(one, other),
        }
    }

    /// How similar on the whole: half the share of equal notes and half the product of the three cosines. It is
    /// 1 for the same notes alone. Cosines by themselves stay high for music that has little in common
    /// (durations of most music do), and the share of equal notes by itself does not see that a note has only
    /// moved.
    pub fn overall(&self) -> f64 {
        0.5 * (self.equal + self.pitch * self.onset * self.duration)
    }
}

/// The bin of a value that is counted from 0.
fn bin(value: f64, bins: usize) -> usize {
    (value.max(0.0) as usize).min(bins - 1)
}

fn cosine(one: &[Sound], other: &[Sound], bins: usize, bin: impl Fn(&Sound) -> usize) -> f64 {
    let histogram = |notes: &[Sound]| {
        let mut counts = vec![0.0_f64; bins];
        for note in notes {
            if let Some(count) = counts.get_mut(bin(note)) {
                *count += 1.0;
            }
        }
        counts
    };
    let (one, other) = (histogram(one), histogram(other));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let (of_one, of_other) = (dot(&one, &one), dot(&other, &other));
    if of_one == 0.0 || of_other == 0.0 {
        return if of_one == of_other { 1.0 } else { 0.0 };
    }
    // Whole numbers: equal histograms give 1 to the bit.
    (dot(&one, &other) / (of_one * of_other).sqrt()).min(1.0)
}

fn share_of_equals(one: &[Sound], other: &[Sound]) -> f64 {
    if one.is_empty() && other.is_empty() {
        return 1.0;
    }
    let mut left: HashMap<Sound, usize> = HashMap::new();
    for note in one {
        *left.entry(*note).or_default() += 1;
    }
    let is_shared = |note: &&Sound| match left.get_mut(*note) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let shared = other.iter().filter(is_shared).count();
    2.0 * shared as f64 / (one.len() + other.len()) as f64
}

#[cfg(test)]
#[path = "similarity_tests.rs"]
mod tests;
