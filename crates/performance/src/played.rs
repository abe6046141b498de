//! A performance: for each score note an onset, a duration and a velocity, plus pedal curves.

use serde::{Deserialize, Serialize};

/// Shortest press of a key that a performer makes, and shortest interval between its onsets, in seconds.
pub const SHORTEST_PRESS_SECS: f64 = 0.02;

/// What a pianist did with a score.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    /// Played notes, ordered by score note; at most one for each. A score note that is not here
    /// was not played.
    pub notes: Vec<PlayedNote>,
    /// Pedal movements, ordered by time.
    pub pedals: Vec<PedalEvent>,
}

/// One played note.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayedNote {
    /// Index into [`notation::Score::notes`].
    pub note: u32,
    /// When the key goes down, in seconds from the start of the performance.
    pub onset_secs: f64,
    /// How long the key stays down, in seconds (the pedal is not counted).
    pub duration_secs: f64,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
}

/// One pedal movement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PedalEvent {
    /// When, in seconds from the start of the performance.
    pub time_secs: f64,
    /// Which pedal.
    pub pedal: Pedal,
    /// 0 (up) to 127 (down); 64 and more counts as down where only on and off are known.
    pub value: u8,
}

/// The pedals of a piano and their MIDI controllers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Pedal {
    /// Damper pedal, controller 64.
    Sustain,
    /// Middle pedal, controller 66.
    Sostenuto,
    /// Una corda, controller 67.
    Soft,
}

impl Pedal {
    /// Its MIDI controller number.
    pub fn controller(self) -> u8 {
        match self {
            Self::Sustain => 64,
            Self::Sostenuto => 66,
            Self::Soft => 67,
        }
    }

    /// The pedal of a MIDI controller number.
    pub fn from_controller(controller: u8) -> Option<Self> {
        match controller {
            64 => Some(Self::Sustain),
            66 => Some(Self::Sostenuto),
            67 => Some(Self::Soft),
            _ => None,
        }
    }
}

impl Performance {
    /// The played form of a score note.
    pub fn get(&self, note: u32) -> Option<&PlayedNote> {
        self.notes.binary_search_by_key(&note, |p| p.note).ok().map(|k| &self.notes[k])
    }

    /// From the first key that goes down to the last key or pedal that comes up, in seconds. A file
    /// whose first bar is a pick-up begins with silence, which is no part of the performance.
    pub fn length_secs(&self) -> f64 {
        let first_secs = self.notes.iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
        if first_secs.is_finite() { self.end_secs() - first_secs } else { 0.0 }
    }

    /// When the last key or pedal comes up, in seconds.
    pub fn end_secs(&self) -> f64 {
        let keys = self.notes.iter().map(|n| n.onset_secs + n.duration_secs);
        let pedals = self.pedals.iter().map(|p| p.time_secs);
        keys.chain(pedals).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_performance_lasts_from_its_first_key_to_its_end() {
        let note = |note, onset_secs| PlayedNote { note, onset_secs, duration_secs: 1.0, velocity: 64 };
        let up = PedalEvent { time_secs: 5.5, pedal: Pedal::Sustain, value: 0 };
        let played = Performance { notes: vec![note(0, 2.0), note(1, 4.0)], pedals: vec![up] };
        assert_eq!((played.end_secs(), played.length_secs()), (5.5, 3.5));
        assert_eq!(Performance::default().length_secs(), 0.0);
    }
}
