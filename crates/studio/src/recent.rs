//! Files opened before, the last one first, as JSON in the app's data folder.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use application::text::{counted, shown};
use protocol::{Message, RecentView};
use serde::{Deserialize, Serialize};

use crate::settings::{read_json, write_json};
use crate::untitled::EXTENSION;

/// Files that are remembered.
const MOST: usize = 20;

/// Files opened before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    files: Vec<Entry>,
    /// What was cleared since the app runs, and can be put back.
    #[serde(skip)]
    cleared: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    name: String,
    path: PathBuf,
    /// Seconds since 1970.
    opened: u64,
    is_untitled: bool,
}

impl Recent {
    /// Reads the list.
    pub fn load(data_folder: &Path) -> (Self, Option<Message>) {
        read_json(&list_path(data_folder), "the list of recent files")
    }

    /// Keeps the list.
    pub fn save(&self, data_folder: &Path) -> Result<(), Message> {
        write_json(&list_path(data_folder), self, "the list of recent files")
    }

    /// Puts a file first.
    pub fn add(&mut self, name: &str, path: &Path, is_untitled: bool) {
        if path.to_str().is_none() {
            // The list is JSON, and the face names files by text.
            return;
        }
        self.remove(path);
        let entry = Entry { name: name.to_owned(), path: path.to_owned(), opened: now(), is_untitled };
        self.files.insert(0, entry);
        // Work without a name is never forgotten: nothing else leads to it.
        let mut named = 0;
        self.files.retain(|entry| {
            named += usize::from(!entry.is_untitled);
            entry.is_untitled || named <= MOST
        });
    }

    /// Adds work without a name that is in its folder but not in the list: a list that was damaged
    /// loses no work. Before there is any, there is no folder; what the system does not let us look at is
    /// passed over.
    pub fn find_untitled(&mut self, folder: &Path) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else { continue };
            let is_project = path.extension().is_some_and(|e| e == EXTENSION) && metadata.len() > 0;
            if is_project && self.files.iter().all(|entry| entry.path != path) {
                let changed = metadata.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
                let opened = changed.map_or(0, |d| d.as_secs());
                self.files.push(Entry {
                    name: "Work without a name".into(),
                    path,
                    opened,
                    is_untitled: true,
                });
            }
        }
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &Path) {
        self.files.retain(|entry| entry.path != path);
    }

    /// Forgets the files that have a name of their own.
    pub fn clear(&mut self) {
        let (kept, cleared) =
            std::mem::take(&mut self.files).into_iter().partition(|e: &Entry| e.is_untitled);
        (self.files, self.cleared) = (kept, cleared);
    }

    /// Takes the last clearing back: what was opened since stays.
    pub fn restore(&mut self) {
        for entry in std::mem::take(&mut self.cleared) {
            if self.files.iter().all(|there| there.path != entry.path) {
                self.files.push(entry);
            }
        }
        self.files.sort_by_key(|entry| std::cmp::Reverse(entry.opened));
    }

    /// How many files [`Recent::restore`] puts back.
    pub fn cleared(&self) -> usize {
        self.cleared.len()
    }

    /// The folders that files of the list are in.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|entry| entry.path.parent())
    }

    /// The list for the start page.
    pub fn view(&self) -> Vec<RecentView> {
        let there = |entry: &&Entry| !entry.is_untitled || entry.path.is_file();
        let view = |entry: &Entry| RecentView {
            name: shown(&entry.name),
            path: entry.path.display().to_string(),
            when: ago(now().saturating_sub(entry.opened)),
            is_untitled: entry.is_untitled,
        };
        self.files.iter().filter(there).map(view).collect()
    }
}

fn list_path(data_folder: &Path) -> PathBuf {
    data_folder.join("recent.json")
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// How long ago, in words.
fn ago(secs: u64) -> String {
    let (minute, hour, day) = (60, 3600, 86_400);
    let count = |n: u64, unit: &str| format!("{} ago", counted(n as usize, unit, &format!("{unit}s")));
    match secs {
        s if s < minute => "just now".to_owned(),
        s if s < hour => count(s / minute, "minute"),
        s if s < day => count(s / hour, "hour"),
        s if s < 2 * day => "yesterday".to_owned(),
        s if s < 14 * day => count(s / day, "day"),
        s if s < 60 * day => count(s / (7 * day), "week"),
        s if s < 730 * day => count(s / (30 * day), "month"),
        s => count(s / (365 * day), "year"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cleared_comes_back() {
        let mut recent = Recent::default();
        recent.add("A", Path::new("/a.mxl"), false);
        recent.add("B", Path::new("/b.mxl"), false);
        let before: Vec<Entry> = recent.files.clone();
        recent.clear();
        assert_eq!((recent.files.len(), recent.cleared()), (0, 2));
        recent.add("B", Path::new("/b.mxl"), false);
        recent.restore();
        assert_eq!(recent.cleared(), 0);
        let paths = |entries: &[Entry]| entries.iter().map(|e| e.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&recent.files), paths(&before));
    }

    #[test]
    fn the_last_file_comes_first_and_untitled_work_is_never_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let untitled = folder.path().join("1.espressivo");
        std::fs::write(&untitled, b"").unwrap();
        let mut recent = Recent::default();
        recent.add("Work", &untitled, true);
        for k in 0..30 {
            recent.add(&format!("Piece {k}"), Path::new(&format!("/music/{k}.mid")), false);
        }
        recent.add("Piece 20", Path::new("/music/20.mid"), false);
        recent.save(folder.path()).unwrap();
        let view = Recent::load(folder.path()).0.view();
        assert_eq!(view.len(), MOST + 1);
        assert_eq!((view[0].name.as_str(), view[1].name.as_str()), ("Piece 20", "Piece 29"));
        assert!(view[MOST].is_untitled && view[MOST].when == "just now");
        recent.clear();
        assert_eq!(recent.view().len(), 1);
        let mut damaged = Recent::default();
        std::fs::write(&untitled, b"something").unwrap();
        damaged.find_untitled(folder.path());
        damaged.find_untitled(folder.path());
        assert_eq!(damaged.view().len(), 1);
        std::fs::remove_file(&untitled).unwrap();
        assert!(recent.view().is_empty(), "work that is gone is not offered");
    }

    #[test]
    fn times_are_told_in_words() {
        let told: Vec<String> =
            [5, 60, 7200, 90_000, 300_000, 2_000_000, 10_000_000, 100_000_000].into_iter().map(ago).collect();
        let expected = [
            "just now",
            "1 minute ago",
            "2 hours ago",
            "yesterday",
            "3 days ago",
            "3 weeks ago",
            "3 months ago",
        ];
        assert_eq!(told[..7], expected);
        assert_eq!(told[7], "3 years ago");
    }
}
