//! The folder of a network: what may be in the way, and what is put there.

use std::fs;
use std::io;
use std::path::Path;

use super::kind::Network;
use crate::fetching::FetchError;
use crate::files;

/// The file that says what the folder holds.
const NOTICE: &str = "NOTICE";

/// How the names of folders begin that are not whole yet, before that of the folder.
const PREFIX: &str = ".new-";

/// Checks that a folder that would be replaced holds this network, whole or in parts, or nothing. Removes what runs
/// that were cut off have left beside it.
pub(super) fn check_is_ours(network: &Network, folder: &Path) -> Result<(), FetchError> {
    let other = |name: &str| FetchError::OtherFolder {
        what: network.package.what,
        folder: folder.to_owned(),
        name: name.to_owned(),
    };
    let begins = prefix(folder);
    for entry in fs::read_dir(files::folder_of(folder)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&begins) {
            // One that cannot be removed is in nobody's way.
            fs::remove_dir_all(entry.path()).ok();
        }
    }
    let Ok(entries) = fs::read_dir(folder) else {
        return if folder.exists() { Err(other("a file")) } else { Ok(()) };
    };
    let names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    if let Some(name) = names.iter().find(|name| *name != NOTICE && !network.names.contains(&name.as_str())) {
        return Err(other(name));
    }
    // Other networks have files of these names, too.
    let is_ours = fs::read(folder.join(NOTICE)).is_ok_and(|text| text == network.notice.as_bytes());
    if names.is_empty() || is_ours { Ok(()) } else { Err(other("another model")) }
}

/// Puts a network's files, in the order of its names, into a folder beside its place first: what is in its place is
/// whole.
pub(super) fn put(network: &Network, folder: &Path, contents: &[Vec<u8>]) -> Result<(), FetchError> {
    let put = || -> io::Result<()> {
        let parent = files::folder_of(folder);
        fs::create_dir_all(parent)?;
        let ready = tempfile::Builder::new().prefix(&prefix(folder)).tempdir_in(parent)?;
        fs::write(ready.path().join(NOTICE), network.notice)?;
        for (name, content) in network.names.iter().zip(contents) {
            fs::write(ready.path().join(name), content)?;
        }
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::rename(ready.path(), folder)
    };
    put().map_err(|source| FetchError::Write {
        what: network.package.what,
        folder: folder.to_owned(),
        source,
    })
}

fn prefix(folder: &Path) -> String {
    format!("{PREFIX}{}-", folder.file_name().unwrap_or_default().to_string_lossy())
}
