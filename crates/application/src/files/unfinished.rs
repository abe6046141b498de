//! Files that are being written: removed when the program is stopped, and at the next writing in their
//! folder if it was killed.
//!
//! A file that somebody writes is locked through the operating system, and the lock ends with the
//! process. So a file of our name that nobody holds was left by a kill.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::NamedTempFile;

/// How the names of unfinished files begin.
pub(super) const PREFIX: &str = ".espressivo-";

/// How the names of those end that are locked while they are written.
const LOCKED: &str = ".part";

/// How those end that cannot be locked, since SQLite writes them, with what SQLite puts beside them.
const UNLOCKED: [&str; 2] = [".project", ".project-journal"];

/// Those are left by a kill if nobody has written into them for so long.
const LEFT_AFTER: Duration = Duration::from_secs(3600);

/// The files that this process writes now.
static WRITTEN_NOW: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file that this process writes, as long as the value is there.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
    /// Holds the lock, which ends when the file is closed everywhere.
    _file: Option<File>,
}

impl Unfinished {
    pub(super) fn of(temporary: &NamedTempFile) -> Self {
        let path = temporary.path().to_owned();
        WRITTEN_NOW.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        // Where files cannot be locked, a part of another process may be swept away; then its writing
        // fails with a message.
        let file = temporary.as_file().try_clone().ok().filter(|file| file.try_lock().is_ok());
        Self { path, _file: file }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        WRITTEN_NOW.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| *path != self.path);
    }
}

/// Removes the files that this process is writing: it is about to end.
pub fn remove_all() {
    for path in WRITTEN_NOW.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // What stays goes with the next sweep.
        fs::remove_file(path).ok();
    }
}

/// Removes what kills have left of our files in a folder. What cannot be removed stays.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        let path = entry.path();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_left(name, &path).unwrap_or(false) {
            fs::remove_file(path).ok();
        }
    }
}

fn is_left(name: &str, path: &Path) -> io::Result<bool> {
    if name.ends_with(LOCKED) {
        return Ok(File::options().read(true).write(true).open(path)?.try_lock().is_ok());
    }
    let age = fs::metadata(path)?.modified()?.elapsed().unwrap_or_default();
    Ok(UNLOCKED.iter().any(|ending| name.ends_with(ending)) && age > LEFT_AFTER)
}
