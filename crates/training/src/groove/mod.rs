//! Training the groove performer of Cadenza (arXiv 2410.02060, section 3.3): `espressivo data grooves`,
//! `espressivo train groove`.
//!
//! [`pack()`] makes files of played notes once; [`train`] learns from them how loud each note is and how far from
//! the grid, when all that is known is what is written. `scripts/groove_torch.py` trains the same network from
//! the same files in PyTorch.
//!
//! Two styles are learned. `classical` is people's aligned performances of (n)ASAP, measured against a grid that
//! is laid beat by beat through what they played ([`LocalTempo`]). `pop` is POP909's songs, whose tempo is fixed
//! ([`pulse`]): their loudness was played or drawn by people, most of their onsets are on the grid.

mod local_tempo;
mod network;
mod pack;
mod packed;
pub mod pulse;
mod run;
pub mod song;
mod songs;
mod windows;

pub use crate::runs::state::save_model as save;
pub use local_tempo::{LocalTempo, timings};
pub use network::{Network, init, loss};
pub use pack::{Packing, add_song, add_split, is_held_out, pack};
pub use packed::{NO_TIMING, Packed};
pub use run::{Options, train};
pub use songs::{Key, read as read_songs};
pub use windows::{Batch, Windows};

/// The styles, in the order of their numbers.
pub const STYLES: [&str; 2] = ["classical", "pop"];
