//! From blocks, as they are rendered, to any requested number of frames.

use crate::format::{BLOCK_FRAMES, Block};

/// The block that was rendered last and how much of it was taken.
pub(crate) struct BlockReader {
    block: Block,
    taken_frames: usize,
}

impl BlockReader {
    /// A reader whose first block is still to be rendered.
    pub(crate) fn new() -> Self {
        Self { block: [0.0; 2 * BLOCK_FRAMES], taken_frames: BLOCK_FRAMES }
    }

    /// Frames that were not taken yet.
    pub(crate) fn left_frames(&self) -> usize {
        BLOCK_FRAMES - self.taken_frames
    }

    /// The block to render into, when all frames of the last one were taken.
    pub(crate) fn refill(&mut self) -> &mut Block {
        self.taken_frames = 0;
        &mut self.block
    }

    /// Takes up to so many frames, left and right by turns.
    pub(crate) fn take(&mut self, most_frames: usize) -> &[f32] {
        let from = self.taken_frames;
        self.taken_frames += most_frames.min(self.left_frames());
        &self.block[2 * from..2 * self.taken_frames]
    }
}
