//! Neighbouring tokens that go through the network together, on one thread at a time.

use neural::matmul::Matrix;
use neural::rotary::Rotary;
use neural::rows;

use super::weights::{Block, Modulation, Weights};

/// Tokens whose attention is computed at once: their scores fit into the first caches.
const ATTENTIVE: usize = 8;

/// The state of some tokens, and room to compute in. All tables have one row a token.
pub struct Slab {
    first: usize,
    hidden: usize,
    /// Before the noise enters `[tokens, hidden]`.
    start: Vec<f32>,
    /// The residual stream `[tokens, hidden]`.
    x: Vec<f32>,
    /// The residual stream where the passes part.
    parted: Vec<f32>,
    /// After a norm, and again after attention `[tokens, hidden]`.
    normed: Vec<f32>,
    /// `[tokens, hidden]`
    query: Vec<f32>,
    /// `[tokens, head]`
    key: Vec<f32>,
    /// `[tokens, head]`
    value: Vec<f32>,
    /// `[ATTENTIVE, heads, span]`
    scores: Vec<f32>,
    /// `[ATTENTIVE, heads]`
    sums: Vec<f32>,
    /// `[tokens, feed_forward * hidden]`
    gate: Vec<f32>,
    up: Vec<f32>,
}

impl Slab {
    /// Tokens from `first` on that start so; `span` is the width of their scores.
    pub fn new(first: usize, start: &[f32], span: usize, weights: &Weights) -> Self {
        let (hidden, heads) = (weights.hidden, weights.heads);
        let tokens = start.len() / hidden;
        let wide = weights.blocks.first().map_or(0, |b| b.gate.columns());
        let table = |width: usize| vec![0.0; tokens * width];
        Self {
            first,
            hidden,
            start: start.to_vec(),
            x: table(hidden),
            parted: table(hidden),
            normed: table(hidden),
            query: table(hidden),
            key: table(hidden / heads),
            value: table(hidden / heads),
            scores: vec![0.0; ATTENTIVE * heads * span],
            sums: vec![0.0; ATTENTIVE * heads],
            gate: table(wide),
            up: table(wide),
        }
    }

    fn tokens(&self) -> usize {
        self.start.len() / self.hidden
    }

    /// The first layer; `noisy` has the rows of all slabs.
    pub fn enter(&mut self, weights: &Weights, noisy: &[f32]) {
        let width = weights.output.columns();
        let noisy = &noisy[self.first * width..][..self.tokens() * width];
        self.x.copy_from_slice(&self.start);
        weights.noisy.add_product(noisy, &mut self.x);
    }

    /// Keeps the stream for [`Self::recall`].
    pub fn remember(&mut self) {
        self.parted.copy_from_slice(&self.x);
    }

    /// The stream as it was remembered.
    pub fn recall(&mut self) {
        self.x.copy_from_slice(&self.parted);
    }

    /// First half of a block: queries, keys and values. `condition` has the rows of all slabs.
    pub fn project(
        &mut self,
        block: &Block,
        modulation: &Modulation,
        rotary: &Rotary,
        condition: Option<&[f32]>,
    ) {
        if let Some(condition) = condition {
            let condition = &condition[self.first * self.hidden..];
            self.x.iter_mut().zip(condition).for_each(|(x, c)| *x += c);
        }
        rows::layer_norm(&self.x, &modulation.scale[0], &modulation.shift[0], &mut self.normed);
        block.query.product(&self.normed, &mut self.query);
        block.key.product(&self.normed, &mut self.key);
        block.value.product(&self.normed, &mut self.value);
        let head = 2 * rotary.half;
        let (cos, sin) = (&rotary.cos[self.first * rotary.half..], &rotary.sin[self.first * rotary.half..]);
        rows::rotate(&mut self.query, self.hidden / head, rotary.half, cos, sin);
        rows::rotate(&mut self.key, 1, rotary.half, cos, sin);
    }

    /// Each token with its key and its value.
    pub fn keys_and_values(&self) -> impl Iterator<Item = (usize, &[f32], &[f32])> {
        let head = self.key.len() / self.tokens();
        let pairs = self.key.chunks_exact(head).zip(self.value.chunks_exact(head));
        pairs.enumerate().map(|(k, (key, value))| (self.first + k, key, value))
    }

    /// Second half of a block: attention to all `tokens`, then the feed-forward.
    pub fn attend_and_feed_forward(
        &mut self,
        block: &Block,
        modulation: &Modulation,
        keys: &Matrix,
        values: &Matrix,
        tokens: usize,
    ) {
        self.attend(keys, values, tokens);
        block.attended.add_product(&self.normed, &mut self.x);
        rows::layer_norm(&self.x, &modulation.scale[1], &modulation.shift[1], &mut self.normed);
        block.gate.product(&self.normed, &mut self.gate);
        block.up.product(&self.normed, &mut self.up);
        rows::swiglu(&mut self.gate, &self.up);
        block.down.add_product(&self.gate, &mut self.x);
    }

    /// Attention with one key and value head: to it, a token's heads are so many rows.
    fn attend(&mut self, keys: &Matrix, values: &Matrix, tokens: usize) {
        let (span, head) = (keys.columns(), values.columns());
        let part = ATTENTIVE * self.hidden;
        for (query, out) in self.query.chunks(part).zip(self.normed.chunks_mut(part)) {
            let count = query.len() / head;
            let (scores, sums) = (&mut self.scores[..count * span], &mut self.sums[..count]);
            keys.product(query, scores);
            rows::exp_scores(scores, span, tokens, sums);
            values.product(scores, out);
            rows::divide_rows(out, head, sums);
        }
    }

    /// The last layer `[tokens, values]`.
    pub fn leave(&mut self, weights: &Weights) -> Vec<f32> {
        let none = vec![0.0; self.hidden];
        rows::layer_norm(&self.x, &weights.norm, &none, &mut self.normed);
        weights.output.of(&self.normed)
    }
}
