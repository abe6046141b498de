#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::path::Path;

use anyhow::bail;

use super::*;

/// Its loss is the number of the step.
struct Counting {
    progress: Progress,
    rows: Vec<(usize, f64)>,
    saves: RefCell<Vec<usize>>,
    broken_at: Option<usize>,
}

impl Counting {
    fn new(step: usize) -> Self {
        let progress = Progress { step, ..Progress::new(1) };
        Self { progress, rows: Vec::new(), saves: RefCell::default(), broken_at: None }
    }
}

impl Training for Counting {
    fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }

    fn step(&mut self) -> Result<f64> {
        let step = self.progress.step + 1;
        if self.broken_at == Some(step) {
            bail!("worker 1 panicked: no memory");
        }
        Ok(step as f64)
    }

    fn validate(&mut self, train_loss: f64) -> Result<()> {
        self.rows.push((self.progress.step, train_loss));
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.saves.borrow_mut().push(self.progress.step);
        Ok(())
    }

    fn save_model(&self) -> Result<PathBuf> {
        Ok(PathBuf::from("model"))
    }
}

fn schedule(steps: usize) -> Schedule {
    Schedule {
        steps,
        at_most: None,
        validate_every: 4,
        checkpoint_every: Duration::from_secs(1000),
        notes_a_step: 16,
    }
}

#[test]
fn a_row_has_the_mean_loss_since_the_row_before() {
    let mut run = Counting::new(0);
    assert_eq!(train(&mut run, &schedule(10), &|| false).unwrap(), Path::new("model"));
    assert_eq!(run.rows, [(4, 2.5), (8, 6.5), (10, 9.5)]);
    assert_eq!(*run.saves.borrow(), [10]);
}

#[test]
fn a_run_stops_when_it_is_asked_to_and_goes_on_from_there() {
    let mut run = Counting::new(0);
    let asked = Cell::new(0);
    train(&mut run, &schedule(10), &|| asked.replace(asked.get() + 1) >= 3).unwrap();
    assert_eq!((run.progress.step, run.saves.borrow().as_slice()), (3, &[3][..]));
    let mut resumed = Counting::new(3);
    train(&mut resumed, &schedule(10), &|| false).unwrap();
    assert_eq!(resumed.rows, [(4, 4.0), (8, 6.5), (10, 9.5)]);
}

#[test]
fn a_run_stops_when_its_time_is_up_and_saves_in_between() {
    let mut run = Counting::new(0);
    let no_time = Schedule { at_most: Some(Duration::ZERO), ..schedule(10) };
    train(&mut run, &no_time, &|| false).unwrap();
    assert!(run.progress.step <= 1);
    let mut run = Counting::new(0);
    let always = Schedule { checkpoint_every: Duration::ZERO, ..schedule(2) };
    train(&mut run, &always, &|| false).unwrap();
    assert!(run.saves.borrow().len() > 1);
}

#[test]
fn a_step_that_fails_ends_the_run_and_nothing_is_saved() {
    let mut run = Counting::new(0);
    run.broken_at = Some(3);
    let error = train(&mut run, &schedule(10), &|| false).unwrap_err();
    assert_eq!(error.to_string(), "worker 1 panicked: no memory");
    assert_eq!((run.progress.step, run.saves.borrow().len()), (2, 0));
}
