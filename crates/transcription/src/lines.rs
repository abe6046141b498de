//! Tokens in lines, over which the threads are divided.

use rayon::prelude::*;

use crate::layer::{Block, Workspace};
use crate::pulse::Pulse;

/// Lines of tokens that one block goes along.
#[derive(Clone, Copy)]
pub struct Lines {
    /// Numbers of a token.
    pub width: usize,
    /// How many lines there are.
    pub count: usize,
    /// Lines at the start that are not needed; they keep what was in them.
    pub skipped: usize,
    /// The first token of a line that is needed; those before stay as they come.
    pub first: usize,
    /// What their tokens attend to.
    pub attends_to: Attended,
}

/// What a line attends to: both blocks of a layer attend to what went into the layer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Attended {
    /// The tokens that come into the line, for the first block.
    New,
    /// The tokens that are in the line's place, for the second.
    Old,
}

impl Lines {
    /// Goes along columns of `from`, which become lines of `to`.
    pub fn apply(&self, block: &Block, from: &[f32], to: &mut [f32], pulse: &Pulse) -> Option<()> {
        let &Self { width, count, skipped, first, attends_to } = self;
        let length = from.len() / width / count;
        let lines = to.par_chunks_exact_mut(length * width).enumerate().skip(skipped);
        lines.for_each_init(Workspace::default, |work, (k, line)| {
            if pulse.is_stopped() {
                return;
            }
            if attends_to == Attended::Old {
                block.remember(line, work);
            }
            let column = from.chunks_exact(width).skip(k).step_by(count);
            line.chunks_exact_mut(width).zip(column).for_each(|(slot, token)| slot.copy_from_slice(token));
            if attends_to == Attended::New {
                block.remember(line, work);
            }
            block.apply(&mut line[first * width..], work);
        });
        pulse.step()
    }
}
