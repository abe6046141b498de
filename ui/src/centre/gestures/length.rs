//! Notes become longer or shorter.

use protocol::Edit;

/// No note becomes shorter than this.
const SHORTEST_DRAWN_SECS: f64 = 0.01;

/// Notes whose right edge is dragged: all by the same number of seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeLength {
    /// Notes and their durations before.
    notes: Vec<(u32, f64)>,
    grabbed_secs: f64,
    delta_secs: f64,
}

impl ChangeLength {
    /// Begins at a moment, with the notes and their durations.
    pub fn new(grabbed_secs: f64, notes: Vec<(u32, f64)>) -> Self {
        Self { notes, grabbed_secs, delta_secs: 0.0 }
    }

    /// The pointer is at this moment now.
    pub fn follow(&mut self, secs: f64) {
        if secs.is_finite() {
            self.delta_secs = secs - self.grabbed_secs;
        }
    }

    /// The notes and their new durations.
    pub fn durations(&self) -> impl Iterator<Item = (u32, f64)> {
        // A note that was shorter already may stay as it is.
        self.notes
            .iter()
            .map(|&(note, was)| (note, (was + self.delta_secs).max(SHORTEST_DRAWN_SECS.min(was))))
    }

    /// What changes; none for no movement.
    pub fn edit(&self) -> Option<Edit> {
        let has_moved = self.delta_secs != 0.0 && !self.notes.is_empty();
        has_moved.then(|| Edit::Durations(self.durations().collect()))
    }
}
