//! The files of a wheel.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use zip::ZipArchive;

/// The largest file that is taken out has a quarter of this.
const LARGEST_FILE: u64 = 512 << 20;

/// A wheel that is open.
pub(super) type Wheel = ZipArchive<BufReader<File>>;

/// Opens a wheel; the error is what is wrong with it.
pub(super) fn open(path: &Path) -> Result<Wheel, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())
}

/// The bytes of a file of an archive by its path in it; the error is what is wrong.
pub(super) fn file<R: Read + Seek>(archive: &mut ZipArchive<R>, path: &str) -> Result<Vec<u8>, String> {
    let wrong = |why: String| format!("{path}: {why}");
    let entry = archive.by_name(path).map_err(|error| wrong(error.to_string()))?;
    let mut bytes = Vec::new();
    entry.take(LARGEST_FILE).read_to_end(&mut bytes).map_err(|error| wrong(error.to_string()))?;
    Ok(bytes)
}
