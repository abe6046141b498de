//! What the studio needs of the world.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use application::Folders;
use application::sounds::{Loading, WantedPiano};
use protocol::{AboutView, Addition, Event};
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
    /// Gets what others have published, away from the studio's thread.
    pub get_addition: GetAddition,
    /// Reads recordings, away from the studio's thread.
    pub read_recording: ReadRecording,
    /// What *About* shows besides the studio's own entries.
    pub about: AboutView,
}

/// Finds the piano that is wanted, or what is at hand, and what was passed over.
pub type FindPiano =
    Arc<dyn Fn(&WantedPiano, &Loading<'_>) -> Result<(Piano, Vec<String>), String> + Send + Sync>;

/// Gets something that others have published into a folder: hears how far it is, 0 to 1, and ends where the flag is
/// set, which is told by `false`.
pub type GetAddition =
    Arc<dyn Fn(Addition, &Path, &mut dyn FnMut(f32), &AtomicBool) -> Result<bool, String> + Send + Sync>;

/// Where events go.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;
