//! What a recording does otherwise than it is written, as a project keeps it.

use notation::NoteId;
use serde::{Deserialize, Serialize};

/// A note that a recording has and the score has not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtraNote {
    /// Where in the score it is heard.
    pub quarters: f64,
    /// MIDI pitch.
    pub pitch: u8,
}

/// What of a recording is not as it is written, but for notes that the score has not. Notes are named, so that they
/// are found in another reading of the score.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Slips {
    /// Keys in place of others.
    pub wrong: Vec<WrongKey>,
    /// Notes that were not played in bars that were played.
    pub missed: Vec<NoteId>,
    /// Waits that nothing written explains.
    pub hesitations: Vec<Hesitation>,
}

/// A key in place of another one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrongKey {
    /// The note that was meant.
    pub note: NoteId,
    /// MIDI pitch of the key that was struck.
    pub pitch: u8,
    /// Where in the score it is heard.
    pub quarters: f64,
}

/// A wait that nothing written explains.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hesitation {
    /// The onset of the chord before it.
    pub after_quarters: f64,
    /// The onset of the chord that was waited for.
    pub before_quarters: f64,
    /// How long it was from the one to the other when it was recorded.
    pub gap_secs: f64,
    /// How much longer that was than the beat around it explains.
    pub excess_secs: f64,
}

impl Slips {
    /// The same of another score: notes that it has not are left out.
    #[must_use]
    pub fn renamed(&self, name: impl Fn(NoteId) -> Option<NoteId>) -> Self {
        let wrong = |key: &WrongKey| Some(WrongKey { note: name(key.note)?, ..*key });
        Self {
            wrong: self.wrong.iter().filter_map(wrong).collect(),
            missed: self.missed.iter().filter_map(|note| name(*note)).collect(),
            hesitations: self.hesitations.clone(),
        }
    }
}
