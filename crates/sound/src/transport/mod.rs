//! The transport: plays versions of a piece on the sound device, switching between them at the same
//! place in the score.
//!
//! Three threads share the work. [`Transport`] only says what is wanted. A *conductor* turns wishes
//! into *decks*, synthesizers that have sounded unheard what leads to their place so that they come
//! in as if they had played all along. The [`Engine`], called by the device for every buffer, mixes
//! decks and hands over from one to the next at a place in the score with a short crossfade. It
//! neither allocates nor locks: orders and spent decks travel through wait-free queues, its state
//! through atomics.
//!
//! Starting, seeking, looping, switching versions, growing takes and changing pianos are all the
//! same thing: another deck takes over. Only loops too short to prepare for start again in place.

mod audition;
mod clicks;
mod conductor;
mod control;
mod deck;
mod engine;
mod loudness;
mod output;
mod prepare;
mod priority;
mod programme;
mod ramp;
mod status;

pub use clicks::{Click, clicks};
pub use control::{OutputChoice, Transport};
pub use engine::Engine;
pub use loudness::{Loudness, loudness, loudness_lufs};
pub use priority::give_way;
pub use programme::Programme;
pub use status::{Output, PlayState, Status};
