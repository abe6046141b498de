//! The codebook in training: its codes are moving averages of what is nearest to them, and codes that nothing is
//! near to begin anew.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// What of the averages stays in a step at the most (gamma of van den Oord and others, arXiv 1711.00937, appendix A.1).
const MOST_KEPT: f32 = 0.99;

/// A code that was not chosen for so many steps begins anew (after Dhariwal and others, arXiv 2005.00341, section 3.1).
const DEAD_AFTER: u32 = 25;

/// Added to the counts, so that none is nothing (Laplace's rule).
const SMOOTH: f32 = 1e-5;

/// Name of the file in the folder of a checkpoint.
const FILE: &str = "codebook.safetensors";

/// Moving averages of a codebook, in the order of its codes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Averages {
    width: usize,
    /// Of each code, how many rows a step are nearest to it.
    counts: Vec<f32>,
    /// Of each code, the sum of these rows `[codes, width]`.
    sums: Vec<f32>,
    /// Of each code, for how many steps it was not chosen.
    unused: Vec<u32>,
}

/// What of the averages stays in a step of a run: less at its beginning, where what the encoder says moves fast, and
/// slow averages would leave all beats to a few codes.
pub(super) fn kept(step: usize) -> f32 {
    let step = step as f32;
    MOST_KEPT.min((step + 2.0) / (step + 11.0))
}

/// What a step's batch chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Chosen {
    /// The code of each row.
    pub(super) codes: Vec<usize>,
    /// The rows `[rows, width]`.
    pub(super) rows: Vec<f32>,
}

impl Averages {
    /// Those of a codebook `[codes, width]` of random numbers: codes that the first step does not choose begin anew.
    pub(super) fn new(codes: Vec<f32>, width: usize) -> Self {
        let count = codes.len() / width.max(1);
        Self { unused: vec![DEAD_AFTER; count], ..Self::of(codes, width) }
    }

    /// Those of a codebook `[codes, width]` that was learned.
    pub(super) fn of(codes: Vec<f32>, width: usize) -> Self {
        let count = codes.len() / width.max(1);
        Self { width, counts: vec![1.0; count], sums: codes, unused: vec![0; count] }
    }

    /// Takes a step, in which so much of the averages is [`kept`]; gives the new codebook `[codes, width]`. Codes that
    /// begin anew become rows of the batch, drawn by the seed.
    pub(super) fn step(&mut self, chosen: &Chosen, kept: f32, seed: u64) -> Vec<f32> {
        let width = self.width;
        self.counts.iter_mut().for_each(|count| *count *= kept);
        self.sums.iter_mut().for_each(|sum| *sum *= kept);
        self.unused.iter_mut().for_each(|steps| *steps = steps.saturating_add(1));
        for (code, row) in chosen.codes.iter().zip(chosen.rows.chunks_exact(width)) {
            self.counts[*code] += 1.0 - kept;
            self.unused[*code] = 0;
            let sums = &mut self.sums[code * width..(code + 1) * width];
            sums.iter_mut().zip(row).for_each(|(sum, number)| *sum += (1.0 - kept) * number);
        }
        self.restart(chosen, seed);
        let total: f32 = self.counts.iter().sum();
        let all = total + SMOOTH * self.counts.len() as f32;
        let codes = self.counts.iter().zip(self.sums.chunks_exact(width));
        codes
            .flat_map(|(count, sums)| {
                let count = (count + SMOOTH) / all * total;
                sums.iter().map(move |sum| sum / count)
            })
            .collect()
    }

    fn restart(&mut self, chosen: &Chosen, seed: u64) {
        let (width, rows) = (self.width, chosen.codes.len());
        if rows == 0 {
            return;
        }
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        for code in 0..self.counts.len() {
            if self.unused[code] >= DEAD_AFTER {
                let row = random.random_range(0..rows) * width;
                self.sums[code * width..(code + 1) * width].copy_from_slice(&chosen.rows[row..row + width]);
                (self.counts[code], self.unused[code]) = (1.0, 0);
            }
        }
    }

    /// Writes the averages into the folder of a checkpoint.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let bytes =
            |numbers: &[f32]| -> Vec<u8> { numbers.iter().flat_map(|number| number.to_le_bytes()).collect() };
        let (codes, counts, sums) = (self.counts.len(), bytes(&self.counts), bytes(&self.sums));
        let unused: Vec<u8> = self.unused.iter().flat_map(|steps| steps.to_le_bytes()).collect();
        let tensors = vec![
            ("counts", TensorView::new(Dtype::F32, vec![codes], &counts)?),
            ("sums", TensorView::new(Dtype::F32, vec![codes, self.width], &sums)?),
            ("unused", TensorView::new(Dtype::U32, vec![codes], &unused)?),
        ];
        let path = folder.join(FILE);
        std::fs::write(&path, safetensors::serialize(tensors, None)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads averages of a codebook `[codes, width]` from the folder of a checkpoint.
    ///
    /// # Errors
    /// When the file is missing, damaged, or for a codebook of other sizes.
    pub(super) fn read(folder: &Path, codes: usize, width: usize) -> Result<Self> {
        let path = folder.join(FILE);
        let bytes =
            std::fs::read(&path).with_context(|| format!("the checkpoint has no {}", path.display()))?;
        let damaged = || format!("{} is damaged", path.display());
        let file = SafeTensors::deserialize(&bytes).with_context(damaged)?;
        let numbers = |name: &str, shape: &[usize]| -> Result<Vec<f32>> {
            let bytes = array(&file, name, Dtype::F32, shape).with_context(damaged)?;
            Ok(bytes.iter().map(|b| f32::from_le_bytes(*b)).collect())
        };
        let unused = array(&file, "unused", Dtype::U32, &[codes]).with_context(damaged)?;
        let unused = unused.iter().map(|b| u32::from_le_bytes(*b)).collect();
        Ok(Self {
            width,
            counts: numbers("counts", &[codes])?,
            sums: numbers("sums", &[codes, width])?,
            unused,
        })
    }
}

/// The numbers of an array, four bytes each.
fn array<'a>(file: &SafeTensors<'a>, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&'a [[u8; 4]]> {
    let view = file.tensor(name).with_context(|| format!("there is no array {name}"))?;
    ensure!(view.dtype() == dtype, "array {name} has the type {:?}, expected {dtype:?}", view.dtype());
    ensure!(view.shape() == shape, "array {name} has the shape {:?}, expected {shape:?}", view.shape());
    Ok(view.data().as_chunks().0)
}

#[cfg(test)]
#[path = "codebook_tests.rs"]
mod tests;
