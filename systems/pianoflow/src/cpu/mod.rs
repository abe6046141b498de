//! The [`network`](crate::network) on the processor, made for playing.
//!
//! The same arithmetic as `network`, which trains and runs on graphics processors; tests keep the
//! two equal. It is several times as fast as Burn's CPU backend, which does everything but products
//! in one thread, since
//! - a window's tokens are cut into [`Slab`]s, which go through a block side by side and wait for
//!   one another only for keys and values;
//! - what stays the same during a window is computed once: the share of features and known values
//!   in the first layer, the condition's share, the rotary angles;
//! - everything between products is one pass over rows that are in the cache;
//! - guidance needs the blocks before the first condition only once for both of its passes.
//!
//! Each row is computed by itself and in the same order, so the result does not depend on the
//! number of threads.

mod slab;
mod weights;

use neural::matmul::Matrix;
use neural::rotary::Rotary;
use neural::rows;
use rayon::prelude::*;

use self::slab::Slab;
use self::weights::Modulation;
pub use self::weights::Weights;
use crate::given::Given;

/// Fewest tokens that are worth handing to a thread.
const SMALLEST_SLAB: usize = 16;

/// The network with what it is given of one window of notes: the velocity field there.
pub struct Conditioned<'a> {
    weights: &'a Weights,
    rotary: Rotary,
    slabs: Vec<Slab>,
    /// What the condition adds before each block `[tokens, hidden]`.
    conditions: Vec<Option<Vec<f32>>>,
    passes: usize,
    /// Of the block at work: keys `[head, span]` and values `[span, head]`, where `span` is the
    /// number of tokens rounded up to whole vectors.
    keys: Matrix,
    values: Matrix,
}

impl<'a> Conditioned<'a> {
    /// Computes what stays the same.
    pub fn new(weights: &'a Weights, given: &Given) -> Self {
        let start = weights.start(given);
        let tokens = start.len() / weights.hidden;
        let head = weights.hidden / weights.heads;
        let span = tokens.next_multiple_of(rows::LANES);
        let condition = given.condition.as_deref();
        // Two slabs a thread: one that is held up does not hold up everything.
        let size = tokens.div_ceil(2 * rayon::current_num_threads()).max(SMALLEST_SLAB);
        let slab = |(k, start): (usize, &[f32])| Slab::new(k * size, start, span, weights);
        Self {
            weights,
            rotary: Rotary::new(tokens, head / 2, weights.rotary_base),
            slabs: start.chunks(size * weights.hidden).enumerate().map(slab).collect(),
            conditions: weights.conditions(condition),
            passes: 1 + usize::from(condition.is_some()),
            keys: Matrix::zeros(head, span),
            values: Matrix::zeros(span, head),
        }
    }

    /// The velocity field at a point of the path `[notes, values]` and a flow time
    /// `[passes, notes, values]`.
    pub fn velocity(&mut self, noisy: &[f32], time: f32) -> Vec<f32> {
        let weights = self.weights;
        let modulations = weights.modulations(time);
        let shared = self.conditions.iter().position(Option::is_some).unwrap_or(self.conditions.len());
        let before = vec![0.0; weights.memory_tokens() * weights.output.columns()];
        let noisy = [&before, noisy].concat();
        self.slabs.par_iter_mut().for_each(|slab| slab.enter(weights, &noisy));
        for (k, modulation) in modulations.iter().enumerate().take(shared) {
            self.block(k, modulation, false);
        }
        self.slabs.iter_mut().for_each(Slab::remember);
        let mut out = Vec::with_capacity(self.passes * noisy.len());
        for pass in 0..self.passes {
            self.slabs.iter_mut().for_each(Slab::recall);
            for (k, modulation) in modulations.iter().enumerate().skip(shared) {
                self.block(k, modulation, pass == 1);
            }
            let rows: Vec<Vec<f32>> = self.slabs.par_iter_mut().map(|slab| slab.leave(weights)).collect();
            out.extend_from_slice(&rows.concat()[before.len()..]);
        }
        out
    }

    fn block(&mut self, k: usize, modulation: &Modulation, conditioned: bool) {
        let (block, rotary) = (&self.weights.blocks[k], &self.rotary);
        let condition = self.conditions[k].as_deref().filter(|_| conditioned);
        self.slabs.par_iter_mut().for_each(|slab| slab.project(block, modulation, rotary, condition));
        for slab in &self.slabs {
            for (token, key, value) in slab.keys_and_values() {
                self.keys.set_column(token, key);
                self.values.set_row(token, value);
            }
        }
        let tokens = rotary.tokens();
        let (keys, values) = (&self.keys, &self.values);
        self.slabs
            .par_iter_mut()
            .for_each(|slab| slab.attend_and_feed_forward(block, modulation, keys, values, tokens));
    }
}

#[cfg(test)]
mod tests;
