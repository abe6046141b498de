//! Which writers of pieces there are. A system registers a [`WriterEntry`]; nothing here depends on one by name.

use std::path::Path;
use std::sync::Arc;

use super::error::PieceError;
use super::info::WriterInfo;
use super::system::PieceWriter;

/// Readies a writer with the folder that has one folder for each model.
type Load = dyn Fn(&Path) -> Result<Box<dyn PieceWriter>, PieceError> + Send + Sync;

/// A writer that can be readied.
#[derive(Clone)]
pub struct WriterEntry {
    /// What it declares.
    pub info: WriterInfo,
    load: Arc<Load>,
}

impl WriterEntry {
    /// An entry for a writer that `load` readies, given the folder that has one folder for each model.
    pub fn new(
        info: WriterInfo,
        load: impl Fn(&Path) -> Result<Box<dyn PieceWriter>, PieceError> + Send + Sync + 'static,
    ) -> Self {
        Self { info, load: Arc::new(load) }
    }
}

/// Every writer, the default one first.
#[derive(Clone, Default)]
pub struct Writers {
    entries: Vec<WriterEntry>,
}

impl Writers {
    /// The same with one writer more.
    #[must_use]
    pub fn with(mut self, entry: WriterEntry) -> Self {
        self.entries.push(entry);
        self
    }

    /// What each writer declares.
    pub fn infos(&self) -> impl Iterator<Item = &WriterInfo> {
        self.entries.iter().map(|entry| &entry.info)
    }

    /// The default writer.
    pub fn default_id(&self) -> &'static str {
        self.infos().next().map_or("", |info| info.id)
    }

    /// Readies a writer.
    ///
    /// # Errors
    /// When nobody is called that, or its model cannot be read.
    pub fn load(&self, id: &str, models: &Path) -> Result<Box<dyn PieceWriter>, PieceError> {
        let entry = self.entries.iter().find(|entry| entry.info.id == id).ok_or_else(|| {
            let known = self.infos().map(|info| info.id).collect::<Vec<_>>().join(", ");
            PieceError::Unknown { id: id.to_owned(), known }
        })?;
        (entry.load)(models)
    }
}
