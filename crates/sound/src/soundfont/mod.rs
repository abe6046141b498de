//! SF2 soundfonts: checking, loading and playing them.
//!
//! The synthesizer trusts its files: a wrong index in one would end the program. So every file is
//! checked here first, its structure before loading ([`check`]) and what its piano would do to the
//! oscillators after ([`playable`]).

pub mod check;
mod load;
pub mod places;
pub mod playable;
mod synth;

pub use load::LARGEST_BYTES;
pub(crate) use load::{Loaded, from_bytes, load};
