//! What a recording does otherwise than it is written, on the axis.

use protocol::{ScoreView, SlipKind, SlipView};

use crate::centre::axis::TimeAxis;

/// A slip on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneSlip {
    /// What it is.
    pub kind: SlipKind,
    /// Unit where the note that was meant starts, or the chord before a hesitation.
    pub start: f64,
    /// Unit where that note ends, or the chord that was waited for starts.
    pub end: f64,
    /// Unit where a key is heard.
    pub at: f64,
    /// The key that is heard, or that should have been.
    pub pitch: Option<u8>,
    /// The key that was meant.
    pub meant: Option<u8>,
    /// In words.
    pub words: String,
}

impl SceneSlip {
    /// A slip of a version of a score.
    pub(super) fn new(score: &ScoreView, slip: &SlipView, axis: &TimeAxis) -> Self {
        let [start, end, at] = [slip.from_quarters, slip.to_quarters, slip.heard_quarters]
            .map(|place| axis.unit_of_quarters(place));
        let meant = slip.note.and_then(|note| score.notes.get(note as usize)).map(|note| note.pitch);
        Self { kind: slip.kind, start, end, at, pitch: slip.pitch, meant, words: slip.words.clone() }
    }
}
