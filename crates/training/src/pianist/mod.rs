//! Training the Pianist Transformer (arXiv 2512.02652): `espressivo data tokens`, `espressivo train pianist`.
//!
//! [`pack()`] makes files of tokens once; [`train`] first learns from performances alone to restore hidden
//! tokens (`pretrain`), then from aligned ones to play scores (`tune`). `scripts/pianist_torch.py`
//! trains the same network from the same files in PyTorch.
//!
//! Tables of tokens are `[notes, 8]`, one row a note: pitch, time since the onset before in ms, velocity,
//! duration in ms, four values of the sustain pedal (section 3.1 of the paper). What the paper leaves open
//! is done as in the authors' published program; where this crate departs from both, it says so.

mod attention;
mod embeddings;
pub(crate) mod kept;
mod loss;
mod network;
mod pack;
mod packed;
mod pairs;
mod recordings;
mod run;
mod told;
mod windows;

pub use crate::runs::state::save_model as save;
pub use loss::{loss, rows};
pub use network::{Network, init};
pub use pack::{Packing, pack};
pub use packed::Packed;
pub use run::{Options, train};
pub use told::Told;
pub use windows::{Batch, Hiding, Stage, Windows};

pub use pianist_transformer::config::Guidance;
use pianist_transformer::tokens::Chords;

/// In which order the notes of a chord stand: highest first, so that a melody that comes before its
/// chord can be told.
const CHORDS: Chords = Chords::HighestFirst;
