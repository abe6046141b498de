//! Work in progress, as it is listed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use protocol::JobView;

/// Work in progress.
pub(super) struct Running {
    pub(super) view: JobView,
    pub(super) kind: Kind,
}

/// What is being done.
pub(super) enum Kind {
    Performing,
    /// Of variations.
    Composing,
    /// Of the page for paper.
    Engraving,
    /// Of a recording; to be left out if the flag is set.
    Reading(Arc<AtomicBool>),
    /// Of a file; to be stopped if the flag is set.
    Writing(Arc<AtomicBool>),
}
