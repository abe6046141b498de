//! The semi-Markov conditional random field over intervals: of all ways to lay intervals over the frames
//! so that they do not overlap, that with the highest score (Yan, Cwitkowitz and Duan, NeurIPS 2021).
//!
//! Every pair of frames has a score for an interval from one to the other; a single frame has one, too.
//! Frames that no interval covers score nothing.

use neural::matmul::Matrix;

use crate::rows::largest;

/// Starts whose scores are computed at once.
const STARTS: usize = 24;

/// Ends whose scores are computed at once: whole panels of every kind of matrix.
const ENDS: usize = 144;

/// From every frame on, the best way to the last one.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    /// For each frame but the last: where an interval that starts there ends, or 0 if none does.
    ends: Vec<u16>,
    /// Whether a frame is an interval of its own.
    singles: Vec<bool>,
}

impl Paths {
    /// The best paths for these scores: an interval from frame `b` to frame `e > b` scores `e - b` times
    /// the product of query `e` and key `b`; a frame by itself scores what `singles` says. Queries and
    /// keys are rows of `width` numbers, one a frame.
    pub fn best(queries: &[f32], keys: &[f32], width: usize, singles: &[f32]) -> Self {
        let frames = singles.len();
        let parts: Vec<Matrix> = queries.chunks(ENDS * width).map(|rows| transposed(rows, width)).collect();
        let mut scores = Vec::new();
        let mut search = Search::new(singles);
        let mut line = vec![0.0; frames];
        for block in (0..frames).step_by(STARTS).rev() {
            let starts = &keys[block * width..frames.min(block + STARTS) * width];
            // Ends before the block are behind its starts.
            let first = block / ENDS;
            scores.resize(parts.len(), Vec::new());
            for (part, scores) in parts.iter().zip(&mut scores).skip(first) {
                scores.resize(starts.len() / width * part.columns(), 0.0);
                part.product(starts, scores);
            }
            for row in (0..starts.len() / width).rev() {
                for (k, (part, scores)) in parts.iter().zip(&scores).enumerate().skip(first) {
                    let row = &scores[row * part.columns()..][..part.columns()];
                    line[k * ENDS..][..row.len()].copy_from_slice(row);
                }
                search.step(block + row, &mut line);
            }
        }
        search.paths
    }

    /// The intervals of the best path from a frame on, first and last frame of each, in order. One of a
    /// single frame comes before a longer one that starts there.
    pub fn from(&self, start: usize) -> Vec<[usize; 2]> {
        let mut found = Vec::new();
        let mut at = start;
        let last = self.singles.len() - 1;
        while at < last {
            if self.singles[at] {
                found.push([at, at]);
            }
            let end = usize::from(self.ends[at]);
            if end > 0 {
                found.push([at, end]);
            }
            at = end.max(at + 1);
        }
        if self.singles[last] {
            found.push([last, last]);
        }
        found
    }
}

/// Rows of `width` numbers as columns.
fn transposed(rows: &[f32], width: usize) -> Matrix {
    let mut matrix = Matrix::zeros(width, rows.len() / width);
    rows.chunks_exact(width).enumerate().for_each(|(k, row)| matrix.set_column(k, row));
    matrix
}

/// The search from the last frame to the first (Viterbi's).
struct Search {
    /// Score of the best path from each frame on.
    best: Vec<f32>,
    singles: Vec<f32>,
    paths: Paths,
}

impl Search {
    fn new(singles: &[f32]) -> Self {
        let frames = singles.len();
        let paths = Paths { ends: vec![0; frames], singles: singles.iter().map(|v| *v > 0.0).collect() };
        Self { best: vec![0.0; frames], singles: singles.to_vec(), paths }
    }

    /// Goes on with a frame; `products` has the product of its key with all queries, of which those of
    /// later frames count, and is overwritten.
    fn step(&mut self, frame: usize, products: &mut [f32]) {
        let mut best = 0.0;
        if frame + 1 < self.best.len() {
            let later = &mut products[frame + 1..];
            for (k, (v, best)) in later.iter_mut().zip(&self.best[frame + 1..]).enumerate() {
                *v = best + *v * (k + 1) as f32;
            }
            let (k, score) = largest(later);
            best = self.best[frame + 1];
            if score > best {
                best = score;
                self.paths.ends[frame] = (frame + 1 + k) as u16;
            }
        }
        self.best[frame] = best + self.singles[frame].max(0.0);
    }
}

#[cfg(test)]
#[path = "intervals_tests.rs"]
mod tests;
