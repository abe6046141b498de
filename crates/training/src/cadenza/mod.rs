//! Training the Composer of Cadenza (arXiv 2410.02060): `espressivo data segments`, `espressivo train composer`.
//!
//! [`pack()`] makes files of bars once; [`train`] learns to write segments of one to four bars from one latent
//! vector each. `scripts/cadenza_torch.py` trains the same network from the same files in PyTorch.

mod draw;
mod pack;
mod packed;
mod song;

pub use draw::{Batch, Segments};
pub use pack::{FILES, Packing, pack};
pub use packed::{Packed, Source, Tokens};
