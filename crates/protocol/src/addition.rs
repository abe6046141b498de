//! What does not come along, since others have published it, and can be got when somebody wants it.

use serde::{Deserialize, Serialize};

/// Something that others have published and that can be got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Addition {
    /// The recorded grand piano.
    GrandPiano,
    /// Reads phrases where a mood is typed; without it words are looked up one by one.
    TextEncoder,
    /// Hears the notes of recordings of sound.
    Transcriber,
}

impl Addition {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::GrandPiano, Self::TextEncoder, Self::Transcriber];

    /// What it is called in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GrandPiano => "the grand piano",
            Self::TextEncoder => "the text encoder",
            Self::Transcriber => "the transcriber",
        }
    }

    /// How much is fetched, in megabytes.
    pub const fn megabytes(self) -> u32 {
        match self {
            Self::GrandPiano => 80,
            Self::TextEncoder => 84,
            Self::Transcriber => 51,
        }
    }
}

/// Whether an addition is on this computer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presence {
    /// It is not; [`crate::Command::Get`] gets it.
    #[default]
    Missing,
    /// It is being got, by the job of this number, which may be that of another window.
    Arriving(u64),
    /// It is.
    There,
}

/// What is there of the additions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Additions {
    /// The recorded grand piano.
    pub grand_piano: Presence,
    /// The text encoder.
    pub text_encoder: Presence,
    /// The transcriber.
    pub transcriber: Presence,
}

impl Additions {
    /// Whether one of them is there.
    pub const fn of(&self, addition: Addition) -> Presence {
        match addition {
            Addition::GrandPiano => self.grand_piano,
            Addition::TextEncoder => self.text_encoder,
            Addition::Transcriber => self.transcriber,
        }
    }
}
