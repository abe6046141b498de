//! What a kill leaves beside a project file.
//!
//! SQLite writes the pages that it is about to change into a journal first and removes it when the
//! change is complete. A journal that was left over belongs to the file beside it: whoever next
//! opens that file for writing puts the old pages back. A reader may not do that, and a file that
//! takes the other's place must not have it done to it.
//!
//! SQLite takes every journal of the right name for the file's own, though files may be renamed and
//! copied without theirs. So both states are read, the one that the journal leads back to and the one
//! without it, and the stamps of the project show whether one came of the other.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error, OpenFlags, ffi};
use tempfile::TempDir;

use super::contents::Saved;
use super::error::StoreError;
pub use super::paths::journal_of as of;
use super::paths::{self, wal_of};
use super::reading::{connect, read};

/// What lies beside a project file.
pub(super) enum Beside {
    /// Nothing that has to be taken care of.
    Nothing,
    /// A change of this file that was left half done, and the project without it.
    HalfDone(Box<Saved>),
    /// The journal of another file, at this path, and the project without it.
    Foreign(PathBuf, Box<Saved>),
}

/// Looks at what lies beside a file, without changing anything.
pub(super) fn beside(path: &Path) -> Result<Beside, StoreError> {
    let failed = |error: io::Error| StoreError::Open { path: path.into(), why: error.to_string() };
    // Project files keep no write-ahead log.
    if wal_of(path).exists() && !has_wal(path).map_err(failed)? {
        return Ok(Beside::Foreign(wal_of(path), Box::new(read_copy(path, false)?)));
    }
    if !is_left_over(&connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?) {
        return Ok(Beside::Nothing);
    }
    let (before, after) = (read_copy(path, true), read_copy(path, false));
    match (before, after) {
        (Ok(before), Ok(after)) if !came_of(&after, &before) => Ok(Beside::Foreign(of(path), after.into())),
        (Err(_), Ok(after)) => Ok(Beside::Foreign(of(path), after.into())),
        (before, _) => Ok(Beside::HalfDone(before?.into())),
    }
}

/// Puts something that is not the file's own out of the way; where it is then.
pub(super) fn set_aside(strange: &Path) -> io::Result<PathBuf> {
    let name = |k: u32| paths::with_suffix(strange, &format!("-of-another-file-{k}"));
    let aside = (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0));
    fs::rename(strange, &aside)?;
    Ok(aside)
}

/// Whether a file has a write-ahead log, according to its header.
fn has_wal(path: &Path) -> io::Result<bool> {
    const VERSIONS: usize = 18;
    let mut header = Vec::new();
    fs::File::open(path)?.take(VERSIONS as u64 + 2).read_to_end(&mut header)?;
    Ok(header.get(VERSIONS..) == Some(&[2, 2]))
}

/// Whether a reader finds a change that was left half done, which only a writer can take back.
fn is_left_over(reader: &Connection) -> bool {
    let looked = reader.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    matches!(looked, Err(Error::SqliteFailure(e, _)) if e.extended_code == ffi::SQLITE_READONLY_ROLLBACK)
}

/// Whether one state is the other or the next after it. Files of older formats have no stamps, but the
/// score's file never changes.
fn came_of(after: &Saved, before: &Saved) -> bool {
    match (after.stamps, before.stamps) {
        (Some(after), Some(before)) => before.now == after.now || before.now == after.before,
        _ => after.document.source == before.document.source,
    }
}

/// Reads a copy of the file, with or without its journal.
fn read_copy(path: &Path, with_journal: bool) -> Result<Saved, StoreError> {
    let failed = |error: io::Error| StoreError::Open { path: path.into(), why: error.to_string() };
    let (_folder, copy) = copy_aside(path, with_journal).map_err(failed)?;
    read(path, &mut connect(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?)
}

/// A copy of the file, to be opened for writing in the original's stead; it goes away with the folder.
fn copy_aside(path: &Path, with_journal: bool) -> io::Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.espressivo");
    let mut files = vec![(path.to_owned(), copy.clone())];
    if with_journal {
        files.push((of(path), of(&copy)));
    }
    for (from, to) in files {
        fs::copy(from, &to)?;
        // A copy of a file that cannot be written could not be written either.
        let mut permissions = fs::metadata(&to)?.permissions();
        #[allow(clippy::permissions_set_readonly_false)]
        permissions.set_readonly(false);
        fs::set_permissions(to, permissions)?;
    }
    Ok((folder, copy))
}

/// Puts another file in the place of one that may have a journal, which must not be applied to the
/// new one. `roll_back` opens the old file for writing, so that it is whole in case nothing replaces
/// it after all; where that fails, the old file keeps its journal until `replace` has succeeded.
///
/// # Errors
/// The error of `replace` or of the system.
pub fn replace(
    path: &Path,
    roll_back: impl FnOnce(&Path),
    replace: impl FnOnce() -> io::Result<()>,
) -> io::Result<()> {
    let journal = of(path);
    if journal.exists() {
        roll_back(path);
    }
    if !journal.exists() {
        return replace();
    }
    let mut aside = OsString::from(&journal);
    aside.push("-aside");
    fs::rename(&journal, &aside)?;
    match replace() {
        Ok(()) => {
            // The new file is in its place; what is left of the old one under this name does no harm.
            fs::remove_file(aside).ok();
            Ok(())
        }
        Err(error) => {
            fs::rename(aside, journal)?;
            Err(error)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_that_cannot_be_applied_goes_only_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.espressivo");
        fs::write(&path, "half").unwrap();
        fs::write(of(&path), "pages").unwrap();
        let fails = || {
            assert!(!of(&path).exists(), "it must not meet the new file");
            Err(io::Error::other("the disk is full"))
        };
        assert!(replace(&path, |_| {}, fails).is_err());
        assert_eq!(fs::read_to_string(of(&path)).unwrap(), "pages");
        replace(&path, |_| {}, || fs::write(&path, "new")).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(left, ["old.espressivo"]);
    }
}
