//! On which piano it is played.

use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, ensure};
use application::sounds::{self, Loading, WantedPiano};
use application::{Folders, piano as grand_piano};
use serde::{Deserialize, Serialize};
use sound::Piano;
use sound::soundfont::places;

/// A piano.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instrument {
    /// The soundfont of this machine: `$ESPRESSIVO_SOUNDFONT`, else FluidR3, else another.
    Soundfont,
    /// The recorded grand piano.
    Recorded,
    /// The piano of our own code.
    Generated,
}

impl Instrument {
    /// All of them, those that sound most like a piano first.
    pub const ALL: [Self; 3] = [Self::Soundfont, Self::Recorded, Self::Generated];

    /// Its name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Soundfont => "soundfont",
            Self::Recorded => "recorded",
            Self::Generated => "generated",
        }
    }

    /// Whether it is on this machine.
    pub fn is_there(self, folders: &Folders) -> bool {
        match self {
            Self::Soundfont => {
                folders.soundfont.is_some() || !places::soundfonts_in(&folders.soundfonts).is_empty()
            }
            Self::Recorded => grand_piano::is_there(&folders.piano),
            Self::Generated => true,
        }
    }

    /// The first two of those that are on this machine.
    pub fn two(folders: &Folders) -> Vec<Self> {
        Self::ALL.into_iter().filter(|instrument| instrument.is_there(folders)).take(2).collect()
    }

    /// Loads it, which takes up to some seconds.
    ///
    /// # Errors
    /// If it is not there or cannot be used.
    pub fn load(self, folders: &Folders) -> Result<Piano> {
        let wanted = match self {
            Self::Soundfont => WantedPiano::Soundfont(None),
            Self::Recorded => WantedPiano::Sampled(None),
            Self::Generated => WantedPiano::Generated,
        };
        let loading = Loading { early: None, progress: &|_| (), cancel: &AtomicBool::new(false) };
        let found = sounds::piano(&wanted, folders, &loading);
        let piano = found.with_context(|| format!("the piano {} cannot be loaded", self.name()))?.piano;
        // Where no soundfont is found the generated piano is taken.
        let is_it = self != Self::Soundfont || piano.path().is_some();
        ensure!(is_it, "there is no soundfont on this machine; name one in $ESPRESSIVO_SOUNDFONT");
        Ok(piano)
    }
}
