//! What is open, kept in the app's data folder, so that a start after a crash can open it again; and
//! what was only just being opened, so that it does not: it may be what ended the app.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::lock::Lock;
use crate::settings::{read_json, write_json};

/// How long a piece is open before it counts as harmless, unless it is worked on sooner.
pub const HARMLESS_AFTER: Duration = Duration::from_secs(30);

/// What is open in a window.
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

/// What is kept: the first window as it was kept when there was only one, then the others.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    first: LastOpen,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<LastOpen>,
}

impl LastOpen {
    /// A project that counts as harmless.
    pub fn of(project: PathBuf) -> Self {
        Self { project: Some(project), opening: None }
    }

    /// The right to keep what is open, which one program at a time has; none if another one has it.
    pub fn lock(data_folder: &Path) -> Option<Lock> {
        Lock::take(data_folder, &path(data_folder)).ok()
    }

    /// What was open in each window when the app last ended. It is forgotten at once.
    pub fn take(data_folder: &Path) -> Vec<Self> {
        // If it is damaged nothing comes back by itself; the list of recent files leads to all projects.
        let (kept, _): (Kept, _) = read_json(&path(data_folder), "what was open");
        // It may not be there. What cannot be removed is replaced as soon as something is opened.
        std::fs::remove_file(path(data_folder)).ok();
        std::iter::once(kept.first).chain(kept.others).filter(|one| *one != Self::default()).collect()
    }

    /// The projects that may be opened again: none that was only just being opened, in whatever window.
    pub fn harmless_projects(all: &[Self]) -> impl Iterator<Item = &Path> {
        let is_suspect =
            |path: &Path| all.iter().filter_map(|one| one.opening.as_ref()).any(|it| it.path == path);
        all.iter().filter_map(|one| one.project.as_deref()).filter(move |path| !is_suspect(path))
    }

    /// Keeps what is open in each window, or removes what was kept if nothing is.
    pub fn keep(all: impl Iterator<Item = Self>, data_folder: &Path) {
        let mut open = all.filter(|one| *one != Self::default());
        match open.next() {
            // Before anything was open there is none. Where it stays, the project is opened once more.
            None => drop(std::fs::remove_file(path(data_folder))),
            Some(first) => {
                let kept = Kept { first, others: open.collect() };
                // Only a convenience: the list of recent files leads to the projects as well.
                write_json(&path(data_folder), &kept, "what is open").ok();
            }
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

    fn opening(path: &str) -> Option<Opening> {
        Some(Opening { name: "B".into(), path: path.into() })
    }

    #[test]
    fn what_was_open_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let keep = |all: &[LastOpen]| LastOpen::keep(all.iter().cloned(), folder.path());
        let open = [LastOpen::of("/a.espressivo".into()), LastOpen { project: None, opening: opening("/b") }];
        keep(&[open[0].clone(), LastOpen::default(), open[1].clone()]);
        assert_eq!(LastOpen::take(folder.path()), open);
        assert_eq!(LastOpen::take(folder.path()), []);
        keep(&open);
        keep(&[LastOpen::default()]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_an_older_version_kept_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let kept = r#"{ "project": "/a.espressivo", "opening": null }"#;
        std::fs::write(path(folder.path()), kept).unwrap();
        assert_eq!(LastOpen::take(folder.path()), [LastOpen::of("/a.espressivo".into())]);
    }

    #[test]
    fn what_was_being_opened_is_not_harmless_and_what_was_open_before_is() {
        let harmless =
            |all: &[LastOpen]| LastOpen::harmless_projects(all).map(Path::to_owned).collect::<Vec<PathBuf>>();
        let project = Some(PathBuf::from("/a.espressivo"));
        let open = LastOpen { project: project.clone(), opening: opening("/b.musicxml") };
        assert_eq!(harmless(&[open]), [PathBuf::from("/a.espressivo")]);
        let suspect = LastOpen { project, opening: opening("/a.espressivo") };
        assert!(harmless(std::slice::from_ref(&suspect)).is_empty());
        // Another window's is not touched by it.
        assert_eq!(harmless(&[suspect, LastOpen::of("/c".into())]), [PathBuf::from("/c")]);
    }
}
