//! Steps: what one gesture changes.

use protocol::VersionId;

use super::change::Change;
use crate::document::Document;

/// One gesture, as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What was done, in words.
    pub name: String,
    /// What it changed, in order.
    pub changes: Vec<Change>,
}

impl Step {
    /// A step of one or more changes.
    pub fn new(name: impl Into<String>, changes: Vec<Change>) -> Self {
        Self { name: name.into(), changes }
    }

    /// The takes that it changes.
    pub fn versions(&self) -> Vec<VersionId> {
        let mut versions: Vec<VersionId> = self.changes.iter().filter_map(Change::version).collect();
        versions.sort_unstable();
        versions.dedup();
        versions
    }

    pub(super) fn forth(&self, document: &mut Document) {
        self.changes.iter().cloned().for_each(|change| change.apply(document));
        document.settle();
    }

    pub(super) fn back(&self, document: &mut Document) {
        self.changes.iter().rev().cloned().for_each(|change| change.inverted().apply(document));
        document.settle();
    }

    pub(super) fn records(&self) -> usize {
        self.changes.iter().map(Change::records).sum()
    }
}
