//! Notes become louder or softer.

use protocol::Edit;

/// Notes whose stems are dragged: all by the same difference, each as far as it can go.
#[derive(Clone, Debug, PartialEq)]
pub struct DragVelocities {
    /// Notes and their velocities before.
    notes: Vec<(u32, u8)>,
    grabbed: f64,
    delta: f64,
}

impl DragVelocities {
    /// Begins at a velocity of the scale, with the notes and their velocities.
    pub fn new(grabbed: f64, notes: Vec<(u32, u8)>) -> Self {
        Self { notes, grabbed, delta: 0.0 }
    }

    /// The pointer is at this velocity of the scale now.
    pub fn follow(&mut self, value: f64) {
        if value.is_finite() {
            self.delta = value - self.grabbed;
        }
    }

    /// The notes and their new velocities.
    pub fn velocities(&self) -> impl Iterator<Item = (u32, u8)> {
        let changed = |was: u8| (f64::from(was) + self.delta).round().clamp(1.0, 127.0) as u8;
        self.notes.iter().map(move |&(note, was)| (note, changed(was)))
    }

    /// What changes; none if every velocity stays.
    pub fn edit(&self) -> Option<Edit> {
        let has_changed = self.velocities().zip(&self.notes).any(|(new, old)| new != *old);
        has_changed.then(|| Edit::Velocities(self.velocities().collect()))
    }
}
