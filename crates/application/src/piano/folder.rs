//! The folder of the grand piano: what is in it already, and what is put into it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::lists::{LAST, Lists, Package, WHAT};
use super::unpack::LARGEST_FILE;
use crate::fetching::{FetchError, sum};
use crate::files::{self, FileError};

/// Makes the folder if need be, and sees to it that nothing is in it but what is put there, whole or cut off.
pub(super) fn prepare(folder: &Path, lists: &Lists) -> Result<(), FetchError> {
    let write = |source| FetchError::Write { what: WHAT, folder: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(write)?;
    files::sweep(folder);
    for entry in fs::read_dir(folder).map_err(write)? {
        let entry = entry.map_err(write)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = lists.packages.iter().any(|package| package.folder == name)
            || lists.texts.iter().any(|(text, _)| *text == name);
        let is_left = |package: &Package| name.starts_with(&prefix(package));
        if lists.packages.iter().any(is_left) {
            // Of a run that was cut off; one that cannot be removed is in nobody's way.
            fs::remove_dir_all(entry.path()).ok();
        } else if !is_ours && !name.starts_with('.') {
            return Err(FetchError::OtherFolder { what: WHAT, folder: folder.to_owned(), name });
        }
    }
    Ok(())
}

/// What the folder of a package is called until it is whole.
fn prefix(package: &Package) -> String {
    format!(".{}-", package.folder)
}

/// Whether a package's files are there as they should be, and no others.
pub(super) fn has(folder: &Path, package: &Package) -> bool {
    let place = folder.join(&package.folder);
    let is_right = |name: &str, expected: &str| {
        files::read(&place.join(name), LARGEST_FILE).is_ok_and(|bytes| sum(&bytes) == expected)
    };
    let count = fs::read_dir(&place).into_iter().flatten().count();
    count == package.files.len() && package.files.iter().all(|(name, expected)| is_right(name, expected))
}

/// Puts a package's files into its folder, which is there whole or not at all.
pub(super) fn put(folder: &Path, package: &Package, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let ready = tempfile::Builder::new().prefix(&prefix(package)).tempdir_in(folder)?;
    for (name, bytes) in files {
        fs::write(ready.path().join(name), bytes)?;
    }
    let place = folder.join(&package.folder);
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::rename(ready.path(), place)
}

/// The piano is not whole from now on, until the texts are put.
pub(super) fn begin(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(LAST)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes what lies beside the packages' folders, in order.
pub(super) fn put_texts(folder: &Path, lists: &Lists) -> io::Result<()> {
    for (name, text) in &lists.texts {
        files::replace(&folder.join(name), text.as_bytes()).map_err(|error| match error {
            FileError::System(error) => error,
            other => io::Error::other(other.to_string()),
        })?;
    }
    Ok(())
}
