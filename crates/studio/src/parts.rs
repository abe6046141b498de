//! What the studio needs of the world.

use std::path::PathBuf;
use std::sync::Arc;

use application::Folders;
use protocol::{AboutView, Event};
use sound::Piano;

use crate::playback::Playback;
use crate::recording::ReadRecording;
use crate::roster::Roster;

/// Where the studio finds and keeps its things.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Settings, recent files, work without a name.
    pub data_folder: PathBuf,
    /// Models, the text encoder, the pieces that come with the app.
    pub folders: Folders,
}

/// What the studio needs of the world; tests bring their own.
pub struct Parts {
    /// Who can play.
    pub roster: Box<dyn Roster>,
    /// What plays; each window gets one beside it.
    pub playback: Box<dyn Playback>,
    /// Finds the piano of some settings, away from the studio's thread.
    pub find_piano: FindPiano,
    /// Reads recordings, away from the studio's thread.
    pub read_recording: ReadRecording,
    /// What *About* shows besides the studio's own entries.
    pub about: AboutView,
}

/// Finds the piano: the file of the settings or what is at hand, and what was passed over.
pub type FindPiano = Arc<dyn Fn(Option<PathBuf>) -> Result<(Piano, Vec<String>), String> + Send + Sync>;

/// Where events go.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;
