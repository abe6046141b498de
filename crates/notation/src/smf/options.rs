//! What the caller may choose about reading a MIDI file as a score.

/// How a MIDI file becomes a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmfOptions {
    /// Whether notes move to the nearest note value; otherwise they stay at their ticks.
    pub snap: bool,
}

impl Default for SmfOptions {
    fn default() -> Self {
        Self { snap: true }
    }
}
