//! Notes become louder or softer.

use protocol::{Edit, ScoreView};

/// Notes that are struck together, with their velocities.
pub type Chord = Vec<(u32, u8)>;

/// Notes in chords by their place in the score. Grace notes stand alone.
pub fn chords(score: &ScoreView, notes: impl IntoIterator<Item = (u32, u8)>) -> Vec<Chord> {
    let mut alone = Vec::new();
    let mut placed: Vec<(f64, (u32, u8))> = Vec::new();
    for note in notes {
        match score.notes.get(note.0 as usize).filter(|written| !written.is_grace) {
            Some(written) => placed.push((written.onset_quarters, note)),
            None => alone.push(vec![note]),
        }
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let chords = placed.chunk_by(|a, b| a.0 == b.0);
    chords.map(|chord| chord.iter().map(|n| n.1).collect()).chain(alone).collect()
}

/// By how much a chord can move towards `delta` with all its notes: differences between them stay.
pub fn bounded(chord: &Chord, delta: f64) -> f64 {
    let velocities = || chord.iter().map(|n| f64::from(n.1));
    let (softest, loudest) = (velocities().fold(127.0, f64::min), velocities().fold(1.0, f64::max));
    delta.clamp(1.0 - softest, 127.0 - loudest)
}

/// A chord with all its notes moved by the same amount.
pub fn moved(chord: &Chord, delta: f64) -> impl Iterator<Item = (u32, u8)> {
    let delta = bounded(chord, delta).round();
    chord.iter().map(move |&(note, was)| (note, (f64::from(was) + delta).clamp(1.0, 127.0) as u8))
}

/// Notes whose stems are dragged: all by the same difference, each chord as far as it can go.
#[derive(Clone, Debug, PartialEq)]
pub struct DragVelocities {
    /// Notes and their velocities before.
    chords: Vec<Chord>,
    grabbed: f64,
    delta: f64,
}

impl DragVelocities {
    /// Begins at a velocity of the scale, with the notes and their velocities.
    pub fn new(grabbed: f64, chords: Vec<Chord>) -> Self {
        Self { chords, grabbed, delta: 0.0 }
    }

    /// The pointer is at this velocity of the scale now.
    pub fn follow(&mut self, value: f64) {
        if value.is_finite() {
            self.delta = value - self.grabbed;
        }
    }

    /// The notes and their new velocities.
    pub fn velocities(&self) -> impl Iterator<Item = (u32, u8)> {
        self.chords.iter().flat_map(|chord| moved(chord, self.delta))
    }

    /// What changes; none if every velocity stays.
    pub fn edit(&self) -> Option<Edit> {
        let has_changed = self.velocities().zip(self.chords.iter().flatten()).any(|(new, old)| new != *old);
        has_changed.then(|| Edit::Velocities(self.velocities().collect()))
    }
}
