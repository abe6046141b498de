//! Where an open project is kept, and what is said when keeping it fails.
//!
//! A failure never loses work: it stays in memory, it is said once, and the whole project is
//! written again as soon as that works.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use application::files;
use protocol::{Level, Message};

use crate::document::Document;
use crate::history::{History, Step};
use crate::lock::Lock;
use crate::store::journal;
use crate::store::{Saved, Store, StoreError};

/// Extension of project files.
pub const EXTENSION: &str = "espressivo";

/// Where a project is kept.
pub struct ProjectFile {
    /// Its file; none if there is not even room for that.
    path: Option<PathBuf>,
    is_untitled: bool,
    store: Option<Store>,
    read_only: Option<String>,
    /// Whether the file lacks something.
    is_behind: bool,
    _lock: Option<Lock>,
}

impl ProjectFile {
    /// Keeps a new project in the data folder. If that fails it is only in memory, which is said.
    pub fn untitled(data_folder: &Path, document: &Document, history: &History) -> (Self, Option<Message>) {
        let mut file = Self {
            path: None,
            is_untitled: true,
            store: None,
            read_only: None,
            is_behind: true,
            _lock: None,
        };
        let folder = untitled_folder(data_folder);
        let created = fs::create_dir_all(&folder)
            .map_err(|e| files::plain(&e))
            .and_then(|()| Store::create(&free_path(&folder), document, history).map_err(|e| e.to_string()));
        match created {
            Ok(store) => {
                file.path = Some(store.path().to_owned());
                file._lock = Lock::take(data_folder, store.path()).ok();
                file.store = Some(store);
                file.is_behind = false;
                (file, None)
            }
            Err(why) => {
                let text = format!("this work is kept in memory only ({why}); save it under a name");
                (file, Some(Message { level: Level::Error, text }))
            }
        }
    }

    /// Opens a project file, for reading only where it cannot be written.
    pub fn open(data_folder: &Path, path: &Path) -> Result<(Self, Saved), StoreError> {
        let (mut lock, mut read_only) = (None, None);
        match Lock::take(data_folder, path) {
            Ok(taken) => lock = Some(taken),
            Err(taken) => read_only = Some(format!("it is open in {}", taken.by)),
        }
        if fs::metadata(path).is_ok_and(|m| m.permissions().readonly()) {
            read_only.get_or_insert_with(|| "the file is read-only".to_owned());
        }
        let mut store = None;
        let saved = if read_only.is_some() {
            Store::read_only(path)?
        } else {
            match Store::open(path) {
                Ok((opened, saved)) => {
                    store = Some(opened);
                    saved
                }
                Err(StoreError::Write { why, .. }) => {
                    read_only = Some(format!("the file cannot be written ({why})"));
                    Store::read_only(path)?
                }
                // Full already: open, and keep what comes in memory.
                Err(StoreError::Full { .. }) => Store::read_only(path)?,
                Err(error) => return Err(error),
            }
        };
        let is_behind = store.is_none();
        let is_untitled = path.parent() == Some(&untitled_folder(data_folder));
        let path = Some(path.to_owned());
        Ok((Self { path, is_untitled, store, read_only, is_behind, _lock: lock }, saved))
    }

