//! How a job of the row begins and ends, whatever is made in it.

use std::fmt::Display;
use std::mem::discriminant;
use std::panic::{AssertUnwindSafe, catch_unwind};

use performers::{Job, PerformError};

use super::order::End;
use super::panics::panic_text;
use super::stops::{SharedStops, locked};

/// Does the work of a job, unless that was cancelled while it waited, and says how it ended; `broken` has the words
/// for a panic. Models can break down while they are loaded, too.
pub(super) fn ended<E: Display + From<PerformError>>(
    job: u64,
    stops: &SharedStops,
    work: impl FnOnce() -> Result<End, E>,
    broken: fn(&str) -> String,
) -> End {
    if locked(stops).cancelled.contains(&job) {
        return End::Cancelled;
    }
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(end)) => end,
        Ok(Err(why)) if discriminant(&why) == discriminant(&E::from(PerformError::Cancelled)) => {
            End::Cancelled
        }
        Ok(Err(why)) => End::Failed(why.to_string()),
        Err(panic) => End::Failed(broken(&panic_text(&*panic))),
    }
}

/// Makes a job the one that runs: whoever cancels its number reaches it from now on.
///
/// # Errors
/// When it was cancelled before.
pub(super) fn begun(number: u64, stops: &SharedStops, job: Job) -> Result<Job, PerformError> {
    let mut stops = locked(stops);
    stops.running = Some((number, job.clone()));
    if stops.cancelled.contains(&number) { Err(PerformError::Cancelled) } else { Ok(job) }
}
