//! The running of a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use performance::Performance;

use crate::error::PerformError;

/// Gets the first notes of a performance.
type HearPart = dyn Fn(&Performance) + Send + Sync;

/// The running of a request: reports progress, hears of a cancel.
#[derive(Clone)]
pub struct Job {
    cancelled: Arc<AtomicBool>,
    progress: Arc<dyn Fn(f32) + Send + Sync>,
    partial: Option<Arc<HearPart>>,
}

impl Default for Job {
    fn default() -> Self {
        Self::new(|_| {})
    }
}

impl Job {
    /// A job that reports its progress, 0 to 1, to a function.
    pub fn new(progress: impl Fn(f32) + Send + Sync + 'static) -> Self {
        Self { cancelled: Arc::default(), progress: Arc::new(progress), partial: None }
    }

    /// Also hands over what can be heard already: the first notes of the region, with those of the context
    /// up to there if there is one; more each time.
    ///
    /// The final answer may differ a little in those notes (amounts of expression are measured over
    /// the whole piece), so this is for listening ahead, not for keeping.
    #[must_use]
    pub fn with_partial(mut self, partial: impl Fn(&Performance) + Send + Sync + 'static) -> Self {
        self.partial = Some(Arc::new(partial));
        self
    }

    /// Whether [`Job::hand_over`] has a receiver.
    pub fn wants_partial(&self) -> bool {
        self.partial.is_some()
    }

    /// Hands over the first notes.
    pub fn hand_over(&self, first_notes: &Performance) {
        if let Some(partial) = &self.partial {
            partial(first_notes);
        }
    }

    /// Asks the job to stop; any clone may.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether somebody has asked the job to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Reports progress, and fails if the job was cancelled.
    pub fn step(&self, done: f32) -> Result<(), PerformError> {
        (self.progress)(done);
        if self.is_cancelled() { Err(PerformError::Cancelled) } else { Ok(()) }
    }
}

/// A job as the performer sees it.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    job: &'a Job,
    hear: Option<&'a dyn Fn(&Performance)>,
}

impl<'a> Run<'a> {
    /// A run without a receiver of first notes.
    pub fn of(job: &'a Job) -> Self {
        Self { job, hear: None }
    }

    /// A run whose first notes are heard.
    pub(crate) fn heard(job: &'a Job, hear: &'a dyn Fn(&Performance)) -> Self {
        Self { job, hear: Some(hear) }
    }

    /// Reports progress, 0 to 1, and fails if the job was cancelled.
    pub fn step(&self, done: f32) -> Result<(), PerformError> {
        self.job.step(done)
    }

    /// Whether [`Run::hand_over`] has a receiver.
    pub fn wants_partial(&self) -> bool {
        self.hear.is_some()
    }

    /// Hands over the first notes of the region, in free time; more each time.
    pub fn hand_over(&self, ready: &Performance) {
        if let Some(hear) = self.hear {
            hear(ready);
        }
    }
}
