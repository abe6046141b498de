//! What layers of transformers are made of, each part between two norms and added to the rows:
//!
//! - norms by root mean square (Zhang and Sennrich, arXiv 1910.07467, section 3);
//! - attention by scaled products (Vaswani and others, arXiv 1706.03762, section 3.2.1) with as many or
//!   fewer heads of keys and values than of queries (Ainslie and others, arXiv 2305.13245, section 2.2) and
//!   rotary positions (Su and others, arXiv 2104.09864, section 3.2);
//! - feed-forwards gated by a SiLU (Shazeer, arXiv 2002.05202, section 2).
//!
//! Each row is computed by itself and in the same order, so the result does not depend on the number of
//! threads nor on how many rows go in at once.

use std::ops::Range;

use rayon::prelude::*;

use crate::archive::Archive;
use crate::attention::Memory;
use crate::error::WeightsError;
use crate::product::Product;
use crate::rotary::Rotary;
use crate::rows;

/// Sizes of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerSizes {
    /// Width of a row.
    pub hidden: usize,
    /// Width within the feed-forward.
    pub feed_forward: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values; each serves as many heads of queries.
    pub key_value_heads: usize,
    /// Width of a head; even, for the pairs of the rotary positions.
    pub head: usize,
}

/// Factors of the norms before and after a part of a layer `[hidden]`.
pub struct Norms {
    before: Vec<f32>,
    after: Vec<f32>,
}

impl Norms {
    fn load(archive: &Archive, name: &str, hidden: usize) -> Result<Self, WeightsError> {
        Ok(Self {
            before: norm(archive, &format!("{name}.before"), hidden)?,
            after: norm(archive, &format!("{name}.after"), hidden)?,
        })
    }

    fn enter(&self, x: &[f32]) -> Vec<f32> {
        normed(x, &self.before)
    }

    fn leave(&self, x: &mut [f32], part: &[f32]) {
        let part = normed(part, &self.after);
        x.iter_mut().zip(part).for_each(|(x, part)| *x += part);
    }
}

/// Reads the factors of a norm `[hidden]`.
///
/// # Errors
/// When they are missing, damaged, or of another size.
pub fn norm(archive: &Archive, name: &str, hidden: usize) -> Result<Vec<f32>, WeightsError> {
    archive.numbers(&format!("{name}.gamma"), &[hidden])
}

/// Rows `[n, hidden]` after a norm.
pub fn normed(rows: &[f32], scale: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; rows.len()];
    rows::rms_norm(rows, scale, &mut out);
    out
}

/// Attention with its norms and projections.
pub struct Attention {
    norms: Norms,
    /// Has the `1 / sqrt(head)` in it.
    query: Product,
    key: Product,
    value: Product,
    out: Product,
    head: usize,
}

/// Keys and values, one [`Memory`] a head.
pub type Memories = Vec<Memory>;

/// How much of its memories each row sees.
#[derive(Clone, Copy)]
pub enum Sight<'a> {
    /// Everything.
    All,
    /// The first row as many positions, each row after it one more.
    From(usize),
    /// Each row the positions that are given for it, such as those of its own beat.
    Each(&'a [Range<usize>]),
}

