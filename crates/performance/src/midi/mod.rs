//! Performances as Standard MIDI Files, out and in.

mod changed;
mod chosen;
mod common_sequence;
mod conductor;
mod events;
mod exact;
mod expected_times;
mod export;
mod grid;
mod import;
mod in_place;
mod kept;
mod layout;
mod matching;
mod on_beats;
mod options;
mod regrid;
mod struck;
mod take_pedals;
mod tracks;

pub use changed::{ExportedTake, export_changed, export_in_place};
pub use exact::export_played;
pub use export::export;
pub use import::{MidiNote, PlayedMidi, read_performance};
pub use matching::{Matched, match_recording, match_take, match_to_score, share_strokes};
pub use on_beats::{OnBeats, OnBeatsError, on_beats};
pub use options::{ExportError, ExportMode, ExportOptions, Exported};
