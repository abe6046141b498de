//! Attention to keys and values that are kept while a sequence grows.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use crate::matmul::dispatch;
use crate::rows::{self, LANES};

/// Keys and values of one head, one row a position.
#[derive(Clone, Debug)]
pub struct Memory {
    head: usize,
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl Memory {
    /// Nothing yet, for heads of this width.
    pub fn new(head: usize) -> Self {
        Self { head, keys: Vec::new(), values: Vec::new() }
    }

    /// Positions kept.
    pub fn positions(&self) -> usize {
        self.keys.len() / self.head
    }

    /// Adds a position.
    pub fn push(&mut self, key: &[f32], value: &[f32]) {
        self.keys.extend_from_slice(key);
        self.values.extend_from_slice(value);
    }

    /// `softmax(q k) v` over the first `positions` positions, for some queries `[queries, head]` that
    /// have the `1 / sqrt(head)` in them. Every query is computed by itself and in the same order.
    pub fn attend(&self, queries: &[f32], positions: usize, scores: &mut Vec<f32>, out: &mut [f32]) {
        self.attend_within(queries, 0..positions, scores, out);
    }

    /// As [`Self::attend`], over some positions that follow each other.
    pub fn attend_within(
        &self,
        queries: &[f32],
        positions: Range<usize>,
        scores: &mut Vec<f32>,
        out: &mut [f32],
    ) {
        let (head, count) = (self.head, positions.len());
        let (keys, values) = (&self.keys[positions.start * head..], &self.values[positions.start * head..]);
        let span = count.next_multiple_of(LANES);
        scores.resize(span, 0.0);
        for (query, out) in queries.chunks_exact(head).zip(out.chunks_exact_mut(head)) {
            dispatch(Scores { query, keys: &keys[..count * head], out: scores });
            let mut sum = [0.0];
            rows::exp_scores(scores, span, count, &mut sum);
            dispatch(Mix { shares: &scores[..count], values, out });
            rows::divide_rows(out, head, &sum);
        }
    }
}

struct Scores<'a> {
    query: &'a [f32],
    keys: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Scores<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (key, out) in self.keys.chunks_exact(self.query.len()).zip(self.out) {
            *out = dot(self.query, key);
        }
    }
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        (0..LANES).for_each(|k| sums[k] += a[k] * b[k]);
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

struct Mix<'a> {
    shares: &'a [f32],
    values: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.out.fill(0.0);
        let width = self.out.len();
        for (share, value) in self.shares.iter().zip(self.values.chunks_exact(width)) {
            self.out.iter_mut().zip(value).for_each(|(out, value)| *out += share * value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As if there were no others, to the bit.
    #[test]
    fn positions_in_the_middle_are_seen_alone() {
        let number = |k: usize| ((k * 7919 % 1009) as f32 / 500.0).cos();
        let (head, seen) = (8, 5..23);
        let row = |k: usize| -> Vec<f32> { (0..head).map(|i| number(k * head + i)).collect() };
        let (mut all, mut some) = (Memory::new(head), Memory::new(head));
        (0..40).for_each(|k| all.push(&row(k), &row(k + 50)));
        seen.clone().for_each(|k| some.push(&row(k), &row(k + 50)));
        let (mut found, mut expected) = (vec![0.0; head], vec![0.0; head]);
        all.attend_within(&row(200), seen.clone(), &mut Vec::new(), &mut found);
        some.attend(&row(200), seen.len(), &mut Vec::new(), &mut expected);
        assert_eq!(found, expected);
    }

    #[test]
    fn shares_follow_the_products_of_query_and_key() {
        let number = |k: usize| ((k * 7919 % 1009) as f32 / 500.0).sin();
        let (head, kept, seen) = (20, 37, 33);
        let row = |k: usize| -> Vec<f32> { (0..head).map(|i| number(k * head + i)).collect() };
        let mut memory = Memory::new(head);
        (0..kept).for_each(|k| memory.push(&row(k), &row(k + 100)));
        assert_eq!(memory.positions(), kept);
        let queries = [row(200), row(201)].concat();
        let mut out = vec![0.0; 2 * head];
        memory.attend(&queries, seen, &mut Vec::new(), &mut out);
        for (query, out) in queries.chunks(head).zip(out.chunks(head)) {
            let product = |k: usize| -> f64 {
                query.iter().zip(row(k)).map(|(q, v)| f64::from(*q) * f64::from(v)).sum()
            };
            let weights: Vec<f64> = (0..seen).map(|k| product(k).exp()).collect();
            let total: f64 = weights.iter().sum();
            for (i, out) in out.iter().enumerate() {
                let mixed = |k: usize| weights[k] * f64::from(row(k + 100)[i]);
                let expected = (0..seen).map(mixed).sum::<f64>() / total;
                assert!((f64::from(*out) - expected).abs() < 1e-5, "{out} for {expected}");
            }
        }
    }
}
