//! New pieces, and how pieces go on, written where takes are performed.

use performers::Job;
use performers::piece::{PieceError, PieceRequest};

use super::order::{End, News, PieceOrder, Tell};
use super::progress::reporter;
use super::started::begun;
use super::stops::SharedStops;
use crate::roster::Roster;

/// Has the piece of an order written and hands it over.
pub(super) fn write_piece(
    roster: &mut dyn Roster,
    order: &PieceOrder,
    stops: &SharedStops,
    tell: &Tell,
) -> Result<End, PieceError> {
    let writer = roster.writer(&order.writer)?;
    let job = begun(order.job, stops, Job::new(reporter(tell.clone(), order.job, |done| done)))?;
    let request = PieceRequest {
        like: order.like.as_deref(),
        continues: order.continues.as_ref().map(|(score, from)| (&**score, *from)),
        ..PieceRequest::new(order.bars, order.seed)
    };
    let piece = writer.write(&request, &job)?;
    tell(News::Piece(order.job, Box::new(piece)));
    Ok(End::Done)
}
