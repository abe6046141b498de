//! What a recording does otherwise than it is written.

use serde::{Deserialize, Serialize};

/// A slip: something that is not as it is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SlipView {
    /// What it is.
    pub kind: SlipKind,
    /// Where in the score it begins: the onset of a note that was meant, where a key besides is heard, or the chord
    /// before a hesitation.
    pub from_quarters: f64,
    /// Where it ends: the end of a note that was meant, or the chord that was waited for.
    pub to_quarters: f64,
    /// Where in the score a key was heard; of a note that was missed its onset, of a hesitation the chord
    /// that was waited for.
    pub heard_quarters: f64,
    /// The note that was missed, or in whose place another key was struck.
    pub note: Option<u32>,
    /// The key that was struck, as a MIDI pitch; of a note that was missed its own, of a hesitation none.
    pub pitch: Option<u8>,
    /// How much longer a hesitation is than the beat around it explains, in seconds.
    pub excess_secs: Option<f64>,
    /// What it is in words: `E4 instead of F4`.
    pub words: String,
}

/// Kinds of slips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SlipKind {
    /// Another key was struck.
    #[default]
    Wrong,
    /// A note was not played.
    Missed,
    /// A key was struck that belongs to no note.
    Extra,
    /// A wait that nothing written explains.
    Hesitation,
}

impl SlipKind {
    /// All of them, in the order in which they are counted and listed.
    pub const ALL: [Self; 4] = [Self::Wrong, Self::Missed, Self::Extra, Self::Hesitation];
}
