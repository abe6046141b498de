//! The one trait for all systems that play a score.

use performance::Performance;

use crate::error::PerformError;
use crate::info::PerformerInfo;
use crate::job::Run;
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
}
