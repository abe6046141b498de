//! What came of writing a file.

use std::path::PathBuf;

/// What came of writing a file.
pub struct Written {
    /// The job that it was.
    pub(super) job: u64,
    /// What was written.
    pub(super) what: &'static str,
    pub(super) path: PathBuf,
    /// Whether it was written; it was not if it was cancelled. The error is the reason, for people.
    pub(super) result: Result<bool, String>,
}
