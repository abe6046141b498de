//! Recordings that jobs have read.

use std::path::PathBuf;

use application::reference::Reference;
use protocol::VersionId;

use crate::recording::Imported;

/// A recording that was read, or cannot be.
pub struct Read {
    /// The version that was heard when the reading began.
    pub(super) heard: VersionId,
    pub(super) imported: Result<Imported, String>,
}

/// The knob that a manner is read for.
#[derive(Clone)]
pub struct For {
    pub(super) performer: String,
    pub(super) knob: String,
}

/// A recording that was read for a manner, or cannot be.
pub struct ReferenceRead {
    pub(super) wanted: For,
    pub(super) path: PathBuf,
    pub(super) read: Result<Reference, String>,
}
