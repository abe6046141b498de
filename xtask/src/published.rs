//! Published models and sounds that are not in the repository.
//!
//! Packages of Python or npm carry them; a script of ours fetches them, checks them and puts what the app
//! reads into the app's data folder, once. Without one the app does without what needs it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::folders::Folders;
use crate::process::{run, step, succeeds};
use crate::tools;

/// What a script fetches.
pub struct Published {
    /// Its folder below the app's data folder, and what failures are remembered as.
    pub name: &'static str,
    /// Names another folder.
    pub variable: &'static str,
    /// The file that is there when all is.
    pub sign: &'static str,
    /// The script, which takes the folder.
    pub script: &'static str,
    /// What is fetched, what for, and how much.
    pub what: &'static str,
    /// What the app does without it.
    pub without: &'static str,
}

impl Published {
    /// Whether it is in its place.
    pub fn is_there(&self) -> bool {
        // The script moves the folder into its place, or writes this file, when all is there.
        self.place().is_some_and(|folder| folder.join(self.sign).is_file())
    }

    /// Where it is, or will be.
    pub fn place(&self) -> Option<PathBuf> {
        self.folder(&|name| std::env::var_os(name).filter(|v| !v.is_empty()))
    }

    /// Fetches the model if it is not there; goes on without if that fails.
    pub fn fetch_if_possible(&self, folders: &Folders) {
        let Some(folder) = self.place() else { return };
        if self.is_there() || tools::failed_before(folders, self.name) {
            return;
        }
        step(&format!("fetching {}", self.what));
        if let Err(error) = self.fetch_with_pip(folders, &folder) {
            eprintln!("  going on without, {}: {error:#}", self.without);
            tools::note_failure(folders, self.name);
        }
    }

    fn fetch_with_pip(&self, folders: &Folders, folder: &Path) -> Result<()> {
        let python = python(&["-m", "pip", "--version"]).context("there is no Python with pip")?;
        self.fetch(folders, python, folder)
    }

    /// Runs the script.
    pub fn fetch(&self, folders: &Folders, python: &str, folder: &Path) -> Result<()> {
        run(Command::new(python).arg(folders.root.join(self.script)).arg(folder))
    }

    /// Where the app looks for it: see `crates/application/src/folders.rs`.
    fn folder(&self, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
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
        path(self.variable).or_else(|| app().map(|app| app.join(self.name)))
    }
}

/// A Python that can do this.
pub fn python(asked: &[&str]) -> Option<&'static str> {
    ["python3", "python"].into_iter().find(|python| succeeds(Command::new(python).args(asked)))
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn the_folder_is_where_the_app_looks() {
        let model =
            Published { name: "encoder", variable: "ENCODER", sign: "", script: "", what: "", without: "" };
        let set = |pairs: &'static [(&str, &str)]| {
            model.folder(&|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()))
        };
        let expected = |path: &str| Some(PathBuf::from(path));
        assert_eq!(set(&[("ENCODER", "/enc"), ("HOME", "/h")]), expected("/enc"));
        assert_eq!(set(&[("ESPRESSIVO_DATA_HOME", "/d"), ("HOME", "/h")]), expected("/d/encoder"));
        if cfg!(target_os = "linux") {
            let home = set(&[("HOME", "/h")]);
            assert_eq!(home, expected("/h/.local/share/org.espressivo.studio/encoder"));
        }
        assert_eq!(set(&[]), None);
    }

    #[test]
    fn the_scripts_are_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for model in [crate::encoder::ENCODER, crate::transcriber::TRANSCRIBER, crate::piano::PIANO] {
            assert!(root.join(model.script).is_file(), "{}", model.script);
        }
    }
}
