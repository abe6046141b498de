//! Notes move in time.

use protocol::Edit;

/// Notes that are dragged sideways: all by the same number of seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveOnset {
    /// Notes and their onsets before.
    notes: Vec<(u32, f64)>,
    grabbed_secs: f64,
    delta_secs: f64,
}

impl MoveOnset {
    /// Begins at a moment, with the notes and their onsets.
    pub fn new(grabbed_secs: f64, notes: Vec<(u32, f64)>) -> Self {
        Self { notes, grabbed_secs, delta_secs: 0.0 }
    }

    /// The pointer is at this moment now. No note goes before the start.
    pub fn follow(&mut self, secs: f64) {
        let earliest = self.notes.iter().map(|n| n.1).fold(f64::INFINITY, f64::min).max(0.0);
        if secs.is_finite() {
            self.delta_secs = (secs - self.grabbed_secs).max(-earliest);
        }
    }

    /// How far notes have moved.
    pub fn delta_secs(&self) -> f64 {
        self.delta_secs
    }

    /// The notes and their new onsets.
    pub fn onsets(&self) -> impl Iterator<Item = (u32, f64)> {
        self.notes.iter().map(|&(note, onset)| (note, (onset + self.delta_secs).max(0.0)))
    }

    /// What changes; none for no movement.
    pub fn edit(&self) -> Option<Edit> {
        let has_moved = self.delta_secs != 0.0 && !self.notes.is_empty();
        has_moved.then(|| Edit::Onsets(self.onsets().collect()))
    }
}
