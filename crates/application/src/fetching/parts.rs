//! Where an archive lies until it is used: beside the folder that it is for, so that what was stopped goes on.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::FetchError;
use crate::files;

/// What the folder is called, before the name of the other.
const PREFIX: &str = ".part-";

/// The file that is locked while somebody fetches.
const LOCK: &str = "lock";

/// The folder of archives that are on their way, and nobody else's while this is there.
pub(crate) struct Parts {
    folder: PathBuf,
    /// Ends with the process at the latest.
    _lock: File,
}

impl Parts {
    /// The folder of what is to go into another folder, beside that one.
    ///
    /// # Errors
    /// If it cannot be made, or somebody else fetches the same now.
    pub fn of(what: &'static str, folder: &Path) -> Result<Self, FetchError> {
        let write = |source| FetchError::Write { what, folder: folder.to_owned(), source };
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let parts = files::folder_of(folder).join(format!("{PREFIX}{name}"));
        fs::create_dir_all(&parts).map_err(write)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let lock = options.open(parts.join(LOCK)).map_err(write)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => Err(FetchError::Busy { what }),
            // Where files cannot be locked, two at a time spoil each other's archive, which its sum shows.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { folder: parts, _lock: lock }),
        }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All is used: removes it. What cannot be removed is in nobody's way.
    pub fn finish(self) {
        let Self { folder, _lock: lock } = self;
        // An open file keeps its folder on some systems.
        drop(lock);
        fs::remove_dir_all(folder).ok();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("models/encoder");
        let first = Parts::of("encoder", &folder).unwrap();
        assert!(matches!(Parts::of("encoder", &folder), Err(FetchError::Busy { .. })));
        fs::write(first.folder().join("a.whl"), b"half").unwrap();
        drop(first);
        let second = Parts::of("encoder", &folder).unwrap();
        assert_eq!(fs::read(second.folder().join("a.whl")).unwrap(), b"half", "it is kept");
        second.finish();
        assert_eq!(fs::read_dir(root.path().join("models")).unwrap().count(), 0);
    }
}
