//! What training runs of all networks share: what they are told ([`plan`]), where a run is and which random
//! numbers it draws next, the loop over its steps ([`steps`]), its worker threads ([`workers`]), what it keeps
//! between steps ([`state`]) in its checkpoint folder ([`checkpoint`]), and its curve.

pub mod checkpoint;
pub mod plan;
pub mod state;
pub mod steps;
pub mod workers;

use std::fs::OpenOptions;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Multiplied with the seed of a run: 2^64 over the golden ratio (Knuth, *The Art of Computer
/// Programming*, volume 3, section 6.4), so that runs of neighbouring seeds have no seed in common.
const SEED_SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Seed of the first batch of a validation.
const VALIDATION_SEED: u64 = 1_000_000;

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps taken.
    pub step: usize,
    /// Seed of the run.
    pub seed: u64,
    /// Seconds spent in training.
    pub seconds: f64,
}

impl Progress {
    /// A run before its first step.
    pub fn new(seed: u64) -> Self {
        Self { step: 0, seed, seconds: 0.0 }
    }

    /// The seed of what one of the workers draws for the step that comes next. It depends on nothing
    /// else, so a run that was stopped goes on with the numbers that it would have had.
    pub fn seed_of(&self, worker: usize, workers: usize) -> u64 {
        let draws = (self.step * workers + worker) as u64;
        self.seed.wrapping_mul(SEED_SPREAD).wrapping_add(draws)
    }
}

/// The seeds of the batches of a validation: always the same ones.
pub fn validation_seeds(batches: u64) -> Range<u64> {
    VALIDATION_SEED..VALIDATION_SEED + batches
}

/// Draws the weights of a new network in a fixed order. A weight is drawn when it is first read;
/// left to the workers, the order would depend on their timing.
pub fn settle<M: Module>(network: &M) {
    struct ReadEach;
    impl ModuleVisitor for ReadEach {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            drop(param.val());
        }
    }
    network.visit(&mut ReadEach);
}

/// A loss of one number `[1]`.
pub fn scalar(loss: Tensor<1>) -> f64 {
    f64::from(loss.into_scalar::<f32>())
}

/// Appends a row to `curve.csv` in the folder of a run; a new file begins with the names of the columns.
///
/// # Errors
/// When the file cannot be written.
pub fn append_to_curve(folder: &Path, columns: &str, row: &str) -> Result<()> {
    let path = folder.join("curve.csv");
    let fresh = !path.exists();
    let cannot_write = || format!("cannot write {}", path.display());
    let mut file = OpenOptions::new().create(true).append(true).open(&path).with_context(cannot_write)?;
    let text = if fresh { format!("{columns}\n{row}\n") } else { format!("{row}\n") };
    file.write_all(text.as_bytes()).with_context(cannot_write)
}

#[cfg(test)]
#[path = "runs_tests.rs"]
mod tests;
