//! What the window and the command line have in common: the files they read and write, the folders
//! they search, the performers there are, and the limits of what can be asked for.
//!
//! Nothing here knows of a window, a terminal or a project. The crates below are given paths; this is
//! the only one that looks at the environment for them.

pub mod additions;
pub mod display;
mod fetching;
pub mod file_kind;
pub mod files;
pub mod folders;
pub mod hearing;
pub mod licences;
pub mod limits;
mod network;
mod no_recording;
pub mod piano;
pub mod recording;
pub mod reference;
pub mod roster;
pub mod scores;
pub mod sounds;
pub mod systems;
pub mod text;

pub use fetching::FetchError;
pub use file_kind::{FileKind, RecordingKind};
pub use files::FileError;
pub use folders::Folders;
pub use hearing::{HearError, Heard};
pub use recording::{Recording, RecordingError};
pub use reference::{Reference, ReferenceError};
