//! What is open, kept in the app's data folder, so that a start after a crash can open it again; and
//! what was only just being opened, so that it does not: it may be what ended the app.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::settings::{read_json, write_json};

/// How long a piece is open before it counts as harmless, unless it is worked on sooner.
pub const HARMLESS_AFTER: Duration = Duration::from_secs(30);

/// What is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastOpen {
    /// The open project's file; none after a proper end.
    pub project: Option<PathBuf>,
    /// What is being opened, or was only just opened.
    #[serde(default)]
    pub opening: Option<Opening>,
}

/// A file that is being opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// What people call it.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

impl LastOpen {
    /// What was open when the app last ended. It is forgotten at once.
    pub fn take(data_folder: &Path) -> Self {
        let (last, _): (Self, _) = read_json(&path(data_folder), "what was open");
        std::fs::remove_file(path(data_folder)).ok();
        last
    }

    /// The project that may be opened again: not the one that was only just being opened.
    pub fn harmless_project(&self) -> Option<&Path> {
        let is_suspect = |p: &PathBuf| self.opening.as_ref().is_some_and(|opening| opening.path == *p);
        self.project.as_ref().filter(|project| !is_suspect(project)).map(PathBuf::as_path)
    }

    /// Keeps it, or removes what was kept if nothing is open.
    pub fn keep(&self, data_folder: &Path) {
        if *self == Self::default() {
            std::fs::remove_file(path(data_folder)).ok();
        } else {
            // Only a convenience: the list of recent files leads to the project as well.
            write_json(&path(data_folder), self, "what is open").ok();
        }
    }
}

fn path(data_folder: &Path) -> PathBuf {
    data_folder.join("open.json")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_open_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let open = LastOpen { project: Some("/a.espressivo".into()), opening: None };
        open.keep(folder.path());
        assert_eq!(LastOpen::take(folder.path()), open);
        assert_eq!(LastOpen::take(folder.path()), LastOpen::default());
        open.keep(folder.path());
        LastOpen::default().keep(folder.path());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_was_being_opened_is_not_harmless_and_what_was_open_before_is() {
        let opening = |path: &str| Some(Opening { name: "B".into(), path: path.into() });
        let project = Some(PathBuf::from("/a.espressivo"));
        let open = LastOpen { project: project.clone(), opening: opening("/b.musicxml") };
        assert_eq!(open.harmless_project(), project.as_deref());
        let open = LastOpen { project, opening: opening("/a.espressivo") };
        assert_eq!(open.harmless_project(), None);
    }
}
