//! Standard MIDI Files of format 0 and 1 as scores.
//!
//! Measures come from the time signature events, tempo and key from theirs. Hands come from the
//! tracks, or from the pitches where a piano has only one track. Notes that lie off the grid are
//! moved to it, quarter by quarter, unless the options say otherwise.
//!
//! A file with a fault is read as far as it makes sense. What was left out, and at which byte, is in
//! [`file::MidiFile::warnings`] and in the warnings of the score.

mod chunks;
mod division;
mod error;
mod events;
pub mod file;
mod hands;
mod looks;
mod measures;
mod options;
mod page;
mod parts;
mod resync;
mod score;
mod snap;
mod text;
mod track;

/// Whether bytes hold a Standard MIDI File, perhaps after something else.
pub(crate) fn is_midi(bytes: &[u8]) -> bool {
    chunks::start(bytes).is_some()
}

pub use error::SmfError;
pub use looks::{Looks, looks};
pub use options::SmfOptions;
pub use page::{print_heading, print_tempo};
pub use score::read;
