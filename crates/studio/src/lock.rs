//! One window a project: a lock that names the process that has it open.
//!
//! Locks are files in the app's data folder, named after the project's path, and held through the
//! operating system. So a read-only folder gets no litter, and a window that was killed holds
//! nothing.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use application::files::real;

/// A project that is open here.
#[derive(Debug)]
pub struct Lock {
    file: Option<File>,
}

/// Another window or program has the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldElsewhere {
    /// By whom, in words.
    pub by: String,
}

impl Lock {
    /// Takes the lock of a project. Where locks cannot be kept at all, this always succeeds: SQLite
    /// still keeps the file whole.
    pub fn take(data_folder: &Path, project: &Path) -> Result<Self, HeldElsewhere> {
        let file = open(&lock_path(data_folder, project));
        let Some(mut file) = file else { return Ok(Self { file: None }) };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let mut by = String::new();
                // Only for the message: where it cannot be read, some other window has the project.
                file.read_to_string(&mut by).ok();
                let by = by.trim();
                let by = if by.is_empty() { "another window" } else { by };
                Err(HeldElsewhere { by: by.to_owned() })
            }
            Err(TryLockError::Error(_)) => Ok(Self { file: None }),
            Ok(()) => {
                // Only for the message that another one gets; the lock is the system's.
                file.set_len(0).ok();
                writeln!(file, "another window of Espressivo (process {})", std::process::id()).ok();
                Ok(Self { file: Some(file) })
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The file stays: removing it would let two others lock two files of one name.
        if let Some(file) = self.file.take() {
            // What cannot be done here the system does when the file is closed.
            file.set_len(0).ok();
            file.unlock().ok();
        }
    }
}

fn lock_path(data_folder: &Path, project: &Path) -> PathBuf {
    // A project that is about to be saved is not there yet and is to have the same lock then.
    let project = real(project);
    let mut hasher = DefaultHasher::new();
    project.hash(&mut hasher);
    data_folder.join("locks").join(format!("{:016x}.lock", hasher.finish()))
}

/// The file of a lock; none where there cannot be one, see [`Lock::take`].
fn open(path: &Path) -> Option<File> {
    fs::create_dir_all(path.parent()?).ok()?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_second_window_hears_who_was_first_and_a_lock_ends_with_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("a.espressivo");
        fs::write(&project, b"x").unwrap();
        let first = Lock::take(folder.path(), &project).unwrap();
        let taken = Lock::take(folder.path(), &project).unwrap_err();
        assert!(taken.by.contains(&std::process::id().to_string()), "{taken:?}");
        Lock::take(folder.path(), &folder.path().join("b.espressivo")).unwrap();
        drop(first);
        Lock::take(folder.path(), &project).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_project_has_the_same_lock_before_and_after_it_is_there_and_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let saved = Lock::take(folder.path(), &link.join("a.espressivo")).unwrap();
        fs::write(real.join("a.espressivo"), b"x").unwrap();
        for place in [&real, &link] {
            assert!(Lock::take(folder.path(), &place.join("a.espressivo")).is_err(), "{place:?}");
        }
        drop(saved);
    }
}
