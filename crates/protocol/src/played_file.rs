//! A file that was opened as a score and looks like a recording.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A MIDI file that somebody played, and what can be done with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayedFileView {
    /// Where it is, for [`crate::Command::OpenAsScore`] and [`crate::Command::ImportRecording`].
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// Whether its notes lie on bars and beats, with the player's tempo written into the file.
    pub is_on_grid: bool,
}