    /// Saves the project under another name, from memory, and keeps it there from now on.
    pub fn save_as(
        &mut self,
        data_folder: &Path,
        path: &Path,
        document: &Document,
        history: &History,
    ) -> Result<(), String> {
        let same = |a: &Path| fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(path).is_ok_and(|b| a == b));
        if self.path.as_deref().is_some_and(same) {
            return match &self.read_only {
                Some(why) => Err(format!("{why}; choose another name")),
                None => self.rewrite(document, history).map_err(|e| e.to_string()),
            };
        }
        files::check_target(path).map_err(|e| e.to_string())?;
        let lock = Lock::take(data_folder, path).map_err(|taken| format!("it is open in {}", taken.by))?;
        let temporary = files::temporary_beside(path).map_err(|e| files::plain(&e))?.into_temp_path();
        // SQLite makes the file itself.
        fs::remove_file(&temporary).map_err(|e| files::plain(&e))?;
        Store::create(&temporary, document, history).map(drop).map_err(|e| e.to_string())?;
        // Else what a kill left of the old file would be put back into the new one.
        let persist = || temporary.persist(path).map_err(|e| e.error);
        journal::replace(path, |old| drop(Store::open(old)), persist).map_err(|e| files::plain(&e))?;
        files::sync_folder(path);
        let (store, _) = Store::open(path).map_err(|e| e.to_string())?;
        self.discard_untitled();
        *self = Self {
            path: Some(path.to_owned()),
            is_untitled: false,
            store: Some(store),
            read_only: None,
            is_behind: false,
            _lock: Some(lock),
        };
        Ok(())
    }

    /// Removes the file of work that never got a name.
    pub fn discard_untitled(&mut self) {
        self.store = None;
        if let (true, Some(path)) = (self.is_untitled, self.path.take()) {
            fs::remove_file(path).ok();
        }
    }

    /// Keeps a step that was done.
    pub fn pushed(&mut self, document: &Document, history: &History, step: &Step) -> Option<Message> {
        self.write(document, history, |store| store.push(document, history, step))
    }

    /// Keeps that a step was undone or redone.
    pub fn moved(&mut self, document: &Document, history: &History, step: &Step) -> Option<Message> {
        self.write(document, history, |store| store.moved(document, history, step))
    }

    /// Keeps how the window looks.
    pub fn looked(&mut self, document: &Document, history: &History) -> Option<Message> {
        self.write(document, history, |store| store.looked(document, history))
    }

    /// Tries again to write what could not be written.
    pub fn retry(&mut self, document: &Document, history: &History) -> Option<Message> {
        if self.is_behind { self.write(document, history, |_| Ok(())) } else { None }
    }

    fn write(
        &mut self,
        document: &Document,
        history: &History,
        write: impl FnOnce(&mut Store) -> Result<(), StoreError>,
    ) -> Option<Message> {
        if self.read_only.is_some() {
            return None;
        }
        if self.is_behind {
            self.reopen();
            let result = self.rewrite(document, history);
            let text = "the project file is complete again".to_owned();
            return result.is_ok().then_some(Message { level: Level::Info, text });
        }
        let error = write(self.store.as_mut()?).err()?;
        self.is_behind = true;
        if let StoreError::ChangedElsewhere { .. } = error {
            self.read_only = Some("another program has changed the file".to_owned());
        }
        Some(Message { level: Level::Error, text: error.to_string() })
    }

    /// A file that could not be opened for writing before, because the disk was full.
    fn reopen(&mut self) {
        if let (None, Some(path)) = (&self.store, &self.path) {
            self.store = Store::open(path).ok().map(|(store, _)| store);
        }
    }

    fn rewrite(&mut self, document: &Document, history: &History) -> Result<(), StoreError> {
        let path = self.path.clone().unwrap_or_default();
        let store = self.store.as_mut().ok_or(StoreError::Full { path })?;
        store.rewrite(document, history)?;
        self.is_behind = false;
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// Its file.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The file that a person knows of.
    pub fn named_path(&self) -> Option<&Path> {
        self.path().filter(|_| !self.is_untitled)
    }

    /// Whether it has no name yet.
    pub fn is_untitled(&self) -> bool {
        self.is_untitled
    }

    /// Why it cannot be changed.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// Whether something is in memory only.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }
}

/// Where work without a name is kept.
pub fn untitled_folder(data_folder: &Path) -> PathBuf {
    data_folder.join("untitled")
}

fn free_path(folder: &Path) -> PathBuf {
    let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let name = |k: u32| folder.join(format!("{secs}-{}-{k}.{EXTENSION}", std::process::id()));
    (0..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0))
}
