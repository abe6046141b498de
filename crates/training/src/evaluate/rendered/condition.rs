//! What is done to a sound before it is heard.

use serde::{Deserialize, Serialize};

/// How a sound is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// As it is.
    Dry,
    /// In a room whose sound dies away by 60 dB in 0.6 s and is as strong as what comes directly.
    Room,
    /// With pink noise, 20 dB below the sound.
    Noise,
    /// As MP3, mono, 64 kbit/s.
    Mp3,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Dry, Self::Room, Self::Noise, Self::Mp3];

    /// Its name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dry => "dry",
            Self::Room => "room",
            Self::Noise => "noise",
            Self::Mp3 => "mp3",
        }
    }
}
