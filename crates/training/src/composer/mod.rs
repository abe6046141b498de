//! Training the Composer of Cadenza (arXiv 2410.02060): `espressivo data segments`, `espressivo train composer`.
//!
//! [`pack()`] makes files of bars once; [`train`] learns to write segments of one to four bars from one latent
//! vector each. `scripts/cadenza_torch.py` trains the same network from the same files in PyTorch.

mod draw;
mod loss;
mod network;
mod pack;
mod packed;
mod run;
mod song;

pub use crate::runs::state::save_model as save;
pub use draw::{Batch, Segments};
pub use loss::{Parts, Weighing, parts};
pub use network::{Network, init};
pub use pack::{FILES, LONGEST, Packing, pack};
pub use packed::{Packed, Source, Tokens};
pub use run::{Options, train};
