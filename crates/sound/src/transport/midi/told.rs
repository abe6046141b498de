//! What the thread that sends notes is told.

use std::sync::Arc;

use crate::transport::track::Track;

/// A message of the scheduler.
pub(crate) enum Told {
    /// A deck that the engine is about to get plays this.
    Deck(u64, Arc<Track>),
    /// A deck goes on with a track that is the same up to there.
    Continue(u64, Arc<Track>),
    /// One short note, playing or not.
    Strike {
        /// MIDI pitch.
        pitch: u8,
        /// MIDI velocity.
        velocity: u8,
    },
}
