//! What is heard of a recording of sound: the sound itself, or its notes on the piano.

use serde::{Deserialize, Serialize};

/// The own sound of a version that came from a recording of sound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSoundView {
    /// Whether it is to be heard; else the piano plays. See [`crate::Command::HearOwnSound`].
    pub is_chosen: bool,
    /// Whether it can be heard. The piano plays while it cannot.
    pub state: OwnSoundState,
}

/// Whether the own sound of a recording can be heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OwnSoundState {
    /// It can.
    #[default]
    Ready,
    /// It is being read.
    Reading,
    /// It cannot as things are, and why, in words.
    Unavailable(String),
    /// Its file is not there or gives no sound, and why, in words. [`crate::Command::HearOwnSound`] has it looked
    /// for once more.
    Missing(String),
}

impl OwnSoundView {
    /// Whether it is what is heard of the version.
    pub fn is_heard(&self) -> bool {
        self.is_chosen && self.state == OwnSoundState::Ready
    }
}
