//! Layers of the encoder, on rows without tensors.
//!
//! Each part of a layer reads the rows after a norm by root mean square and is added to them: attention of every
//! row to every other (Vaswani and others, arXiv 1706.03762, section 3.2.1) with rotary positions (Su and others,
//! arXiv 2104.09864, section 3.2), then a feed-forward gated by a SiLU (Shazeer, arXiv 2002.05202, section 2).
//! Each row is computed by itself and in the same order, so the result does not depend on the number of threads.

use neural::archive::Archive;
use neural::attention::Memory;
use neural::matmul::Matrix;
use neural::rotary::Rotary;
use neural::rows;
use performers::PerformError;
use rayon::prelude::*;

use super::config::NetworkConfig;

/// Rows that one thread takes at once.
const ROWS: usize = 16;

/// A product with rows.
pub struct Product(Matrix);

impl Product {
    /// Reads a linear layer `[rows, columns]`, with every weight times a factor.
    pub fn load(
        archive: &Archive,
        name: &str,
        [rows, columns]: [usize; 2],
        factor: f32,
    ) -> Result<Self, PerformError> {
        let mut weights = archive.numbers(&format!("{name}.weight"), &[rows, columns])?;
        weights.iter_mut().for_each(|weight| *weight *= factor);
        Ok(Self(Matrix::from_rows(&weights, columns)))
    }

    /// The product with some rows: `[n, rows]` becomes `[n, columns]`.
    pub fn of(&self, rows: &[f32]) -> Vec<f32> {
        let (depth, columns) = (self.0.rows(), self.0.columns());
        let mut out = vec![0.0; rows.len() / depth * columns];
        let parts = rows.par_chunks(ROWS * depth).zip(out.par_chunks_mut(ROWS * columns));
        parts.for_each(|(rows, out)| self.0.product(rows, out));
        out
    }
}

/// A norm by root mean square.
pub struct Norm(Vec<f32>);

impl Norm {
    /// Reads the factors `[hidden]`.
    pub fn load(archive: &Archive, name: &str, hidden: usize) -> Result<Self, PerformError> {
        Ok(Self(archive.numbers(&format!("{name}.gamma"), &[hidden])?))
    }

    /// Rows `[n, hidden]` after it.
    pub fn of(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; rows.len()];
        rows::rms_norm(rows, &self.0, &mut out);
        out
    }
}

/// Attention and feed-forward.
pub struct Layer {
    attention: Attention,
    forward: FeedForward,
}

impl Layer {
    /// Reads the layer's weights.
    pub fn load(archive: &Archive, layer: usize, sizes: &NetworkConfig) -> Result<Self, PerformError> {
        let name = format!("layers.{layer}");
        Ok(Self {
            attention: Attention::load(archive, &format!("{name}.attention"), sizes)?,
            forward: FeedForward::load(archive, &format!("{name}.forward"), sizes)?,
        })
    }

    /// Adds what it makes of the rows `[notes, hidden]`.
    pub fn apply(&self, x: &mut [f32], rotary: &Rotary) {
        let attended = self.attention.of(x, rotary);
        x.iter_mut().zip(attended).for_each(|(x, part)| *x += part);
        let forward = self.forward.of(x);
        x.iter_mut().zip(forward).for_each(|(x, part)| *x += part);
    }
}

struct Attention {
    before: Norm,
    /// Has the `1 / sqrt(head)` in it.
    query: Product,
    key: Product,
    value: Product,
    out: Product,
    head: usize,
    heads: usize,
}

impl Attention {
    fn load(archive: &Archive, name: &str, sizes: &NetworkConfig) -> Result<Self, PerformError> {
        let (hidden, head, heads) = (sizes.hidden, sizes.head, sizes.heads);
        let wide = [hidden, heads * head];
        let load =
            |part: &str, shape, factor| Product::load(archive, &format!("{name}.{part}"), shape, factor);
        Ok(Self {
            before: Norm::load(archive, &format!("{name}.before"), hidden)?,
            query: load("query", wide, 1.0 / (head as f32).sqrt())?,
            key: load("key", wide, 1.0)?,
            value: load("value", wide, 1.0)?,
            out: load("out", [wide[1], hidden], 1.0)?,
            head,
            heads,
        })
    }

    fn of(&self, x: &[f32], rotary: &Rotary) -> Vec<f32> {
        let normed = self.before.of(x);
        let (mut queries, mut keys) = (self.query.of(&normed), self.key.of(&normed));
        let values = self.value.of(&normed);
        for table in [&mut queries, &mut keys] {
            rows::rotate(table, self.heads, rotary.half, &rotary.cos, &rotary.sin);
        }
        let wide = self.heads * self.head;
        let mut memories = vec![Memory::new(self.head); self.heads];
        for (keys, values) in keys.chunks_exact(wide).zip(values.chunks_exact(wide)) {
            let heads = keys.chunks_exact(self.head).zip(values.chunks_exact(self.head));
            memories.iter_mut().zip(heads).for_each(|(memory, (key, value))| memory.push(key, value));
        }
        let mut mixed = vec![0.0; queries.len()];
        queries.par_chunks(wide).zip(mixed.par_chunks_mut(wide)).for_each(|(queries, mixed)| {
            let mut scores = Vec::new();
            let heads = queries.chunks_exact(self.head).zip(mixed.chunks_exact_mut(self.head));
            for (memory, (query, mixed)) in memories.iter().zip(heads) {
                memory.attend(query, memory.positions(), &mut scores, mixed);
            }
        });
        self.out.of(&mixed)
    }
}

struct FeedForward {
    before: Norm,
    gate: Product,
    up: Product,
    down: Product,
}

impl FeedForward {
    fn load(archive: &Archive, name: &str, sizes: &NetworkConfig) -> Result<Self, PerformError> {
        let (hidden, wide) = (sizes.hidden, sizes.feed_forward);
        let load = |part: &str, shape| Product::load(archive, &format!("{name}.{part}"), shape, 1.0);
        Ok(Self {
            before: Norm::load(archive, &format!("{name}.before"), hidden)?,
            gate: load("gate", [hidden, wide])?,
            up: load("up", [hidden, wide])?,
            down: load("down", [wide, hidden])?,
        })
    }

    fn of(&self, x: &[f32]) -> Vec<f32> {
        let normed = self.before.of(x);
        let mut gate = self.gate.of(&normed);
        rows::swiglu(&mut gate, &self.up.of(&normed));
        self.down.of(&gate)
    }
}
