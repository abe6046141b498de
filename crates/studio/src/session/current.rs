//! What the shell may look at.

use std::path::PathBuf;

/// What the shell may look at without asking the studio's thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// Whether a project is open.
    pub is_open: bool,
    /// What the project is called.
    pub name: String,
    /// Its file; none while it has no name.
    pub path: Option<PathBuf>,
    /// The file that was exported last.
    pub exported: Option<PathBuf>,
}
