//! Which version is meant, and which values of its notes.

use serde::{Deserialize, Serialize};

/// One way in which the piece is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VersionId {
    /// The score played literally.
    #[default]
    Deadpan,
    /// A take, by its number in the project.
    Take(u32),
    /// A recording of somebody, read from a MIDI file or heard in sound.
    Recording(u32),
}

/// Which values of a note are pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PinKind {
    /// How loud.
    Velocity,
    /// When it starts.
    Onset,
    /// How long it lasts.
    Duration,
    /// The pedals from its onset to the next one.
    Pedal,
}
