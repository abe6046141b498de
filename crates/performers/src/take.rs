//! A take: what a performer plays of a region, with the amounts, among the notes around it.
//!
//! The command line and the studio both make their takes here, so the same score, seed and wishes
//! give the same take in both.

use performance::{Performance, amounts};

use crate::join;
use crate::performer::{Amounts, Job, PerformError, Performer, Request};

/// Performs the region and puts it into the request's context, if there is one; the notes outside
/// the region stay as they are, to the last bit.
pub fn perform(
    performer: &dyn Performer,
    request: &Request<'_>,
    job: &Job,
) -> Result<Performance, PerformError> {
    let mut played = performer.perform(request, job)?;
    let (score, context, controls) = (request.score, request.context, request.controls);
    if controls.amounts != Amounts::default() {
        // More or less rubato makes the bars longer or shorter: fitted in once more.
        played = join::fit(score, amounts::apply(score, &played, controls.amounts), context);
        join::pin(score, &mut played, &controls.pins, context);
    }
    Ok(match context {
        Some(take) => join::merge(take, &played),
        None => played,
    })
}
