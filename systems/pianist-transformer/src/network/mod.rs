//! The network on the processor, without tensors.
//!
//! Both stacks have pre- and post-norms by root mean square, rotary positions, fewer heads of keys and
//! values than of queries, and gated feed-forwards, as the T5Gemma family (arXiv 2504.06225) has; the
//! gate is a SiLU. The [`Encoder`] has one position a note, the [`Decoder`] one a token. Each row is
//! computed by itself and in the same order, so the result does not depend on the number of threads
//! nor on how many tokens go in at once.

mod decoder;
mod encoder;
mod layer;
mod product;

use std::path::Path;

use performers::PerformError;

use crate::config::NetworkConfig;
use crate::weights::{FILE_NAME, Tensors};

pub use decoder::{Decoder, DecoderWeights};
pub use encoder::{Encoder, Encoding};

/// All weights.
pub struct Network {
    /// Reads notes.
    pub encoder: Encoder,
    /// Plays tokens.
    pub decoder: DecoderWeights,
}

impl Network {
    /// Reads the weights of a model folder.
    ///
    /// # Errors
    /// When they are missing, damaged, or of other sizes.
    pub fn load(folder: &Path, sizes: &NetworkConfig) -> Result<Self, PerformError> {
        let tensors = Tensors::read(&folder.join(FILE_NAME))?;
        let open = tensors.open()?;
        Ok(Self { encoder: Encoder::load(&open, sizes)?, decoder: DecoderWeights::load(&open, sizes)? })
    }
}
