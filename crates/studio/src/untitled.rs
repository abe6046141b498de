//! Work that has no file of its own: pieces that were never saved under a name, and what a project
//! file cannot take for the moment.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use application::files;

use crate::document::Document;
use crate::history::History;
use crate::store::{Store, journal};

/// Extension of project files.
pub const EXTENSION: &str = "espressivo";

/// Where work without a name is kept.
pub fn folder(data_folder: &Path) -> PathBuf {
    data_folder.join("untitled")
}

/// Writes a project into a new file of that folder.
///
/// # Errors
/// In words.
pub fn create(data_folder: &Path, document: &Document, history: &History) -> Result<Store, String> {
    let folder = folder(data_folder);
    fs::create_dir_all(&folder).map_err(|e| files::plain(&e))?;
    let path = free_path(&folder);
    Store::create(&path, document, history).map_err(|error| {
        // Half a file is of no use to anybody.
        remove(&path);
        error.to_string()
    })
}

/// Removes a file of that folder. What cannot be removed is listed as work without a name at the next start.
pub fn remove(path: &Path) {
    fs::remove_file(path).ok();
    // There is one only after a kill.
    fs::remove_file(journal::of(path)).ok();
}

/// A whole copy of a project for as long as its own file cannot take it.
#[derive(Default)]
pub struct SafetyCopy {
    store: Option<Store>,
}

impl SafetyCopy {
    /// Writes the project as it is now into the copy.
    ///
    /// # Errors
    /// In words; then there is no copy.
    pub fn keep(&mut self, data_folder: &Path, document: &Document, history: &History) -> Result<(), String> {
        if let Some(store) = &mut self.store
            && store.rewrite(document, history).is_ok()
        {
            return Ok(());
        }
        // The old copy stays until there is a new one: it is better than none.
        let store = create(data_folder, document, history)?;
        self.discard();
        self.store = Some(store);
        Ok(())
    }

    /// Where the copy is, if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.store.as_ref().map(Store::path)
    }

    /// Removes the copy.
    pub fn discard(&mut self) {
        if let Some(store) = self.store.take() {
            let path = store.path().to_owned();
            drop(store);
            remove(&path);
        }
    }
}

fn free_path(folder: &Path) -> PathBuf {
    let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let name = |k: u32| folder.join(format!("{secs}-{}-{k}.{EXTENSION}", std::process::id()));
    (0..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0))
}
