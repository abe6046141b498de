//! The manners of performances, read where takes are performed.

use performers::{Job, Knob, KnobValue, PerformError};

use super::order::{End, MannerOrder, MannerRead, News, Tell};
use super::progress::reporter;
use super::stops::{SharedStops, locked};
use crate::roster::Roster;

/// Has a performer read the manner of an order and hands it over.
pub(super) fn read_manner(
    roster: &mut dyn Roster,
    order: &MannerOrder,
    stops: &SharedStops,
    tell: &Tell,
) -> End {
    if locked(stops).cancelled.contains(&order.job) {
        return End::Cancelled;
    }
    match read(roster, order, stops, tell) {
        Ok(()) => End::Done,
        Err(PerformError::Cancelled) => End::Cancelled,
        Err(other) => End::Failed(other.to_string()),
    }
}

fn read(
    roster: &mut dyn Roster,
    order: &MannerOrder,
    stops: &SharedStops,
    tell: &Tell,
) -> Result<(), PerformError> {
    let performer = roster.ready(&order.performer, order.device)?.performer;
    let info = performer.info();
    let knob = info.knob(&order.knob)?;
    if !matches!(knob, Knob::Reference(_)) {
        return Err(PerformError::NoManner { performer: info.id });
    }
    let job = Job::new(reporter(tell.clone(), order.job, |done| done));
    let is_stopped = {
        let mut stops = locked(stops);
        stops.running = Some((order.job, job.clone()));
        stops.cancelled.contains(&order.job)
    };
    if is_stopped {
        return Err(PerformError::Cancelled);
    }
    let manner = performer.manner(&order.score, &order.played, &order.name, &job)?;
    // What cannot be kept in a project is not handed over.
    knob.check(&KnobValue::Manner(manner.clone()))?;
    let MannerOrder { performer, knob, .. } = order.clone();
    tell(News::Manner(order.job, Box::new(MannerRead { performer, knob, manner })));
    Ok(())
}
