//! The files of a package, out of the archive that was fetched.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use tar::Archive;

use super::lists::Package;
use crate::fetching::sum;

/// The largest file of a package has a fifth of this.
pub(super) const LARGEST_FILE: u64 = 4 << 20;

/// How many entries of an archive are looked at, and how much is unpacked at most.
const MOST_ENTRIES: usize = 1000;
const LARGEST_ARCHIVE: u64 = 256 << 20;

/// The bytes of a package's files by name, all of them as they should be; or what is wrong. Nothing is written, and
/// the folders in the archive do not matter.
pub(super) fn unpacked(archive: &Path, package: &Package) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let found = wanted(archive, package).map_err(|error| format!("its archive is damaged: {error}"))?;
    for (name, expected) in &package.files {
        match found.get(name) {
            None => return Err(format!("{name} is missing")),
            Some(bytes) if sum(bytes) != *expected => return Err(format!("{name} is another file")),
            Some(_) => {}
        }
    }
    Ok(found)
}

fn wanted(archive: &Path, package: &Package) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let unzipped = GzDecoder::new(File::open(archive)?).take(LARGEST_ARCHIVE);
    let mut found = BTreeMap::new();
    let mut archive = Archive::new(unzipped);
    for entry in archive.entries()?.take(MOST_ENTRIES) {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        if !entry.header().entry_type().is_file() || !package.files.contains_key(name) {
            continue;
        }
        let mut bytes = Vec::new();
        entry.by_ref().take(LARGEST_FILE).read_to_end(&mut bytes)?;
        found.insert(name.to_owned(), bytes);
    }
    Ok(found)
}
