//! The one trait for all systems that play a score.

use notation::Score;
use performance::{Manner, Performance};

use crate::error::PerformError;
use crate::info::PerformerInfo;
use crate::job::{Job, Run};
use crate::request::Request;

/// A system that plays.
pub trait Performer: Send + Sync {
    /// What it is called, what it can do, which knobs it has.
    fn info(&self) -> PerformerInfo;

    /// Plays the notes of the region, all of them and no others, in score order, and in its own free
    /// time: where the region lies in the performance around it is settled by [`crate::take`], which
    /// also applies amounts and makes pinned values exact. A performer may look at the context and
    /// the pins, to go on as what is there began.
    ///
    /// The same request gives the same answer on the same device. Returns [`PerformError::Cancelled`]
    /// within 200 ms of a cancel.
    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError>;

    /// Reads the manner of a performance of some piece, for a knob of the kind [`crate::Knob::Reference`]. The
    /// name says to people whose manner it is.
    ///
    /// # Errors
    /// If the performer reads none (most do not), if there are too few notes, or if the job is cancelled.
    fn manner(
        &self,
        score: &Score,
        played: &Performance,
        name: &str,
        job: &Job,
    ) -> Result<Manner, PerformError> {
        let _ = (score, played, name, job);
        Err(PerformError::NoManner { performer: self.info().id })
    }
}
