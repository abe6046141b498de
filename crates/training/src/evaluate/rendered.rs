//! Performances of people as sound files, and what our transcriber hears in them: what `evaluate transcription` and
//! `evaluate recordings` have in common.
//!
//! Some seconds of one performance of each of several pieces ([`Excerpt`]) are played on a piano ([`Instrument`]),
//! treated ([`Condition`]: as they are, in a room, with noise, as MP3), and heard. Sounds and what was heard in them
//! stay in a folder ([`Hearing`]), so that a run that was stopped goes on where it was, and another command or
//! program finds them there.

mod condition;
mod encoder;
mod excerpt;
mod folder;
mod hearing;
mod instrument;
mod keys;
mod noise;
mod render;
mod room;

pub use condition::Condition;
pub use encoder::Encoder;
pub use excerpt::{Excerpt, Wanted};
pub use folder::{Folder, Place};
pub use hearing::{Heard, Hearing};
pub use instrument::Instrument;
pub use keys::{Key, Keys, Press};
