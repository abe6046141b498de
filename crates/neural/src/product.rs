//! Products of rows with the weights of a layer, on two threads.

use std::ops::Range;

use rayon::prelude::*;

use crate::archive::Archive;
use crate::error::WeightsError;
use crate::matmul::Matrix;

/// Fewer multiplications than this are not worth a second thread.
const WORTH_TWO: usize = 1 << 19;

/// Rows that one thread takes at once.
const ROWS: usize = 16;

/// A right factor in two halves of its columns, one a thread where there is a single row.
pub struct Product {
    halves: [Matrix; 2],
}

impl Product {
    /// From rows of `columns` numbers each `[rows, columns]`.
    pub fn from_rows(rows: &[f32], columns: usize) -> Self {
        let middle = columns.div_ceil(2);
        let half = |part: Range<usize>| {
            if part.is_empty() {
                return Matrix::zeros(rows.len() / columns, 0);
            }
            let of_part = rows.chunks_exact(columns).flat_map(|row| &row[part.clone()]);
            Matrix::from_rows(&of_part.copied().collect::<Vec<f32>>(), part.len())
        };
        Self { halves: [half(0..middle), half(middle..columns)] }
    }

    /// Reads a linear layer `[rows, columns]`.
    ///
    /// # Errors
    /// When there is no such layer, or it has other sizes.
    pub fn load(archive: &Archive, name: &str, rows: usize, columns: usize) -> Result<Self, WeightsError> {
        Ok(Self::from_rows(&archive.numbers(&format!("{name}.weight"), &[rows, columns])?, columns))
    }

    /// Its columns.
    pub fn columns(&self) -> usize {
        self.halves.iter().map(Matrix::columns).sum()
    }

    /// The product with some rows: `[n, rows]` becomes `[n, columns]`.
    pub fn of(&self, rows: &[f32]) -> Vec<f32> {
        let depth = self.halves[0].rows();
        let columns = self.columns();
        let mut out = vec![0.0; rows.len() / depth * columns];
        if rows.len() == depth {
            let (left, right) = out.split_at_mut(self.halves[0].columns());
            if depth * columns < WORTH_TWO {
                self.halves[0].product(rows, left);
                self.halves[1].product(rows, right);
            } else {
                rayon::join(|| self.halves[0].product(rows, left), || self.halves[1].product(rows, right));
            }
            return out;
        }
        let parts = rows.par_chunks(ROWS * depth).zip(out.par_chunks_mut(ROWS * columns));
        parts.for_each(|(rows, out)| self.fill(rows, out));
        out
    }

    fn fill(&self, rows: &[f32], out: &mut [f32]) {
        let columns = self.columns();
        let mut first = 0;
        for half in &self.halves {
            let width = half.columns();
            let mut part = vec![0.0; rows.len() / half.rows() * width];
            half.product(rows, &mut part);
            for (row, part) in out.chunks_exact_mut(columns).zip(part.chunks_exact(width.max(1))) {
                row[first..first + width].copy_from_slice(part);
            }
            first += width;
        }
    }
}
