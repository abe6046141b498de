//! What is done to a take after its performer has played it, whoever played.
//!
//! A performer that was trained on chords and tempi knows no finger and no key: it may roll a chord
//! too little, put a grace note after its beat, hold a key that it must strike again. Each step
//! here looks for one such fault, leaves what is already well as it is, to the last bit, and moves
//! notes of the region alone. Pinned onsets stay; chance comes from the seed.
//!
//! [`shape`] is for what a pianist does on purpose, before amounts of expression are applied, and
//! [`keys`] for what a keyboard allows, at the very end.

mod arpeggios;
mod chords;
mod final_ritard;
mod grace_notes;
mod keys;
mod last_chord;
mod pedal;
mod unisons;

use notation::Score;
use performance::Performance;
use rand::RngExt;
use rand_pcg::Pcg64;

use crate::performer::{Pin, Request};
pub use keys::keys;

/// Which steps a performer needs beyond those that do no harm to anybody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finishing {
    /// By which share of its length a quarter at the very end is longer than the performer plays
    /// it; 0 for one that slows down enough.
    pub final_ritard: f64,
    /// Whether the pedal is changed where the harmony does and the performer holds it through.
    pub pedal_changes: bool,
}

impl Default for Finishing {
    fn default() -> Self {
        Self { final_ritard: 0.0, pedal_changes: true }
    }
}

/// Tight chords, rolls, grace notes, pedal changes, the final ritardando and the last chord.
pub fn shape(request: &Request<'_>, finishing: Finishing, played: &mut Performance) {
    let scene = Scene::of(request);
    final_ritard::apply(&scene, played, finishing.final_ritard);
    chords::apply(&scene, played);
    arpeggios::apply(&scene, played);
    grace_notes::apply(&scene, played);
    last_chord::apply(&scene, played);
    pedal::apply(&scene, played, finishing.pedal_changes);
}

/// Where a take is made.
struct Scene<'a> {
    score: &'a Score,
    context: Option<&'a Performance>,
    pins: &'a [Pin],
    seed: u64,
}

impl<'a> Scene<'a> {
    fn of(request: &Request<'a>) -> Self {
        let controls = request.controls;
        Self { score: request.score, context: request.context, pins: &controls.pins, seed: controls.seed }
    }

    /// Whether the onset of a note may change.
    fn may_move(&self, played: &Performance, note: usize) -> bool {
        let pinned = self.pins.iter().any(|pin| pin.note as usize == note && pin.onset_secs.is_some());
        !pinned && played.get(note as u32).is_some()
    }

    /// When a note is played, in the region or around it.
    fn onset_secs(&self, played: &Performance, note: usize) -> Option<f64> {
        let around = || self.context.and_then(|context| context.get(note as u32));
        played.get(note as u32).or_else(around).map(|n| n.onset_secs)
    }

    /// First and last onset of some notes, without grace notes.
    fn extent(&self, played: &Performance, notes: std::ops::Range<usize>) -> Option<(f64, f64)> {
        let main = notes.filter(|n| self.score.notes[*n].grace.is_none());
        let onsets = main.filter_map(|n| self.onset_secs(played, n));
        onsets.fold(None, |extent, t| Some(extent.map_or((t, t), |(a, b): (f64, f64)| (a.min(t), b.max(t)))))
    }

    /// A number from −1 to 1 that belongs to a step, a note and the seed.
    fn chance(&self, step: u64, note: usize) -> f64 {
        use rand::SeedableRng;
        let purpose = (step << 32 | note as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        2.0 * Pcg64::seed_from_u64(self.seed ^ purpose).random::<f64>() - 1.0
    }
}

/// Moves the start of a note and leaves its end where it is.
fn start_at(played: &mut Performance, note: usize, onset_secs: f64) {
    /// Nothing is shorter for having been moved.
    const SHORTEST_SECS: f64 = 0.03;
    if let Ok(k) = played.notes.binary_search_by_key(&(note as u32), |n| n.note) {
        let note = &mut played.notes[k];
        let end_secs = note.onset_secs + note.duration_secs;
        let least_secs = SHORTEST_SECS.min(note.duration_secs);
        note.onset_secs = onset_secs;
        note.duration_secs = (end_secs - onset_secs).max(least_secs);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
