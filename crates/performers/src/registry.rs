//! Which performers there are. A system registers an [`Entry`]; nothing here depends on one by name.

use std::path::Path;
use std::sync::Arc;

use crate::device::DeviceChoice;
use crate::error::PerformError;
use crate::info::PerformerInfo;
use crate::performer::Performer;

/// What a performer may need to get ready.
#[derive(Clone, Copy)]
pub struct Resources<'a> {
    /// The folder with one folder for each model.
    pub models: &'a Path,
    /// Where networks are to run.
    pub device: DeviceChoice,
}

/// Readies a performer.
type Load = dyn Fn(&Resources<'_>) -> Result<Box<dyn Performer>, PerformError> + Send + Sync;

/// A performer that can be readied.
#[derive(Clone)]
pub struct Entry {
    /// What it declares.
    pub info: PerformerInfo,
    load: Arc<Load>,
}

impl Entry {
    /// An entry for a performer that `load` readies.
    pub fn new(
        info: PerformerInfo,
        load: impl Fn(&Resources<'_>) -> Result<Box<dyn Performer>, PerformError> + Send + Sync + 'static,
    ) -> Self {
        Self { info, load: Arc::new(load) }
    }
}

/// Every performer, the default one first.
#[derive(Clone, Default)]
pub struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// The same registry with one performer more.
    #[must_use]
    pub fn with(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// What each performer declares.
    pub fn infos(&self) -> impl Iterator<Item = &PerformerInfo> {
        self.entries.iter().map(|entry| &entry.info)
    }

    /// What one performer declares.
    pub fn info(&self, id: &str) -> Result<&PerformerInfo, PerformError> {
        self.entry(id).map(|entry| &entry.info)
    }

    /// The default performer.
    pub fn default_id(&self) -> &'static str {
        self.infos().next().map_or("", |info| info.id)
    }

    /// Who plays when the default's files are missing: the first that needs none.
    pub fn fallback_id(&self) -> Option<&'static str> {
        self.infos().find(|info| !info.abilities.needs_model).map(|info| info.id)
    }

    /// Readies a performer.
    pub fn load(&self, id: &str, resources: &Resources<'_>) -> Result<Box<dyn Performer>, PerformError> {
        (self.entry(id)?.load)(resources)
    }

    fn entry(&self, id: &str) -> Result<&Entry, PerformError> {
        self.entries.iter().find(|entry| entry.info.id == id).ok_or_else(|| {
            let known = self.infos().map(|info| info.id).collect::<Vec<_>>().join(", ");
            PerformError::Unknown { id: id.to_owned(), known }
        })
    }
}
