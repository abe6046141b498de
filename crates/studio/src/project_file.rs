//! Where an open project is kept, and which messages there are when that fails.
//!
//! A failure never loses work. It is reported once; every step is kept in a copy in the data folder, or in
//! memory where there is no room for that either; and the whole project is written again as soon as
//! that works.

use std::fs;
use std::path::{Path, PathBuf};

use application::files;
use protocol::{Level, Message};

use crate::document::Document;
use crate::history::{History, Step};
use crate::lock::Lock;
use crate::store::journal;
use crate::store::{Saved, Store, StoreError};
use crate::untitled::{self, SafetyCopy};

/// Where a project is kept.
pub struct ProjectFile {
    data_folder: PathBuf,
    /// Its file; none if there is not even room for that.
    path: Option<PathBuf>,
    is_untitled: bool,
    store: Option<Store>,
    read_only: Option<String>,
    /// Whether the file lacks something.
    is_behind: bool,
    /// What the file lacks, if that is a step.
    meanwhile: SafetyCopy,
    /// Whether there are steps that are in no file at all.
    is_in_memory_only: bool,
    _lock: Option<Lock>,
}

impl ProjectFile {
    /// Keeps a new project in the data folder. If that fails it is only in memory, which is reported.
    pub fn untitled(data_folder: &Path, document: &Document, history: &History) -> (Self, Option<Message>) {
        let created = untitled::create(data_folder, document, history);
        let (store, message) = match created {
            Ok(store) => (Some(store), None),
            Err(why) => {
                let text = format!("this work is kept in memory only ({why}); save it under a name");
                (None, Some(Message { level: Level::Error, text }))
            }
        };
        let path = store.as_ref().map(|store| store.path().to_owned());
        // No other process has opened a file that has just been made.
        let lock = path.as_deref().and_then(|path| Lock::take(data_folder, path).ok());
        (Self { is_untitled: true, path, ..Self::of(data_folder, store, lock) }, message)
    }

    /// A file that has a name and, with a store, everything.
    fn of(data_folder: &Path, store: Option<Store>, lock: Option<Lock>) -> Self {
        Self {
            data_folder: data_folder.to_owned(),
            path: store.as_ref().map(|store| store.path().to_owned()),
            is_untitled: false,
            read_only: None,
            is_behind: store.is_none(),
            store,
            meanwhile: SafetyCopy::default(),
            is_in_memory_only: false,
            _lock: lock,
        }
    }

    /// Opens a project file, for reading only where it cannot be written. On a full disk it can be
    /// changed all the same; see [`Self::is_behind`].
    pub fn open(data_folder: &Path, path: &Path) -> Result<(Self, Saved), StoreError> {
        Self::open_with(data_folder, path, Store::open)
    }

