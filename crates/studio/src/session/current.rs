//! What the shell may look at.

use std::path::PathBuf;

/// What the shell may look at without asking the studio's thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// What the project is called.
    pub name: String,
    /// Its file; none while it has no name.
    pub path: Option<PathBuf>,
    /// Whether there is work in it that another file should not take the place of: it has a name or takes,
    /// or something was or is being done.
    pub has_work: bool,
    /// The name of the open project if some of it is in no file, so that closing it would lose work.
    pub unsaved: Option<String>,
    /// The name of the open project while takes of it are being performed: closing it would lose those. Variations are
    /// gone with the project whether they are complete or not, so they do not count.
    pub performing: Option<String>,
    /// Whether sound is being written into a file, which closing the window or the app may cut short.
    pub writes_sound: bool,
    /// The file that was exported last.
    pub exported: Option<PathBuf>,
}
