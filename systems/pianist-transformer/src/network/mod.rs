//! The network on the processor, without tensors.
//!
//! Both stacks have the layers of the T5Gemma family (arXiv 2504.06225), which are [`neural::layers`]. The
//! [`Encoder`] has one position a note: each of its eight tokens has a projection of its own to an eighth of
//! the width. The [`Decoder`] has one position a token. The result does not depend on the number of threads
//! nor on how many tokens go in at once.

mod decoder;
mod encoder;

use std::path::Path;

use neural::archive::Archive;
use performers::PerformError;

use crate::config::NetworkConfig;
use crate::weights::FILE_NAME;

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
        let archive = Archive::read(&folder.join(FILE_NAME))?;
        Ok(Self { encoder: Encoder::load(&archive, sizes)?, decoder: DecoderWeights::load(&archive, sizes)? })
    }
}
