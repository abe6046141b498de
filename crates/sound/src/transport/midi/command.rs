//! What the scheduler sends to the thread of the MIDI port.

use std::sync::Arc;

use crate::transport::track::Track;

/// A command of the scheduler.
pub(crate) enum MidiCommand {
    /// A deck that the engine is about to get plays this.
    Deck(u64, Arc<Track>),
    /// A deck goes on with a track that is the same up to there.
    Continue(u64, Arc<Track>),
    /// What plays is not sent from now on, or is again.
    Hush(bool),
    /// One short note, playing or not.
    Strike {
        /// MIDI pitch.
        pitch: u8,
        /// MIDI velocity.
        velocity: u8,
    },
}
