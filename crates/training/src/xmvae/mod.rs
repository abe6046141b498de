//! Training XMVAE (arXiv 2507.01582): `espressivo data ecp`, `espressivo train xmvae`.
//!
//! [`pack()`] makes files of steps once; [`train`] learns from packed pieces and performances: the Composer to write
//! beat by beat, the Pianist to play what is written, each window in the manner that is read of it or of another window
//! of the same performance. [`coherence()`] measures how chance of takes is to be correlated.
//! `scripts/xmvae_torch.py` trains the same network from the same files in PyTorch.

mod codebook;
mod coherence;
mod correlated;
mod draw;
mod fit;
mod laid;
mod layers;
mod line;
mod loss;
mod network;
mod pack;
mod packed;
mod run;
mod scores;
mod tables;
mod told;
mod validation;
mod windows;

pub use crate::runs::state::save_model as save;
pub use coherence::{CoherenceOptions, coherence};
pub use draw::Windows;
pub use laid::Laid;
pub use loss::{Loss, Posterior, Weighing, loss, posterior, read};
pub use network::{Network, init};
pub use pack::{Packing, pack};
pub use packed::Packed;
pub use run::{FILES, Options, train};
pub use told::expected;
pub use windows::{Played, Steps};
