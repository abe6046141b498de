//! The instrument that a performance is played on.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::SoundError;
use crate::format::RATES_HZ;
use crate::generated;
use crate::instrument::{Instrument, InstrumentFactory};
use crate::soundfont::{self, Loaded};

/// A loaded instrument that can play a keyboard piece. Cheap to clone.
#[derive(Clone)]
pub struct Piano {
    name: Arc<str>,
    path: Option<PathBuf>,
    credits: Option<Arc<str>>,
    factory: Arc<dyn InstrumentFactory>,
}

/// A piano, and what was passed over to find it.
#[derive(Debug)]
pub struct Found {
    /// What to play on.
    pub piano: Piano,
    /// Pianos that could not be used.
    pub skipped: Vec<SoundError>,
}

impl Piano {
    /// An instrument of any kind under a name.
    pub fn new(name: &str, factory: Arc<dyn InstrumentFactory>) -> Self {
        Self { name: name.into(), path: None, credits: None, factory }
    }

    /// The first of the soundfonts that can be played; the generated piano if there is none.
    pub fn first_of(soundfonts: &[PathBuf]) -> Result<Found, SoundError> {
        let mut skipped = Vec::new();
        for path in soundfonts {
            match Self::load(path) {
                Ok(piano) => return Ok(Found { piano, skipped }),
                Err(error) => skipped.push(error),
            }
        }
        Ok(Found { piano: Self::generated()?, skipped })
    }

    /// Loads an SF2 file.
    pub fn load(path: &Path) -> Result<Self, SoundError> {
        let piano = Self::from(soundfont::load(path)?);
        Ok(Self { path: Some(path.to_owned()), ..piano })
    }

    /// Loads an SF2 file that is in memory already; `name` stands in messages instead of a path.
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self, SoundError> {
        soundfont::from_bytes(bytes, name).map(Self::from)
    }

    /// The piano of our own code, see [`crate::generated`]. Takes about a second: keep it.
    pub fn generated() -> Result<Self, SoundError> {
        Self::from_bytes(&generated::generate(), generated::NAME)
    }

    /// Its name: of a soundfont, that of the preset that is played.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it was loaded from; nothing if it is not from a file.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The same piano with who must be named where its sound is given on: sound files say it.
    pub fn with_credits(self, credits: &str) -> Self {
        Self { credits: Some(credits.into()), ..self }
    }

    /// Who must be named where its sound is given on; nothing if nobody must.
    pub fn credits(&self) -> Option<&str> {
        self.credits.as_deref()
    }

    /// Whether this is the very same piano, loaded once.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.factory, &other.factory)
    }

    /// An instrument at rest, to be played.
    pub fn open(&self, sample_rate: u32, voices: usize) -> Result<Box<dyn Instrument>, SoundError> {
        if !RATES_HZ.contains(&sample_rate) {
            return Err(SoundError::SampleRate(sample_rate));
        }
        self.factory.open(sample_rate, voices).map_err(|reason| self.unplayable(0.0, reason))
    }

    /// The error of this instrument at a time of the performance.
    pub(crate) fn unplayable(&self, at_secs: f64, reason: impl Into<String>) -> SoundError {
        SoundError::Unplayable { piano: self.name().to_owned(), at_secs, reason: reason.into() }
    }
}

impl From<Loaded> for Piano {
    fn from(loaded: Loaded) -> Self {
        Self::new(&loaded.preset_name, loaded.factory)
    }
}

impl fmt::Debug for Piano {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Piano").field("name", &self.name).field("path", &self.path).finish_non_exhaustive()
    }
}
