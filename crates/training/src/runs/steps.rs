//! The loop of a run: steps, and between them lines on the terminal, validations and checkpoints.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::Progress;

/// Time between two lines on the terminal.
const LINE_EVERY: Duration = Duration::from_secs(20);

/// How long a run goes on, and how often it does what.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Steps in all, counted from the start of the run and not from where it is resumed.
    pub steps: usize,
    /// Stop after this long.
    pub at_most: Option<Duration>,
    /// Steps between validations; there is one after the last step, too.
    pub validate_every: usize,
    /// Time between checkpoints.
    pub checkpoint_every: Duration,
    /// Notes in a step, for the speed on the terminal.
    pub notes_a_step: usize,
}

/// What is trained.
pub trait Training {
    /// Where the run is.
    fn progress(&mut self) -> &mut Progress;

    /// Takes the step that [`Progress::step`] says comes next; returns its loss.
    fn step(&mut self) -> Result<f64>;

    /// Validates and adds a row to the curve; `train_loss` is the mean over the steps since the row
    /// before.
    fn validate(&mut self, train_loss: f64) -> Result<()>;

    /// Writes the checkpoint.
    fn save(&self) -> Result<()>;

    /// Writes the trained model; returns its folder.
    fn save_model(&self) -> Result<PathBuf>;
}

/// Trains until the steps are done, the time is up or `stop` says so, then writes checkpoint and model;
/// returns the folder of the model.
///
/// # Errors
/// What `run` says, or when a loss is infinite or no number. The last checkpoint that was written stays.
pub fn train(run: &mut dyn Training, schedule: &Schedule, stop: &dyn Fn() -> bool) -> Result<PathBuf> {
    let finished = until_done(run, schedule, stop)?;
    run.save()?;
    let model = run.save_model()?;
    let word = if finished { "finished" } else { "stopped; the same command goes on from here" };
    eprintln!("step {}: {word}; model in {}", run.progress().step, model.display());
    Ok(model)
}

/// Returns whether all steps were taken.
fn until_done(run: &mut dyn Training, schedule: &Schedule, stop: &dyn Fn() -> bool) -> Result<bool> {
    let begun = Instant::now();
    let seconds_before = run.progress().seconds;
    let (mut saved, mut told) = (Instant::now(), Instant::now());
    let (mut since_row, mut since_line) = (Mean::default(), Mean::default());
    while run.progress().step < schedule.steps {
        if stop() || schedule.at_most.is_some_and(|most| begun.elapsed() > most) {
            return Ok(false);
        }
        let loss = run.step()?;
        let progress = run.progress();
        progress.step += 1;
        progress.seconds = seconds_before + begun.elapsed().as_secs_f64();
        let Progress { step, seconds, .. } = *progress;
        ensure!(loss.is_finite(), "the loss of step {step} is no number");
        since_row.add(loss);
        since_line.add(loss);
        if told.elapsed() > LINE_EVERY || step == 1 {
            let steps_a_sec = since_line.count / told.elapsed().as_secs_f64().max(1e-9);
            let (mean, speed) = (since_line.take(), steps_a_sec * schedule.notes_a_step as f64);
            let (steps, minutes) = (schedule.steps, seconds / 60.0);
            eprintln!("step {step}/{steps}  loss {mean:.4}  {speed:.0} notes/s  {minutes:.0} min");
            told = Instant::now();
        }
        if step.is_multiple_of(schedule.validate_every) || step == schedule.steps {
            run.validate(since_row.take())?;
        }
        if saved.elapsed() > schedule.checkpoint_every {
            run.save()?;
            saved = Instant::now();
        }
    }
    Ok(true)
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1.0;
    }

    /// The mean of what was added since the last time.
    fn take(&mut self) -> f64 {
        let Self { sum, count } = std::mem::take(self);
        sum / count.max(1.0)
    }
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;
