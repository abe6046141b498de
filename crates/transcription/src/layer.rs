//! A layer of the transformer: attention and feed-forward block over frequency, then over time.

use neural::archive::Archive;
use neural::matmul::Matrix;
use neural::rows::{LANES, divide_rows, exp_scores};
use neural::weights::WeightsError;

use crate::linear::{Linear, Perceptron};
use crate::rows::rms_norm;

/// Attention and feed-forward block, along one line of tokens.
pub struct Block {
    width: usize,
    heads: usize,
    /// With the `1 / sqrt(width of a head)` in it.
    queries: Matrix,
    keys_and_values: Matrix,
    /// With the factor that each output is multiplied by in it, as has `perceptron`.
    out: Linear,
    perceptron: Perceptron,
}

/// What a thread needs for a line.
#[derive(Default)]
pub struct Workspace {
    normed: Vec<f32>,
    queries: Vec<f32>,
    keys_and_values: Vec<f32>,
    mixed: Vec<f32>,
    hidden: Vec<f32>,
    head: Option<Head>,
}

/// What a thread needs for a head of the attention.
struct Head {
    keys: Matrix,
    values: Matrix,
    queries: Vec<f32>,
    scores: Vec<f32>,
    sums: Vec<f32>,
    out: Vec<f32>,
}

impl Block {
    /// Reads the block of a layer along `axis`, which is `F` or `T`.
    pub fn load(
        archive: &Archive,
        layer: &str,
        axis: &str,
        [width, heads, growth]: [usize; 3],
    ) -> Result<Self, WeightsError> {
        let attention = format!("{layer}.mhaBlock{axis}");
        let projection =
            |what: &str| archive.numbers(&format!("{attention}.module.{what}_proj_weight"), &[width, width]);
        let factor = 1.0 / ((width / heads) as f32).sqrt();
        let queries: Vec<f32> = projection("q")?.iter().map(|v| v * factor).collect();
        let (keys, values) = (projection("k")?, projection("v")?);
        let both = keys.chunks_exact(width).zip(values.chunks_exact(width));
        let both: Vec<f32> = both.flat_map(|(k, v)| k.iter().chain(v)).copied().collect();
        let scale = archive.numbers(&format!("{attention}.scale"), &[width])?;
        let feed = format!("{layer}.fnnBlock{axis}");
        let feed_scale = archive.numbers(&format!("{feed}.scale"), &[width])?;
        Ok(Self {
            width,
            heads,
            queries: Matrix::from_rows(&queries, width),
            keys_and_values: Matrix::from_rows(&both, 2 * width),
            out: Linear::scaled(archive, &format!("{attention}.module.out_proj"), width, &scale)?,
            perceptron: Perceptron::scaled(
                archive,
                &format!("{feed}.module"),
                [width, growth * width],
                &feed_scale,
            )?,
        })
    }

    /// Takes note of the rows that [`Self::apply`] will attend to. They are not normalized.
    pub fn remember(&self, rows: &[f32], work: &mut Workspace) {
        resize(&mut work.keys_and_values, 2 * rows.len());
        self.keys_and_values.product(rows, &mut work.keys_and_values);
    }

    /// Changes rows of a line, which attend to those that were remembered.
    pub fn apply(&self, rows: &mut [f32], work: &mut Workspace) {
        resize(&mut work.normed, rows.len());
        rms_norm(rows, self.width, &mut work.normed);
        resize(&mut work.queries, rows.len());
        self.queries.product(&work.normed, &mut work.queries);
        self.attend(work);
        self.out.add(&work.mixed, rows);
        rms_norm(rows, self.width, &mut work.normed);
        self.perceptron.add(&work.normed, &mut work.hidden, rows);
    }

    /// What every head makes of keys and values, side by side.
    fn attend(&self, work: &mut Workspace) {
        let (width, size) = (self.width, self.width / self.heads);
        let (asking, answering) = (work.queries.len() / width, work.keys_and_values.len() / 2 / width);
        resize(&mut work.mixed, work.queries.len());
        let span = answering.next_multiple_of(LANES);
        let fits = |head: &Head| head.keys.columns() == span && head.sums.len() == asking;
        let head = work.head.take().filter(fits);
        let mut head = head.unwrap_or_else(|| Head::new(size, span, asking));
        for at in (0..width).step_by(size) {
            for (k, row) in work.keys_and_values.chunks_exact(2 * width).enumerate() {
                head.keys.set_column(k, &row[at..at + size]);
                head.values.set_row(k, &row[width + at..][..size]);
            }
            head.queries.clear();
            work.queries.chunks_exact(width).for_each(|row| head.queries.extend(&row[at..at + size]));
            head.keys.product(&head.queries, &mut head.scores);
            exp_scores(&mut head.scores, span, answering, &mut head.sums);
            head.values.product(&head.scores, &mut head.out);
            divide_rows(&mut head.out, size, &head.sums);
            for (row, out) in work.mixed.chunks_exact_mut(width).zip(head.out.chunks_exact(size)) {
                row[at..at + size].copy_from_slice(out);
            }
        }
        work.head = Some(head);
    }
}

impl Head {
    fn new(size: usize, span: usize, asking: usize) -> Self {
        Self {
            keys: Matrix::zeros(size, span),
            values: Matrix::zeros(span, size),
            queries: Vec::new(),
            scores: vec![0.0; asking * span],
            sums: vec![0.0; asking],
            out: vec![0.0; asking * size],
        }
    }
}

/// Gives it this length; what is in it counts no more.
fn resize(values: &mut Vec<f32>, length: usize) {
    values.resize(length, 0.0);
}

#[cfg(test)]
#[path = "layer_tests.rs"]
mod tests;
