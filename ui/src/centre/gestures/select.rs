//! A rubber band around notes.

use crate::centre::scene::NoteSet;

/// A rectangle over time and pitch that selects what it touches.
#[derive(Clone, Debug, PartialEq)]
pub struct RubberBand {
    from: (f64, f64),
    to: (f64, f64),
    /// What stays selected besides.
    kept: Vec<u32>,
}

impl RubberBand {
    /// Begins at a unit and a pitch; `kept` stays selected (Shift).
    pub fn new(unit: f64, pitch: f64, kept: Vec<u32>) -> Self {
        Self { from: (unit, pitch), to: (unit, pitch), kept }
    }

    /// The pointer is here now.
    pub fn follow(&mut self, unit: f64, pitch: f64) {
        self.to = (unit, pitch);
    }

    /// First and last unit.
    pub fn units(&self) -> (f64, f64) {
        (self.from.0.min(self.to.0), self.from.0.max(self.to.0))
    }

    /// Lowest and highest pitch; a key fills the row from its number to the next.
    pub fn pitches(&self) -> (f64, f64) {
        (self.from.1.min(self.to.1), self.from.1.max(self.to.1))
    }

    /// The notes that are selected now, ordered by number.
    pub fn selected(&self, notes: &NoteSet) -> Vec<u32> {
        let (from, to) = self.units();
        let (low, high) = self.pitches();
        let touches = |pitch: u8| f64::from(pitch) < high && f64::from(pitch) + 1.0 > low;
        let touched = notes.between(from, to).filter(|n| touches(n.pitch)).map(|n| n.note);
        let mut selected: Vec<u32> = touched.chain(self.kept.iter().copied()).collect();
        selected.sort_unstable();
        selected.dedup();
        selected
    }
}
