//! A take: what a performer plays of a region, finished, with the amounts, among the notes around it.
//!
//! The command line and the studio both make their takes here, so the same score, seed and wishes
//! give the same take in both.

use performance::{Performance, amounts};

use crate::finish;
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
    finish::shape(request, performer.finishing(), &mut played);
    if !controls.pins.is_empty() {
        join::pin(score, &mut played, &controls.pins, context);
    }
    if controls.amounts != Amounts::default() {
        // More or less rubato makes the bars longer or shorter: fitted in once more.
        played = join::fit(score, amounts::apply(score, &played, controls.amounts), context);
        join::pin(score, &mut played, &controls.pins, context);
    }
    finish::keys(request, &mut played);
    Ok(match context {
        Some(take) => join::merge(take, &played),
        None => from_zero(played, controls.pins.iter().any(|pin| pin.onset_secs.is_some())),
    })
}

/// Nothing comes before the start: what would (more rubato moves the first notes too) moves later
/// together with all the rest, unless an onset is pinned.
fn from_zero(mut played: Performance, is_pinned: bool) -> Performance {
    let first_secs = played.notes.iter().map(|n| n.onset_secs).fold(0.0, f64::min);
    let later_secs = if is_pinned { 0.0 } else { -first_secs };
    if first_secs < 0.0 {
        played.notes.iter_mut().for_each(|n| n.onset_secs = (n.onset_secs + later_secs).max(0.0));
        played.pedals.iter_mut().for_each(|p| p.time_secs += later_secs);
    }
    played.pedals.iter_mut().for_each(|p| p.time_secs = p.time_secs.max(0.0));
    played
}
