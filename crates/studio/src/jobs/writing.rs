//! New pieces, and how pieces go on, written where takes are performed.

use performers::Job;
use performers::piece::{PieceError, PieceRequest};

use super::order::{End, News, PieceOrder, Tell};
use super::progress::reporter;
use super::stops::{SharedStops, locked};
use crate::roster::Roster;

/// Has the piece of an order written and hands it over.
pub(super) fn write_piece(
    roster: &mut dyn Roster,
    order: &PieceOrder,
    stops: &SharedStops,
    tell: &Tell,
) -> End {
    if locked(stops).cancelled.contains(&order.job) {
        return End::Cancelled;
    }
    match write(roster, order, stops, tell) {
        Ok(()) => End::Done,
        Err(PieceError::Cancelled) => End::Cancelled,
        Err(other) => End::Failed(other.to_string()),
    }
}

fn write(
    roster: &mut dyn Roster,
    order: &PieceOrder,
    stops: &SharedStops,
    tell: &Tell,
) -> Result<(), PieceError> {
    let writer = roster.writer(&order.writer)?;
    let job = Job::new(reporter(tell.clone(), order.job, |done| done));
    let is_stopped = {
        let mut stops = locked(stops);
        stops.running = Some((order.job, job.clone()));
        stops.cancelled.contains(&order.job)
    };
    if is_stopped {
        return Err(PieceError::Cancelled);
    }
    let request = PieceRequest {
        like: order.like.as_deref(),
        continues: order.continues.as_ref().map(|(score, from)| (&**score, *from)),
        ..PieceRequest::new(order.bars, order.seed)
    };
    let piece = writer.write(&request, &job)?;
    tell(News::Piece(order.job, Box::new(piece)));
    Ok(())
}
