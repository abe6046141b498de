//! What a kill leaves beside a project file.
//!
//! SQLite writes the pages that it is about to change into a journal first and removes it when the
//! change is complete. A journal that was left over belongs to the file beside it: whoever next
//! opens that file for writing puts the old pages back. A reader may not do that, and a file that
//! takes the other's place must not have it done to it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error, ffi};
use tempfile::TempDir;

/// The journal of a project file.
pub fn of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push("-journal");
    name.into()
}

/// Whether a reader finds a change that was left half done, which only a writer can take back.
pub fn is_left_over(reader: &Connection) -> bool {
    let looked = reader.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    matches!(looked, Err(Error::SqliteFailure(e, _)) if e.extended_code == ffi::SQLITE_READONLY_ROLLBACK)
}

/// A copy of the file and its journal, to be opened for writing in the original's stead; it goes
/// away with the folder.
///
/// # Errors
/// What the system says.
pub fn copy_aside(path: &Path) -> io::Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.espressivo");
    fs::copy(path, &copy)?;
    fs::copy(of(path), of(&copy))?;
    // A copy of a file that cannot be written could not be written either.
    for file in [copy.clone(), of(&copy)] {
        let mut permissions = fs::metadata(&file)?.permissions();
        #[allow(clippy::permissions_set_readonly_false)]
        permissions.set_readonly(false);
        fs::set_permissions(file, permissions)?;
    }
    Ok((folder, copy))
}

/// Puts another file in the place of one that may have a journal, which must not be applied to the
/// new one. `roll_back` opens the old file for writing, so that it is whole in case nothing replaces
/// it after all; where that fails, the old file keeps its journal until `replace` has succeeded.
///
/// # Errors
/// What `replace` or the system says.
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
            // The new file is in its place; what is left of the old one under this name harms nobody.
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
