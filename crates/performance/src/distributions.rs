//! How alike the pooled values of two sets of performances are, as the Pianist Transformer's paper
//! counts it (arXiv 2512.02652): velocity, duration, time between onsets and pedal patterns.
//!
//! These figures say nothing about the right value at the right place: values drawn blindly from
//! what pianists do on the whole score better than any renderer. They stand beside the figures of
//! [`crate::metrics`], never alone.

use notation::Score;

use crate::midi::{MidiNote, PlayedMidi};
use crate::pedal::DOWN;
use crate::{Pedal, Performance, PlayedNote};

/// Bins of velocity, duration (2 ms to 500), time between onsets (1 ms to 200), pedal patterns.
const BINS: [usize; 4] = [128, 250, 200, 16];

/// The pedal after the last note is sampled over this long.
const LAST_GAP_MS: f64 = 4990.0;

/// Keeps empty bins comparable.
const EPSILON: f64 = 1e-10;

/// Names of the four histograms.
pub const NAMES: [&str; 4] = ["velocity", "duration", "onset interval", "pedal"];

/// Pooled counts of performances.
#[derive(Clone, Debug, PartialEq)]
pub struct Histograms {
    counts: [Vec<f64>; 4],
}

impl Default for Histograms {
    fn default() -> Self {
        Self { counts: BINS.map(|bins| vec![0.0; bins]) }
    }
}

impl Histograms {
    /// Counts the notes of a performance. Times are taken to whole milliseconds first, as the
    /// paper's tokens are, and chords are ordered by pitch.
    pub fn add(&mut self, played: &PlayedMidi) {
        let ms = |secs: f64| (secs * 1e3).round();
        let mut notes: Vec<(f64, &MidiNote)> = played.notes.iter().map(|n| (ms(n.onset_secs), n)).collect();
        notes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.pitch.cmp(&b.1.pitch)));
        let mut previous_ms = notes.first().map_or(0.0, |n| n.0);
        for (k, (onset_ms, note)) in notes.iter().enumerate() {
            self.count(0, f64::from(note.velocity));
            self.count(1, (ms(note.onset_secs + note.duration_secs) - onset_ms) / 2.0);
            self.count(2, onset_ms - previous_ms);
            let gap_ms = notes.get(k + 1).map_or(LAST_GAP_MS, |next| next.0 - onset_ms);
            self.count(3, f64::from(pedal_pattern(played, *onset_ms, gap_ms)));
            previous_ms = *onset_ms;
        }
    }

    /// Counts the notes of a performance of a score; those that the score does not have are left out.
    pub fn add_performance(&mut self, score: &Score, played: &Performance) {
        let note = |n: &PlayedNote| {
            Some(MidiNote {
                onset_secs: n.onset_secs,
                duration_secs: n.duration_secs,
                pitch: score.notes.get(n.note as usize)?.pitch,
                velocity: n.velocity,
                track: 0,
            })
        };
        let notes = played.notes.iter().filter_map(note).collect();
        self.add(&PlayedMidi { notes, pedals: played.pedals.clone() });
    }

    /// Adds the counts of another, so many times over.
    pub fn merge(&mut self, other: &Self, times: f64) {
        for (own, other) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *own += times * other;
        }
    }

    /// Counts a value if it lies within the histogram.
    fn count(&mut self, histogram: usize, value: f64) {
        if value >= 0.0
            && let Some(bin) = self.counts[histogram].get_mut(value as usize)
        {
            *bin += 1.0;
        }
    }

    fn shares(&self, histogram: usize) -> Vec<f64> {
        let counts = &self.counts[histogram];
        let total: f64 = counts.iter().sum::<f64>().max(1.0);
        let sum = 1.0 + EPSILON * counts.len() as f64;
        counts.iter().map(|c| (c / total + EPSILON) / sum).collect()
    }
}

/// The sustain pedal at the quarters of the gap to the next note, as four bits.
fn pedal_pattern(played: &PlayedMidi, from_ms: f64, gap_ms: f64) -> u8 {
    (0..4).fold(0, |pattern, quarter| {
        let at_secs = (from_ms + gap_ms * f64::from(quarter) / 4.0) / 1e3;
        let known = played.pedals.partition_point(|p| p.time_secs <= at_secs);
        let last = played.pedals[..known].iter().rev().find(|p| p.pedal == Pedal::Sustain);
        (pattern << 1) | u8::from(last.is_some_and(|p| p.value >= DOWN))
    })
}

/// How alike two sets are in each of the four.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Jensen-Shannon distance (root of the divergence, base 2): 0 is the same, 1 nothing shared.
    pub js: [f64; 4],
    /// Intersection area: 1 is the same, 0 nothing shared.
    pub ia: [f64; 4],
}

impl Likeness {
    /// Compares two sets.
    pub fn of(a: &Histograms, b: &Histograms) -> Self {
        let pairs: [(Vec<f64>, Vec<f64>); 4] = std::array::from_fn(|k| (a.shares(k), b.shares(k)));
        let shared = |(p, q): &(Vec<f64>, Vec<f64>)| p.iter().zip(q).map(|(p, q)| p.min(*q)).sum();
        Self { js: pairs.each_ref().map(|(p, q)| distance(p, q)), ia: pairs.each_ref().map(shared) }
    }

    /// Means of the four: distance and area.
    pub fn overall(&self) -> (f64, f64) {
        (self.js.iter().sum::<f64>() / 4.0, self.ia.iter().sum::<f64>() / 4.0)
    }
}

fn distance(p: &[f64], q: &[f64]) -> f64 {
    let half = |a: f64, b: f64| if a > 0.0 { a * (2.0 * a / (a + b)).log2() } else { 0.0 };
    let divergence: f64 = p.iter().zip(q).map(|(p, q)| half(*p, *q) + half(*q, *p)).sum();
    (0.5 * divergence).max(0.0).sqrt()
}
