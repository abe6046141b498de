//! The folder in which sounds and what was heard in them stay.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use application::files;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::excerpt::{Excerpt, Wanted};
use super::instrument::Instrument;

/// What is written into the folder first.
const SETTINGS: &str = "settings.json";

/// Rises where excerpts or sounds are made otherwise than before.
const VERSION: u32 = 1;

/// A folder of excerpts that were chosen in one way.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// How an excerpt is played and treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// On which piano.
    pub instrument: Instrument,
    /// What is done to the sound.
    pub condition: Condition,
}

/// What excerpts depend on.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Settings {
    version: u32,
    split: String,
    seed: u64,
    secs: Option<f64>,
}

impl Folder {
    /// Opens a folder, or makes it. One that holds excerpts of another choice is refused; how many pieces there are
    /// does not matter.
    ///
    /// # Errors
    /// If it cannot be written or holds something else.
    pub fn open(path: &Path, wanted: &Wanted) -> Result<Self> {
        let settings =
            Settings { version: VERSION, split: wanted.split.clone(), seed: wanted.seed, secs: wanted.secs };
        fs::create_dir_all(path).with_context(|| format!("{}: cannot create this folder", path.display()))?;
        let folder = Self { path: path.to_owned() };
        let file = path.join(SETTINGS);
        match read_if_there::<Settings>(&file)? {
            Some(found) => {
                let shown = path.display();
                ensure!(
                    found == settings,
                    "{shown} holds sounds of other excerpts (see {SETTINGS} in it); name another folder with --out, \
                     or remove this one"
                );
            }
            None => write_json(&file, &settings)?,
        }
        Ok(folder)
    }

    /// A file of an excerpt; its folder is made.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn file(&self, excerpt: &Excerpt, place: Place, extension: &str) -> Result<PathBuf> {
        let folder = self.path.join(&excerpt.name);
        fs::create_dir_all(&folder)
            .with_context(|| format!("{}: cannot create this folder", folder.display()))?;
        let Place { instrument, condition } = place;
        Ok(folder.join(format!("{}-{}.{extension}", instrument.name(), condition.name())))
    }
}

/// Reads a file that this program wrote; none if there is none.
///
/// # Errors
/// If it is there and is something else.
pub fn read_if_there<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let found = serde_json::from_slice(&text);
    found.map(Some).with_context(|| format!("{} is not what it should be; remove it", path.display()))
}

/// Writes a file whole or not at all.
///
/// # Errors
/// If it cannot be written.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_vec(value)?;
    files::replace(path, &text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_other_excerpts_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let wanted =
            |count, secs| Wanted { data: PathBuf::new(), split: "test".to_owned(), count, secs, seed: 1 };
        let path = folder.path().join("new/runs");
        Folder::open(&path, &wanted(5, Some(60.0))).unwrap();
        Folder::open(&path, &wanted(20, Some(60.0))).unwrap();
        for other in [Some(30.0), None] {
            let error = Folder::open(&path, &wanted(5, other)).unwrap_err().to_string();
            assert!(error.contains("other excerpts"), "{error}");
        }
        fs::write(path.join(SETTINGS), "{").unwrap();
        assert!(Folder::open(&path, &wanted(5, Some(60.0))).is_err());
    }
}
