//! Which composers there are. A system registers a [`ComposerEntry`]; nothing here depends on one by name.

use std::path::Path;
use std::sync::Arc;

use super::error::ComposeError;
use super::info::ComposerInfo;
use super::system::Composer;

/// Readies a composer with the folder that has one folder for each model.
type Load = dyn Fn(&Path) -> Result<Box<dyn Composer>, ComposeError> + Send + Sync;

/// A composer that can be readied.
#[derive(Clone)]
pub struct ComposerEntry {
    /// What it declares.
    pub info: ComposerInfo,
    load: Arc<Load>,
}

impl ComposerEntry {
    /// An entry for a composer that `load` readies, given the folder that has one folder for each model.
    pub fn new(
        info: ComposerInfo,
        load: impl Fn(&Path) -> Result<Box<dyn Composer>, ComposeError> + Send + Sync + 'static,
    ) -> Self {
        Self { info, load: Arc::new(load) }
    }
}

/// Every composer, the default one first.
#[derive(Clone, Default)]
pub struct Composers {
    entries: Vec<ComposerEntry>,
}

impl Composers {
    /// The same with one composer more.
    #[must_use]
    pub fn with(mut self, entry: ComposerEntry) -> Self {
        self.entries.push(entry);
        self
    }

    /// What each composer declares.
    pub fn infos(&self) -> impl Iterator<Item = &ComposerInfo> {
        self.entries.iter().map(|entry| &entry.info)
    }

    /// The default composer.
    pub fn default_id(&self) -> &'static str {
        self.infos().next().map_or("", |info| info.id)
    }

    /// Readies a composer.
    ///
    /// # Errors
    /// When nobody is called that, or its model cannot be read.
    pub fn load(&self, id: &str, models: &Path) -> Result<Box<dyn Composer>, ComposeError> {
        let entry = self.entries.iter().find(|entry| entry.info.id == id).ok_or_else(|| {
            let known = self.infos().map(|info| info.id).collect::<Vec<_>>().join(", ");
            ComposeError::Unknown { id: id.to_owned(), known }
        })?;
        (entry.load)(models)
    }
}
