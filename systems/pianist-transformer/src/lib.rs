//! Pianist Transformer: an encoder-decoder over tokens of notes (*Pianist Transformer: Towards Expressive
//! Piano Performance Rendering via Scalable Self-Supervised Pre-Training*, arXiv 2512.02652),
//! re-implemented here.
//!
//! A score becomes eight [`tokens`] a note. The encoder of the [`network`] reads a window of notes at
//! once, the decoder plays them from left to right, a token at a time ([`roll`]).

pub mod config;
pub mod network;
mod performer;
pub mod roll;
pub mod tokens;
pub mod weights;

pub use performer::PianistTransformer;

use performers::Entry;

/// For the registry. It plays on the processor, whatever device was chosen.
pub fn entry() -> Entry {
    Entry::new(PianistTransformer::INFO, |resources| {
        let model = resources.models.join(PianistTransformer::INFO.id);
        Ok(Box::new(PianistTransformer::load(&model)?))
    })
}
