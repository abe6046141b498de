//! What a run is told: where it writes, for how long it learns, and how fast.

use std::f64::consts::PI;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::steps::Schedule;

/// What runs of all networks take that learn from packed files.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Where checkpoint, curve and the trained model go.
    pub out: PathBuf,
    /// Steps in all, counted from the start of the run.
    pub steps: usize,
    /// Windows or segments in a step.
    pub batch: usize,
    /// Learning rate after the warm-up; it falls to nothing along a cosine.
    pub learning_rate: f64,
    /// The same seed, options and device give the same weights, stopped and resumed or not.
    pub seed: u64,
    /// Parts of a batch computed side by side; 1 on a graphics processor.
    pub workers: usize,
    /// Checkpoint and stop after this long.
    pub at_most: Option<Duration>,
    /// Time between checkpoints.
    pub checkpoint_every: Duration,
    /// Steps between validations.
    pub validate_every: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            out: PathBuf::from("runs/new"),
            steps: 20_000,
            batch: 8,
            learning_rate: 1e-3,
            seed: 1,
            workers: 2,
            at_most: None,
            checkpoint_every: Duration::from_secs(600),
            validate_every: 250,
        }
    }
}

impl Plan {
    /// Makes the folder of the run.
    ///
    /// # Errors
    /// When batch or workers are 0, or the folder cannot be created.
    pub fn begin(&self) -> Result<()> {
        ensure!(self.batch > 0 && self.workers > 0, "batch and workers must be at least 1");
        std::fs::create_dir_all(&self.out).with_context(|| format!("cannot create {}", self.out.display()))
    }

    /// When the loop does what. `notes` are those of a window or segment, about, for the speed on the terminal.
    pub fn schedule(&self, notes: usize) -> Schedule {
        Schedule {
            steps: self.steps,
            at_most: self.at_most,
            validate_every: self.validate_every,
            checkpoint_every: self.checkpoint_every,
            notes_a_step: self.batch * notes,
        }
    }

    /// How much of the run is done before a step, 0 to 1.
    pub fn along(&self, step: usize) -> f64 {
        step as f64 / self.steps.max(1) as f64
    }

    /// The learning rate of a step: a straight warm-up, and a cosine that falls to nothing at the last step
    /// (Loshchilov and Hutter, *SGDR*, ICLR 2017, section 3, without restarts).
    pub fn learning_rate(&self, step: usize, warm_up_steps: usize) -> f64 {
        let up = ((step + 1) as f64 / warm_up_steps.max(1) as f64).min(1.0);
        self.learning_rate * up * 0.5 * (1.0 + (PI * self.along(step)).cos())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_learning_rate_rises_along_a_line_and_falls_along_a_cosine() {
        let plan = Plan { steps: 1000, learning_rate: 2.0, ..Plan::default() };
        let rate = |step| plan.learning_rate(step, 100);
        assert!((rate(0) - 0.02).abs() < 1e-12);
        assert!((rate(500) - 1.0).abs() < 1e-12, "halfway it is half");
        assert!((rate(750) - (1.0 - 0.5_f64.sqrt())).abs() < 1e-12);
        assert!(rate(1000) < 1e-12);
        assert_eq!((plan.along(0), plan.along(250)), (0.0, 0.25));
        assert_eq!(Plan { steps: 0, ..plan }.along(0), 0.0);
    }

    #[test]
    fn a_plan_without_work_is_refused_before_a_folder_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("run");
        for (batch, workers) in [(0, 1), (1, 0)] {
            let plan = Plan { out: out.clone(), batch, workers, ..Plan::default() };
            assert_eq!(plan.begin().unwrap_err().to_string(), "batch and workers must be at least 1");
            assert!(!out.exists());
        }
        Plan { out: out.clone(), ..Plan::default() }.begin().unwrap();
        assert!(out.is_dir());
    }
}
