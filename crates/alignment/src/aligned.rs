//! What an alignment says.

use std::ops::Range;

use serde::Serialize;

/// A recording and a score, key by key and stretch by stretch.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Alignment {
    /// How many semitones the recording is higher than the score.
    pub transposition: i8,
    /// What each key of the recording was struck for.
    pub roles: Vec<Role>,
    /// What was played in one go, in the order of playing.
    pub stretches: Vec<Stretch>,
}

/// What a key was struck for. Notes are indices into [`notation::Score::notes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Role {
    /// A note, as it is written.
    Note(u32),
    /// A note, but it is another key.
    Wrong(u32),
    /// One more stroke of the ornament of a note.
    Ornament(u32),
    /// Nothing that is written.
    Extra,
}

impl Role {
    /// The score note, if any.
    pub fn note(self) -> Option<u32> {
        match self {
            Self::Note(note) | Self::Wrong(note) | Self::Ornament(note) => Some(note),
            Self::Extra => None,
        }
    }
}

/// A passage that was played in one go.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// The keys that went down, as indices into the recording.
    pub keys: Range<usize>,
    /// The score notes between its first and its last chord.
    pub notes: Range<u32>,
    /// From the first onset to the last, in seconds.
    pub secs: Range<f64>,
    /// Notes that were not played, ascending.
    pub missed: Vec<Missed>,
}

/// A note that was not played.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Missed {
    /// Index of the score note.
    pub note: u32,
    /// When it should have sounded, by the notes around it.
    pub expected_secs: f64,
}

impl Alignment {
    /// For each key which time of playing its note it belongs to, from 1: a passage may be played
    /// several times. 0 for keys that belong to no note.
    pub fn passes(&self) -> Vec<u32> {
        let mut passes = vec![0; self.roles.len()];
        for (k, stretch) in self.stretches.iter().enumerate() {
            for key in stretch.keys.clone() {
                if let Some(note) = self.roles[key].note() {
                    let earlier = self.stretches[..k].iter().filter(|s| s.notes.contains(&note)).count();
                    passes[key] = earlier as u32 + 1;
                }
            }
        }
        passes
    }

    /// How many keys were struck for notes as they are written.
    pub fn matched(&self) -> usize {
        self.roles.iter().filter(|role| matches!(role, Role::Note(_))).count()
    }
}
