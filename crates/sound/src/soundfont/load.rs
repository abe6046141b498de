//! Reading an SF2 file into memory.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use rustysynth::SoundFont;

use super::check::{self, Flaw};
use super::playable;
use super::synth::SoundFontFactory;
use crate::error::SoundError;
use crate::instrument::InstrumentFactory;

/// The largest soundfont that is loaded; all of it is held in memory.
pub const LARGEST_BYTES: u64 = 1 << 30;

/// A soundfont whose first preset can play a keyboard piece.
pub(crate) struct Loaded {
    /// The name of that preset.
    pub(crate) preset_name: String,
    pub(crate) factory: Arc<dyn InstrumentFactory>,
}

/// Loads an SF2 file.
pub(crate) fn load(path: &Path) -> Result<Loaded, SoundError> {
    let read_error = |source| SoundError::Read { path: path.to_owned(), source };
    let metadata = std::fs::metadata(path).map_err(read_error)?;
    if !metadata.is_file() {
        // Opening a pipe would wait until something writes into it.
        return Err(Flaw::NotASoundFont("it is not a file".into()).at(path));
    }
    let size_bytes = metadata.len();
    if size_bytes > LARGEST_BYTES {
        return Err(SoundError::TooLarge { path: path.to_owned(), size_bytes, limit_bytes: LARGEST_BYTES });
    }
    let file = File::open(path).map_err(read_error)?;
    read(BufReader::with_capacity(1 << 16, file), size_bytes, path)
}

/// Loads an SF2 file that is in memory already; `name` stands in messages instead of a path.
pub(crate) fn from_bytes(bytes: &[u8], name: &str) -> Result<Loaded, SoundError> {
    read(Cursor::new(bytes), bytes.len() as u64, Path::new(name))
}

fn read(mut reader: impl Read + Seek, size_bytes: u64, path: &Path) -> Result<Loaded, SoundError> {
    check::structure(&mut reader, size_bytes).map_err(|flaw| flaw.at(path))?;
    reader.rewind().map_err(|source| SoundError::Read { path: path.to_owned(), source })?;
    // The checks above should leave nothing to panic about; a mistake in them must still not end
    // the program.
    let font = catch_unwind(AssertUnwindSafe(|| SoundFont::new(&mut reader)))
        .map_err(|_| Flaw::Damaged("its tables contradict each other".into()).at(path))?
        .map_err(|error| Flaw::Damaged(error.to_string()).at(path))?;
    let preset_name = playable::preset_name(&font).map_err(|flaw| flaw.at(path))?;
    Ok(Loaded { preset_name, factory: Arc::new(SoundFontFactory { font: Arc::new(font) }) })
}