impl Attention {
    /// Reads the layer's weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub fn load(archive: &Archive, name: &str, sizes: &LayerSizes) -> Result<Self, WeightsError> {
        let (hidden, head) = (sizes.hidden, sizes.head);
        let (wide, narrow) = (sizes.heads * head, sizes.key_value_heads * head);
        let scale = 1.0 / (head as f32).sqrt();
        let mut query = archive.numbers(&format!("{name}.query.weight"), &[hidden, wide])?;
        query.iter_mut().for_each(|weight| *weight *= scale);
        Ok(Self {
            norms: Norms::load(archive, name, hidden)?,
            query: Product::from_rows(&query, wide),
            key: Product::load(archive, &format!("{name}.key"), hidden, narrow)?,
            value: Product::load(archive, &format!("{name}.value"), hidden, narrow)?,
            out: Product::load(archive, &format!("{name}.out"), wide, hidden)?,
            head,
        })
    }

    /// Memories without positions.
    pub fn memories(&self) -> Memories {
        vec![Memory::new(self.head); self.key.columns() / self.head]
    }

    /// Adds the keys and values of rows; without rotary positions where what is kept is another
    /// sequence.
    pub fn remember(&self, memories: &mut Memories, normed: &[f32], rotary: Option<(&Rotary, usize)>) {
        let (mut keys, values) = (self.key.of(normed), self.value.of(normed));
        let narrow = self.key.columns();
        if let Some((rotary, first)) = rotary {
            rotate(&mut keys, narrow / self.head, rotary, first);
        }
        for (keys, values) in keys.chunks_exact(narrow).zip(values.chunks_exact(narrow)) {
            let heads = keys.chunks_exact(self.head).zip(values.chunks_exact(self.head));
            memories.iter_mut().zip(heads).for_each(|(memory, (key, value))| memory.push(key, value));
        }
    }

    /// Attention of rows to themselves, `first` being the position of the first.
    pub fn attend_to_self(
        &self,
        x: &mut [f32],
        memories: &mut Memories,
        rotary: &Rotary,
        first: usize,
        sight: Sight<'_>,
    ) {
        let normed = self.norms.enter(x);
        self.remember(memories, &normed, Some((rotary, first)));
        let mut queries = self.query.of(&normed);
        rotate(&mut queries, self.query.columns() / self.head, rotary, first);
        self.mix(x, &queries, memories, sight);
    }

    /// Attention of rows to another sequence.
    pub fn attend_to_other(&self, x: &mut [f32], memories: &Memories) {
        let queries = self.query.of(&self.norms.enter(x));
        self.mix(x, &queries, memories, Sight::All);
    }

    /// Adds to the rows what their queries `[n, heads * head]` find in the memories.
    fn mix(&self, x: &mut [f32], queries: &[f32], memories: &Memories, sight: Sight<'_>) {
        let wide = self.query.columns();
        let group = wide / memories.len();
        let mut mixed = vec![0.0; queries.len()];
        let row = |(k, (queries, mixed)): (usize, (&[f32], &mut [f32]))| {
            let mut scores = Vec::new();
            for (memory, (queries, mixed)) in
                memories.iter().zip(queries.chunks_exact(group).zip(mixed.chunks_exact_mut(group)))
            {
                let positions = match sight {
                    Sight::All => 0..memory.positions(),
                    Sight::From(first) => 0..first + k,
                    Sight::Each(positions) => positions[k].clone(),
                };
                memory.attend_within(queries, positions, &mut scores, mixed);
            }
        };
        if queries.len() == wide {
            row((0, (queries, &mut mixed)));
        } else {
            queries.par_chunks(wide).zip(mixed.par_chunks_mut(wide)).enumerate().for_each(row);
        }
        self.norms.leave(x, &self.out.of(&mixed));
    }
}

fn rotate(table: &mut [f32], heads: usize, rotary: &Rotary, first: usize) {
    let from = first * rotary.half;
    rows::rotate(table, heads, rotary.half, &rotary.cos[from..], &rotary.sin[from..]);
}

/// The gated feed-forward with its norms.
pub struct FeedForward {
    norms: Norms,
    gate: Product,
    up: Product,
    down: Product,
}

impl FeedForward {
    /// Reads the layer's weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub fn load(archive: &Archive, name: &str, sizes: &LayerSizes) -> Result<Self, WeightsError> {
        let (hidden, wide) = (sizes.hidden, sizes.feed_forward);
        Ok(Self {
            norms: Norms::load(archive, name, hidden)?,
            gate: Product::load(archive, &format!("{name}.gate"), hidden, wide)?,
            up: Product::load(archive, &format!("{name}.up"), hidden, wide)?,
            down: Product::load(archive, &format!("{name}.down"), wide, hidden)?,
        })
    }

    /// Adds what it makes of the rows.
    pub fn apply(&self, x: &mut [f32]) {
        let normed = self.norms.enter(x);
        let mut gate = self.gate.of(&normed);
        rows::swiglu(&mut gate, &self.up.of(&normed));
        self.norms.leave(x, &self.down.of(&gate));
    }
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
