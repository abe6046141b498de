//! What variations need of a network.

use crate::composer::{Choose, Model, Posterior};
use crate::pertok::PerTok;

/// A network that turns the tokens of a segment into a place in a space, and places into tokens.
pub trait Network: Send + Sync {
    /// What there are tokens for.
    fn tokenizer(&self) -> &PerTok;

    /// Tokens of the longest segment.
    fn longest(&self) -> usize;

    /// The token that ends a segment.
    fn end(&self) -> u32;

    /// Where a segment lies.
    fn encode(&self, tokens: &[u32]) -> Posterior;

    /// Writes the segment of a place: `choose` gets the logits of all tokens and the tokens so far, and says
    /// which is next, or nothing at the end.
    fn decode(&self, latent: &[f32], choose: &mut Choose<'_>) -> Vec<u32>;
}

impl Network for Model {
    fn tokenizer(&self) -> &PerTok {
        Model::tokenizer(self)
    }

    fn longest(&self) -> usize {
        Model::longest(self)
    }

    fn end(&self) -> u32 {
        Model::end(self)
    }

    fn encode(&self, tokens: &[u32]) -> Posterior {
        Model::encode(self, tokens)
    }

    fn decode(&self, latent: &[f32], choose: &mut Choose<'_>) -> Vec<u32> {
        Model::decode(self, latent, choose)
    }
}
