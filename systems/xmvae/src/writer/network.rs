//! What a network has to be able to do to write pieces.

use crate::network::{ComposerDecoder, Model, ScoreTokens, SubToken};

/// Chooses a value of a sub-token by the logits of all values.
pub type Choose<'c> = dyn FnMut(SubToken, &[f32]) -> usize + 'c;

/// A network that writes pieces step by step.
pub trait Network: Send + Sync {
    /// How many codes a beat may have; they are counted from 0.
    fn code_count(&self) -> usize;

    /// Notes, and steps, that are read at once.
    fn window(&self) -> (usize, usize);

    /// The code of each beat of a window.
    fn codes(&self, steps: &[ScoreTokens]) -> Vec<u16>;

    /// Nothing is written yet.
    fn begin(&self) -> Box<dyn Decoder + '_>;
}

/// What a network has read and written so far.
pub trait Decoder {
    /// Reads a step, with its code if it is a beat.
    fn push(&mut self, step: ScoreTokens, code: Option<u16>);

    /// Chooses the next step, and its code if it is a beat, and writes it. What a step does not have is not asked for;
    /// of codes, 0 is none and 1 the first.
    fn next(&mut self, choose: &mut Choose<'_>) -> (ScoreTokens, Option<u16>);
}

impl Network for Model {
    fn code_count(&self) -> usize {
        self.settings().network.codes
    }

    fn window(&self) -> (usize, usize) {
        (self.settings().network.window, self.settings().network.steps)
    }

    fn codes(&self, steps: &[ScoreTokens]) -> Vec<u16> {
        Self::codes(self, steps)
    }

    fn begin(&self) -> Box<dyn Decoder + '_> {
        Box::new(ComposerDecoder::new(self))
    }
}

impl Decoder for ComposerDecoder<'_> {
    fn push(&mut self, step: ScoreTokens, code: Option<u16>) {
        ComposerDecoder::push(self, step, code);
    }

    fn next(&mut self, choose: &mut Choose<'_>) -> (ScoreTokens, Option<u16>) {
        ComposerDecoder::next(self, choose)
    }
}