    /// The same with another way to open the file for writing.
    pub(crate) fn open_with(
        data_folder: &Path,
        path: &Path,
        open: impl FnOnce(&Path) -> Result<(Store, Saved), StoreError>,
    ) -> Result<(Self, Saved), StoreError> {
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
            match open(path) {
                Ok((opened, saved)) => {
                    store = Some(opened);
                    saved
                }
                Err(StoreError::Write { why, .. }) => {
                    read_only = Some(format!("the file cannot be written ({why})"));
                    Store::read_only(path)?
                }
                // Full already: what comes is kept elsewhere until there is room.
                Err(StoreError::Full { .. }) => Store::read_only(path)?,
                Err(error) => return Err(error),
            }
        };
        let is_untitled = path.parent() == Some(&untitled::folder(data_folder));
        let path = Some(path.to_owned());
        Ok((Self { path, is_untitled, read_only, ..Self::of(data_folder, store, lock) }, saved))
    }

    /// Saves the project under another name, from memory, and keeps it there from now on.
    pub fn save_as(&mut self, path: &Path, document: &Document, history: &History) -> Result<(), String> {
        let same = |a: &Path| fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(path).is_ok_and(|b| a == b));
        if self.path.as_deref().is_some_and(same) {
            return match &self.read_only {
                Some(why) => Err(format!("{why}; choose another name")),
                None => self.rewrite(document, history).map_err(|e| e.to_string()),
            };
        }
        files::check_target(path).map_err(|e| e.to_string())?;
        // A link stays a link.
        let target = files::behind_link(path);
        let lock =
            Lock::take(&self.data_folder, path).map_err(|taken| format!("it is open in {}", taken.by))?;
        let temporary =
            files::temporary_beside(&target, "project").map_err(|e| files::plain(&e))?.into_temp_path();
        // SQLite makes the file itself.
        fs::remove_file(&temporary).map_err(|e| files::plain(&e))?;
        Store::create(&temporary, document, history).map(drop).map_err(|e| e.to_string())?;
        if let Ok(old) = fs::metadata(&target) {
            fs::set_permissions(&temporary, old.permissions()).map_err(|e| files::plain(&e))?;
        }
        // Else what a kill left of the old file would be put back into the new one. An old file that cannot
        // be opened is replaced all the same.
        let persist = || temporary.persist(&target).map_err(|e| e.error);
        journal::replace(&target, |old| drop(Store::open(old)), persist).map_err(|e| files::plain(&e))?;
        files::sync_folder(&target);
        let (store, _) = Store::open(path).map_err(|e| e.to_string())?;
        self.discard_untitled();
        self.meanwhile.discard();
        *self = Self::of(&self.data_folder, Some(store), Some(lock));
        Ok(())
    }

    /// Removes the file of work that never got a name.
    pub fn discard_untitled(&mut self) {
        self.store = None;
        if let (true, Some(path)) = (self.is_untitled, self.path.take()) {
            untitled::remove(&path);
        }
    }

    /// Keeps a step that was done.
    pub fn pushed(&mut self, document: &Document, history: &History, step: &Step) -> Option<Message> {
        let message = self.write(document, history, |store| store.push(document, history, step));
        self.keep_meanwhile(document, history, message)
    }

    /// Keeps that a step was undone or redone.
    pub fn moved(&mut self, document: &Document, history: &History, step: &Step) -> Option<Message> {
        let message = self.write(document, history, |store| store.moved(document, history, step));
        self.keep_meanwhile(document, history, message)
    }

    /// Writes the view.
    pub fn view_changed(&mut self, document: &Document, history: &History) -> Option<Message> {
        self.write(document, history, |store| store.view_changed(document, history))
    }

    /// Tries again to write what could not be written.
    pub fn retry(&mut self, document: &Document, history: &History) -> Option<Message> {
        if !self.is_behind {
            return None;
        }
        let message = self.write(document, history, |_| Ok(()));
        if self.is_in_memory_only { self.keep_meanwhile(document, history, message) } else { message }
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

    /// After a step: keeps a copy elsewhere if the file lacks it, and returns a message of where the
    /// work is when that is new.
    fn keep_meanwhile(
        &mut self,
        document: &Document,
        history: &History,
        message: Option<Message>,
    ) -> Option<Message> {
        if !self.is_behind {
            return message;
        }
        let was_in_memory_only = self.is_in_memory_only;
        let was_kept = self.meanwhile.path().is_some();
        let kept = self.meanwhile.keep(&self.data_folder, document, history);
        self.is_in_memory_only = kept.is_err();
        let place = match kept {
            Ok(()) if was_in_memory_only => {
                let text = "there is room in Espressivo's own folder: your work is kept there until the \
                            project file can take it";
                return Some(Message { level: Level::Info, text: text.to_owned() });
            }
            Ok(()) if was_kept => return message,
            Ok(()) => "until then your work is kept in Espressivo's own folder".to_owned(),
            Err(_) if was_in_memory_only => return message,
            Err(why) => format!("until then the changes are in memory only ({why})"),
        };
        let text = message.map_or(place.clone(), |message| format!("{}; {place}", message.text));
        Some(Message { level: Level::Error, text })
    }

    /// A file that could not be opened for writing before, because the disk was full.
    fn reopen(&mut self) {
        if let (None, Some(path)) = (&self.store, &self.path) {
            // That the file lacks something was reported the first time.
            self.store = Store::open(path).ok().map(|(store, _)| store);
        }
    }

    fn rewrite(&mut self, document: &Document, history: &History) -> Result<(), StoreError> {
        let path = self.path.clone().unwrap_or_default();
        let store = self.store.as_mut().ok_or(StoreError::Full { path })?;
        store.rewrite(document, history)?;
        self.is_behind = false;
        self.is_in_memory_only = false;
        self.meanwhile.discard();
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

    /// The file that was named by a person.
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

    /// Whether the file lacks something, or would lack what comes: the disk is full.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// The copy in the data folder that has the steps that the file lacks.
    pub fn kept_meanwhile(&self) -> Option<&Path> {
        self.meanwhile.path()
    }

    /// Whether there are steps that are in no file at all and would be lost.
    pub fn is_in_memory_only(&self) -> bool {
        self.is_in_memory_only
    }
}
