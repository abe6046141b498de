//! What the steps of finishing share.

use std::collections::HashSet;

use notation::Score;
use performance::Performance;
use rand::RngExt;
use rand_pcg::Pcg64;

use crate::request::{Pin, Request};

/// The request as the steps need it.
pub(super) struct Scene<'a> {
    pub score: &'a Score,
    /// The performance around the region.
    pub context: Option<&'a Performance>,
    /// Notes with a pinned onset, and with a pinned duration.
    pinned_onsets: HashSet<u32>,
    pinned_durations: HashSet<u32>,
    seed: u64,
}

impl<'a> Scene<'a> {
    pub fn of(request: &Request<'a>) -> Self {
        let controls = request.controls;
        let pinned =
            |is_so: fn(&&Pin) -> bool| controls.pins.iter().filter(is_so).map(|pin| pin.note).collect();
        Self {
            score: request.score,
            context: request.context,
            pinned_onsets: pinned(|pin| pin.onset_secs.is_some()),
            pinned_durations: pinned(|pin| pin.duration_secs.is_some()),
            seed: controls.seed,
        }
    }

    /// Whether the onset of a note may change.
    pub fn may_move(&self, played: &Performance, note: usize) -> bool {
        !self.pinned_onsets.contains(&(note as u32)) && played.get(note as u32).is_some()
    }

    /// Whether the length of a note may change.
    pub fn may_end(&self, note: u32) -> bool {
        !self.pinned_durations.contains(&note)
    }

    /// When a note of the region is played.
    pub fn onset_secs(&self, played: &Performance, note: usize) -> Option<f64> {
        played.get(note as u32).map(|n| n.onset_secs)
    }

    /// First and last onset of some notes, without grace notes.
    pub fn extent(&self, played: &Performance, notes: std::ops::Range<usize>) -> Option<(f64, f64)> {
        let main = notes.filter(|n| self.score.notes[*n].grace.is_none());
        let onsets = main.filter_map(|n| self.onset_secs(played, n));
        onsets.fold(None, |extent, t| Some(extent.map_or((t, t), |(a, b): (f64, f64)| (a.min(t), b.max(t)))))
    }

    /// A number from −1 to 1 that belongs to a step, a note and the seed.
    pub fn random(&self, step: u64, note: usize) -> f64 {
        use rand::SeedableRng;
        let purpose = (step << 32 | note as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        2.0 * Pcg64::seed_from_u64(self.seed ^ purpose).random::<f64>() - 1.0
    }
}

/// Moves the start of a note and leaves its end where it is.
pub(super) fn start_at(played: &mut Performance, note: usize, onset_secs: f64) {
    /// Nothing is shorter for having been moved.
    const SHORTEST_MOVED_SECS: f64 = 0.03;
    if let Ok(k) = played.notes.binary_search_by_key(&(note as u32), |n| n.note) {
        let note = &mut played.notes[k];
        let end_secs = note.onset_secs + note.duration_secs;
        let least_secs = SHORTEST_MOVED_SECS.min(note.duration_secs);
        note.onset_secs = onset_secs;
        note.duration_secs = (end_secs - onset_secs).max(least_secs);
    }
}
