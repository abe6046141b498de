//! Performances as Standard MIDI Files, out and in.

mod export;
mod import;
mod layout;
mod matching;
mod regrid;
mod tracks;

pub use export::{ExportError, ExportMode, ExportOptions, Exported, ExportedTake, export, export_changed};
pub use import::{MidiNote, PlayedMidi, read_performance};
pub use matching::match_to_score;
