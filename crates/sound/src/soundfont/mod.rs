//! The piano that is heard: finding, checking and loading an SF2 soundfont.
//!
//! The synthesizer trusts its files: a wrong index in one would end the program. So every file is
//! checked here first, its structure before loading ([`check`]) and what its piano would do to the
//! oscillators after ([`playable`]).

pub mod check;
pub mod places;
pub mod playable;

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustysynth::SoundFont;

use crate::error::SoundError;
use check::Flaw;

/// The largest soundfont that is loaded; all of it is held in memory.
pub const LARGEST_BYTES: u64 = 1 << 30;

/// The name of the environment variable that names a soundfont.
pub const VARIABLE: &str = "ESPRESSIVO_SOUNDFONT";

/// A loaded soundfont whose first preset can play a keyboard piece. Cheap to clone.
#[derive(Clone)]
pub struct Piano {
    font: Arc<SoundFont>,
    name: String,
    path: Option<PathBuf>,
}

/// A piano, and what was passed over to find it.
#[derive(Debug)]
pub struct Found {
    /// What to play on.
    pub piano: Piano,
    /// Soundfonts that lie in the usual places and could not be used.
    pub skipped: Vec<SoundError>,
}

impl Piano {
    /// The best piano at hand; the generated one if there is no soundfont, so there always is one.
    ///
    /// Looks at `$ESPRESSIVO_SOUNDFONT` (which must work if it is set), then into `app_folder`,
    /// then where the system keeps soundfonts, in the order of [`places::usual`].
    pub fn find(app_folder: Option<&Path>) -> Result<Found, SoundError> {
        let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
        if let Some(path) = variable(VARIABLE) {
            let piano = Self::load(Path::new(&path))?;
            return Ok(Found { piano, skipped: Vec::new() });
        }
        let mut skipped = Vec::new();
        for path in places::soundfonts_in(&places::usual(app_folder, &variable)) {
            match Self::load(&path) {
                Ok(piano) => return Ok(Found { piano, skipped }),
                Err(error) => skipped.push(error),
            }
        }
        Ok(Found { piano: Self::generated()?, skipped })
    }

    /// Loads an SF2 file.
    pub fn load(path: &Path) -> Result<Self, SoundError> {
        let read_error = |source| SoundError::Read { path: path.to_owned(), source };
        let metadata = std::fs::metadata(path).map_err(read_error)?;
        if !metadata.is_file() {
            // Opening a pipe would wait for somebody to write into it.
            return Err(Flaw::NotASoundFont("it is not a file".into()).at(path));
        }
        let size_bytes = metadata.len();
        if size_bytes > LARGEST_BYTES {
            return Err(SoundError::TooLarge {
                path: path.to_owned(),
                size_bytes,
                limit_bytes: LARGEST_BYTES,
            });
        }
        let file = File::open(path).map_err(read_error)?;
        let mut piano = Self::read(BufReader::with_capacity(1 << 16, file), size_bytes, path)?;
        piano.path = Some(path.to_owned());
        Ok(piano)
    }

    /// Loads an SF2 file that is in memory already; `name` stands in messages instead of a path.
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self, SoundError> {
        Self::read(Cursor::new(bytes), bytes.len() as u64, Path::new(name))
    }

    /// The piano of our own code, see [`crate::piano`]. Takes about a second: keep it.
    pub fn generated() -> Result<Self, SoundError> {
        Self::from_bytes(&crate::piano::generate(), crate::piano::NAME)
    }

    /// The name of the preset it plays.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it was loaded from; nothing for a generated one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(crate) fn font(&self) -> &Arc<SoundFont> {
        &self.font
    }

    fn read(mut reader: impl Read + Seek, size_bytes: u64, path: &Path) -> Result<Self, SoundError> {
        check::structure(&mut reader, size_bytes).map_err(|flaw| flaw.at(path))?;
        reader.rewind().map_err(|source| SoundError::Read { path: path.to_owned(), source })?;
        // The checks above should leave nothing to panic about; a mistake in them must still not
        // end the program.
        let font = catch_unwind(AssertUnwindSafe(|| SoundFont::new(&mut reader)))
            .map_err(|_| Flaw::Damaged("its tables contradict each other".into()).at(path))?
            .map_err(|error| Flaw::Damaged(error.to_string()).at(path))?;
        let name = playable::preset_name(&font).map_err(|flaw| flaw.at(path))?;
        Ok(Self { font: Arc::new(font), name, path: None })
    }
}

impl fmt::Debug for Piano {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Piano").field("name", &self.name).field("path", &self.path).finish_non_exhaustive()
    }
}
