//! The files that belong to a project file: itself, and what SQLite reads beside it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use application::files;

use super::error::StoreError;

/// The journal of a project file. SQLite follows links and keeps it beside the file that they lead to.
pub fn journal_of(path: &Path) -> PathBuf {
    with_suffix(&files::behind_link(path), "-journal")
}

/// The write-ahead log that SQLite looks for beside a file.
pub(super) fn wal_of(path: &Path) -> PathBuf {
    with_suffix(&files::behind_link(path), "-wal")
}

/// A path with something after its last letter.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Checks that the file, and what SQLite reads beside it, are ordinary files: SQLite would wait at a pipe.
///
/// # Errors
/// If one of them is something else, or there is no file.
pub(super) fn check_are_files(path: &Path) -> Result<(), StoreError> {
    let open = |why: String| StoreError::Open { path: path.to_owned(), why };
    files::check_is_file(path).map_err(|why| open(why.to_string()))?;
    for beside in [journal_of(path), wal_of(path)].into_iter().filter(|beside| beside.exists()) {
        files::check_is_file(&beside).map_err(|why| open(format!("{}: {why}", beside.display())))?;
    }
    Ok(())
}
