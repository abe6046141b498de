//! The order in which a written score is played: repeats, endings and jumps.
//!
//! The score is cut at every sign; a walk over the pieces decides at each cut where to go on. See the
//! crate's documentation for the rules.

mod cuts;
mod endings;
mod passages;
mod positions;
mod route;
mod unused;
mod walk;

use crate::error::ImportError;
use crate::time::Quarters;

pub(super) use positions::{PlacedSign, place};
pub(super) use route::{Route, Run};

/// The walk over a score of the given length that plays all that it allows, in at most so many
/// pieces.
pub(super) fn unfold(
    signs: &[PlacedSign<'_>],
    end: Quarters,
    most_pieces: usize,
) -> Result<Route, ImportError> {
    walk::walk(&cuts::Cuts::new(signs, end), most_pieces)
}
