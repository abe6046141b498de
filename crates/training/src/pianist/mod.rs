//! Training the Pianist Transformer: `espressivo data tokens`, `espressivo train pianist`.
//!
//! [`pack()`] makes files of tokens once; [`train`] first learns from performances alone to restore hidden
//! tokens (`pretrain`), then from aligned ones to play scores (`tune`). `scripts/pianist_torch.py`
//! trains the same network from the same files in PyTorch.

mod checkpoint;
mod network;
mod pack;
mod packed;
mod pairs;
mod recordings;
mod run;
mod windows;

pub use network::{Network, init, loss, save};
pub use pack::{Packing, pack};
pub use packed::Packed;
pub use run::{Options, train};
pub use windows::{Batch, Stage, Windows};

use pianist_transformer::tokens::Chords;

/// In which order the notes of a chord stand: highest first, so that a melody that comes before its
/// chord can be told.
const CHORDS: Chords = Chords::HighestFirst;
