//! Fitting a region that was played in its own free time into the performance around it.
//!
//! A performer that plays some bars decides how they go, but not when: their neighbours are
//! already there. [`fit()`] moves the region between them so that
//! - the neighbours' times are kept (only notes of the region move),
//! - onsets lie between those of the last context onset before and the first one after,
//! - the tempo at a join is that of the context and changes smoothly into the region's own,
//!   unless the score itself has a new tempo there,
//! - the order of onsets within the region stays as it was played.
//!
//! The time map of a stretch of region between two neighbours has a slope that goes linearly from
//! the one that continues the context's tempo to a constant one, and back: a piecewise quadratic
//! map, smooth and increasing. With a neighbour on one side only, the constant slope is 1.
//!
//! [`merge()`] puts the result into the context; [`pin()`] makes single values come out exactly,
//! [`keep_pedal()`] pedalling. [`crate::take`] does all of it once a take, [`crate::passage`] fits and
//! merges what was played already.

mod between;
mod fit;
mod interpolate;
mod merge;
mod pedal;
mod pin;
mod warp;

pub use fit::fit;
pub use merge::merge;
pub use pedal::keep_pedal;
pub use pin::pin;

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
