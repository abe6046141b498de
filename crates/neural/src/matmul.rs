//! Products of matrices with the widest vectors that the processor has, chosen at run time.

use std::ops::Range;

use pulp::{Simd, WithSimd};

/// Vectors side by side in one tile of a product. With [`TALL`] rows their sums fill most of 32
/// registers, with [`SHORT`] rows most of 16; with more, not all stay in registers, which halves
/// the speed.
const WIDE: usize = 3;
const TALL: usize = 8;
const SHORT: usize = 3;

/// Runs `op`, compiled for the processor that it runs on. `Arch` alone would know AVX-512 and nothing
/// below it: the feature for AVX2 is not among those that `gemm` gives to `pulp`.
#[inline(always)]
pub fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(simd) = pulp::x86::V4::try_new() {
            return Simd::vectorize(simd, op);
        }
        if let Some(simd) = pulp::x86::V3::try_new() {
            return Simd::vectorize(simd, op);
        }
    }
    pulp::Arch::new().dispatch(op)
}

/// Numbers in a vector of this processor.
fn lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    dispatch(Lanes)
}

/// A right factor, laid out for products: panels of some columns, each row after row, so that the
/// innermost loop reads from front to back.
#[derive(Clone, Debug)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    /// Columns of a panel. The last panel is filled up with zeros.
    width: usize,
    panels: Vec<f32>,
}

impl Matrix {
    /// Zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self::for_lanes(rows, columns, lanes())
    }

    fn for_lanes(rows: usize, columns: usize, lanes: usize) -> Self {
        let width = WIDE * lanes;
        Self { rows, columns, width, panels: vec![0.0; rows * columns.next_multiple_of(width)] }
    }

    /// From rows of `columns` numbers each.
    pub fn from_rows(rows: &[f32], columns: usize) -> Self {
        let mut matrix = Self::zeros(rows.len() / columns, columns);
        rows.chunks_exact(columns).enumerate().for_each(|(k, row)| matrix.set_row(k, row));
        matrix
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Replaces a row.
    pub fn set_row(&mut self, row: usize, values: &[f32]) {
        let panels = self.panels.chunks_exact_mut(self.rows * self.width);
        for (panel, part) in panels.zip(values.chunks(self.width)) {
            panel[row * self.width..][..part.len()].copy_from_slice(part);
        }
    }

    /// Replaces a column.
    pub fn set_column(&mut self, column: usize, values: &[f32]) {
        let panel = &mut self.panels[column / self.width * self.rows * self.width..];
        for (row, value) in panel.chunks_exact_mut(self.width).zip(values) {
            row[column % self.width] = *value;
        }
    }

    /// `out = left · self` for a left factor of any number of rows.
    pub fn product(&self, left: &[f32], out: &mut [f32]) {
        dispatch(Product { left, right: self, out, add: false });
    }

    /// `out += left · self`.
    pub fn add_product(&self, left: &[f32], out: &mut [f32]) {
        dispatch(Product { left, right: self, out, add: true });
    }
}

struct Product<'a> {
    left: &'a [f32],
    right: &'a Matrix,
    out: &'a mut [f32],
    add: bool,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { left, right, out, add } = self;
        let (depth, columns) = (right.rows, right.columns);
        let rows = left.len() / depth;
        for (k, panel) in right.panels.chunks_exact(depth * right.width).enumerate() {
            let at = k * right.width..columns.min((k + 1) * right.width);
            let vectors = at.len().div_ceil(S::F32_LANES);
            let tiles = Tiles { left, panel, depth, columns, at, add };
            // The last panel may hold less than the others.
            match vectors {
                1 => tiles.compute_rows::<S, 1>(simd, rows, out),
                2 => tiles.compute_rows::<S, 2>(simd, rows, out),
                _ => tiles.compute_rows::<S, WIDE>(simd, rows, out),
            }
        }
    }
}

/// The part of a product that is in one panel's columns.
struct Tiles<'a> {
    left: &'a [f32],
    panel: &'a [f32],
    depth: usize,
    columns: usize,
    at: Range<usize>,
    add: bool,
}

