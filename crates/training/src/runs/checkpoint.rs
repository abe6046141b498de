//! A checkpoint is a folder that is replaced as a whole.
//!
//! To replace `X`, its successor is written to `X.new` and marked as complete, `X` is renamed to
//! `X.old`, `X.new` to `X`, and `X.old` is removed. If the process is killed at any moment, one complete
//! folder is left, and [`recover`] gives it its name back. Files are not forced onto the disk, so this
//! does not hold when the power fails.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An empty file that is written last.
const COMPLETE: &str = "complete";

/// The place of the checkpoint in the folder of a run.
pub fn folder_in(run: &Path) -> PathBuf {
    run.join("checkpoint")
}

/// Says whether there is a checkpoint at `folder`. If there is none there but a kill left one beside
/// it, that one is put in its place: the complete new one, else the old one.
///
/// # Errors
/// When a folder cannot be renamed.
pub fn recover(folder: &Path) -> Result<bool> {
    if folder.is_dir() {
        return Ok(true);
    }
    let (new, old) = (new(folder), old(folder));
    if new.join(COMPLETE).is_file() {
        rename(&new, folder)?;
    } else if old.is_dir() {
        rename(&old, folder)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// Replaces the checkpoint at `folder`, if there is one, by what `write` writes into the folder that it
/// is given.
///
/// # Errors
/// What `write` says, or when a folder cannot be created, renamed or removed. There is still a complete
/// checkpoint then if there was one before.
pub fn replace(folder: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    recover(folder)?;
    write_new(folder, write)?;
    set_old_aside(folder)?;
    put_new_in_place(folder)?;
    remove(&old(folder))
}

fn write_new(folder: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let new = new(folder);
    remove(&new)?;
    fs::create_dir_all(&new).with_context(|| format!("cannot create {}", new.display()))?;
    write(&new)?;
    write_file(&new.join(COMPLETE), &[])
}

fn set_old_aside(folder: &Path) -> Result<()> {
    let old = old(folder);
    remove(&old)?;
    if folder.exists() { rename(folder, &old) } else { Ok(()) }
}

fn put_new_in_place(folder: &Path) -> Result<()> {
    rename(&new(folder), folder)
}

fn new(folder: &Path) -> PathBuf {
    beside(folder, ".new")
}

fn old(folder: &Path) -> PathBuf {
    beside(folder, ".old")
}

fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("cannot rename {} to {}", from.display(), to.display()))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a value into a file of a checkpoint.
///
/// # Errors
/// When the file cannot be written.
pub fn write_json(folder: &Path, name: &str, value: &impl Serialize) -> Result<()> {
    write_file(&folder.join(name), &serde_json::to_vec_pretty(value)?)
}

/// Reads a value that [`write_json`] wrote.
///
/// # Errors
/// When the file is missing or holds another value.
pub fn read_json<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T> {
    let path = folder.join(name);
    let bytes = fs::read(&path).with_context(|| format!("the checkpoint has no {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
}

#[cfg(test)]
#[path = "checkpoint_tests.rs"]
mod tests;
