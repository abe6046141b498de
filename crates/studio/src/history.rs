//! Undo and redo: every change of a project is a step that can be taken back.
//!
//! A [`Step`] holds what was there before and what is there after it, so going back and forth
//! needs nothing else and gives the same bits each time.

mod change;
mod step;

use std::sync::Arc;

use crate::document::Document;
pub use change::Change;
pub use step::Step;

/// Steps that are kept, if they are not too large.
pub const MOST_STEPS: usize = 1000;

/// Steps that are kept however large they are.
pub const LEAST_STEPS: usize = 200;

/// Beyond this many notes and pedals in all steps together the oldest are forgotten.
const MOST_RECORDS: usize = 4_000_000;

/// The steps of a project, those done and those undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Number of the first step that is still known.
    first: u64,
    steps: Vec<Arc<Step>>,
    /// Steps that are done; the others are undone.
    done: usize,
}

impl History {
    /// A history read from a file: the number of the first step, the steps, how many are done.
    pub fn restored(first: u64, steps: Vec<Step>, done: usize) -> Self {
        let done = done.min(steps.len());
        Self { first, steps: steps.into_iter().map(Arc::new).collect(), done }
    }

    /// Takes a step; what was undone before is forgotten.
    pub fn push(&mut self, document: &mut Document, step: Step) -> Arc<Step> {
        step.forth(document);
        let step = Arc::new(step);
        self.steps.truncate(self.done);
        self.steps.push(step.clone());
        self.done = self.steps.len();
        self.forget();
        step
    }

    /// Takes the last step back.
    pub fn undo(&mut self, document: &mut Document) -> Option<Arc<Step>> {
        let step = self.steps.get(self.done.checked_sub(1)?)?.clone();
        step.back(document);
        self.done -= 1;
        Some(step)
    }

    /// Takes the next step again.
    pub fn redo(&mut self, document: &mut Document) -> Option<Arc<Step>> {
        let step = self.steps.get(self.done)?.clone();
        step.forth(document);
        self.done += 1;
        Some(step)
    }

    /// What undoing would take back.
    pub fn undo_name(&self) -> Option<&str> {
        Some(&self.steps.get(self.done.checked_sub(1)?)?.name)
    }

    /// What redoing would do again.
    pub fn redo_name(&self) -> Option<&str> {
        Some(&self.steps.get(self.done)?.name)
    }

    /// The steps with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, &Step)> {
        self.steps.iter().enumerate().map(|(k, step)| (self.first + k as u64, &**step))
    }

    /// Number of the first step that is known.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// How many of the known steps are done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Whether nothing was ever done.
    pub fn is_empty(&self) -> bool {
        self.first == 0 && self.steps.is_empty()
    }

    /// Forgets the oldest steps where there are too many.
    fn forget(&mut self) {
        let mut records = 0;
        let mut kept = 0;
        for step in self.steps.iter().rev() {
            records += step.records();
            if kept >= MOST_STEPS || (kept >= LEAST_STEPS && records > MOST_RECORDS) {
                break;
            }
            kept += 1;
        }
        let gone = self.steps.len() - kept;
        self.steps.drain(..gone);
        self.first += gone as u64;
        self.done -= gone;
    }
}