impl Tiles<'_> {
    /// All rows, of the first `WIDTH` vectors of the panel.
    #[inline(always)]
    fn compute_rows<S: Simd, const WIDTH: usize>(&self, simd: S, rows: usize, out: &mut [f32]) {
        let mut row = 0;
        while S::REGISTER_COUNT >= 32 && row + TALL <= rows {
            self.compute::<S, TALL, WIDTH>(simd, row, out);
            row += TALL;
        }
        while row + SHORT <= rows {
            self.compute::<S, SHORT, WIDTH>(simd, row, out);
            row += SHORT;
        }
        while row < rows {
            self.compute::<S, 1, WIDTH>(simd, row, out);
            row += 1;
        }
    }

    /// Some rows from `row` on. Every sum runs over the depth from front to back, however many rows
    /// there are, so a row's result does not depend on its neighbours.
    #[inline(always)]
    fn compute<S: Simd, const ROWS: usize, const WIDTH: usize>(&self, simd: S, row: usize, out: &mut [f32]) {
        let depth = self.depth;
        let left: [&[f32]; ROWS] = std::array::from_fn(|r| &self.left[(row + r) * depth..][..depth]);
        let (vectors, _) = S::as_simd_f32s(self.panel);
        let (vectors, _) = vectors.as_chunks::<WIDE>();
        let mut sums = [[simd.splat_f32s(0.0); WIDTH]; ROWS];
        for (k, vectors) in vectors[..depth].iter().enumerate() {
            for (left, sums) in left.iter().zip(&mut sums) {
                let factor = simd.splat_f32s(left[k]);
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = simd.mul_add_e_f32s(factor, *vector, *sum);
                }
            }
        }
        for (r, sums) in sums.into_iter().enumerate() {
            let out = &mut out[(row + r) * self.columns..][self.at.clone()];
            for (slot, sum) in out.chunks_mut(S::F32_LANES).zip(sums) {
                let sum = if self.add { simd.add_f32s(simd.partial_load_f32s(slot), sum) } else { sum };
                simd.partial_store_f32s(slot, sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that follow no rule a mistake could follow, too.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|k| (((k + seed) * 7919 % 1009) as f32 / 500.0).sin()).collect()
    }

    fn check<S: Simd>(simd: S, rows: usize, depth: usize, columns: usize) {
        let (left, right) = (numbers(rows * depth, 1), numbers(depth * columns, 2));
        let start = numbers(rows * columns, 3);
        let mut by_rows = Matrix::for_lanes(depth, columns, S::F32_LANES);
        let mut by_columns = by_rows.clone();
        right.chunks_exact(columns).enumerate().for_each(|(k, row)| by_rows.set_row(k, row));
        for k in 0..columns {
            let column: Vec<f32> = right.iter().skip(k).step_by(columns).copied().collect();
            by_columns.set_column(k, &column);
        }
        let (mut plain, mut added) = (start.clone(), start.clone());
        simd.vectorize(Product { left: &left, right: &by_rows, out: &mut plain, add: false });
        simd.vectorize(Product { left: &left, right: &by_columns, out: &mut added, add: true });
        for at in 0..rows * columns {
            let (row, column) = (at / columns, at % columns);
            let term = |k: usize| f64::from(left[row * depth + k]) * f64::from(right[k * columns + column]);
            let expected = (0..depth).map(term).sum::<f64>();
            let error = (f64::from(plain[at]) - expected).abs();
            let error = error.max((f64::from(added[at]) - expected - f64::from(start[at])).abs());
            let lanes = S::F32_LANES;
            assert!(error < 1e-6 * depth as f64, "{lanes} lanes, {rows} x {depth} x {columns}: {error}");
        }
    }

    /// On all kinds of processors that this one can be.
    #[test]
    fn products_are_right() {
        for (rows, depth, columns) in
            [(1, 1, 1), (23, 48, 272), (12, 7, 100), (17, 9, 32), (9, 576, 49), (3, 2, 96)]
        {
            #[cfg(target_arch = "x86_64")]
            {
                pulp::x86::V4::try_new().into_iter().for_each(|simd| check(simd, rows, depth, columns));
                pulp::x86::V3::try_new().into_iter().for_each(|simd| check(simd, rows, depth, columns));
            }
            check(pulp::Scalar, rows, depth, columns);
        }
    }
}
