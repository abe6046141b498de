//! The manners of performances, read where takes are performed.

use performers::{Job, Knob, KnobValue, PerformError};

use super::order::{End, MannerOrder, MannerRead, News, Tell};
use super::progress::reporter;
use super::started::begun;
use super::stops::SharedStops;
use crate::roster::Roster;

/// Has a performer read the manner of an order and hands it over.
pub(super) fn read_manner(
    roster: &mut dyn Roster,
    order: &MannerOrder,
    stops: &SharedStops,
    tell: &Tell,
) -> Result<End, PerformError> {
    let performer = roster.ready(&order.performer, order.device)?.performer;
    let info = performer.info();
    let knob = info.knob(&order.knob)?;
    if !matches!(knob, Knob::Reference(_)) {
        return Err(PerformError::NoManner { performer: info.id });
    }
    let job = begun(order.job, stops, Job::new(reporter(tell.clone(), order.job, |done| done)))?;
    let manner = performer.manner(&order.score, &order.played, &order.name, &job)?;
    // What cannot be kept in a project is not handed over.
    knob.check(&KnobValue::Manner(manner.clone()))?;
    let MannerOrder { performer, knob, .. } = order.clone();
    tell(News::Manner(order.job, Box::new(MannerRead { performer, knob, manner })));
    Ok(End::Done)
}
