//! The transport: plays versions of a piece on the sound device, switching between them at the same
//! place in the score.
//!
//! Three threads share the work. [`Transport`] only sends requests. A *scheduler* turns that
//! into commands and *decks*: sources that have sounded unheard what leads to their place, so that
//! they fade in as if they had played all along. The [`Engine`], called by the device for every
//! buffer, mixes decks and hands over from one to the next at a place in the score with a short
//! crossfade. It neither allocates nor locks: commands and spent decks travel through wait-free
//! queues, its state through atomics.
//!
//! Notes can go to a MIDI port instead: a fourth thread then follows the engine's clock (see `midi`).
//!
//! What a person plays on a keyboard ([`crate::keyboard`]) goes straight to the callback, through one more
//! wait-free queue, and sounds with the next buffer.
//!
//! Starting, seeking, looping, switching versions, growing takes and changing pianos are all the
//! same thing: another deck takes over. Only loops too short to prepare for start again in place.

mod audition;
mod buffer;
mod clicker;
mod clicks;
mod command;
mod control;
mod count_in;
mod deck;
mod decks;
mod device;
mod engine;
mod heard;
mod limiter;
mod line;
mod live;
mod loudness;
mod message;
mod metronome;
mod midi;
mod output;
mod prepare;
mod priority;
mod ramp;
mod scheduler;
mod shared_status;
mod status;
mod thru;
mod track;

pub use clicks::{Click, clicks};
pub use control::{OutputChoice, Transport};
pub use engine::Engine;
pub use heard::Heard;
pub(crate) use heard::HeardLines;
pub(crate) use loudness::Meter;
pub use loudness::{Loudness, loudness};
pub use priority::{lower_thread_priority, raise_thread_priority};
pub(crate) use shared_status::SharedStatus;
pub use status::{Midi, Output, PlayState, Status};
pub(crate) use thru::Thru;
pub use track::Track;
