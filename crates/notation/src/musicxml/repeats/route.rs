//! The order of play, as stretches of the written score.

use crate::time::Quarters;

/// A stretch of the written score that is played without a jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::musicxml) struct Run {
    pub from: Quarters,
    pub to: Quarters,
    /// Whether it is the first after a D.C. or D.S.
    pub after_jump: bool,
}

/// The order of play.
pub(in crate::musicxml) struct Route {
    pub runs: Vec<Run>,
    /// Signs that play no part, as indices into those of the written score, and why.
    pub unused: Vec<(usize, &'static str)>,
}

impl Route {
    /// Everything once, in the order in which it is written.
    pub fn as_written(end: Quarters) -> Self {
        Self { runs: vec![Run { from: Quarters::ZERO, to: end, after_jump: false }], unused: Vec::new() }
    }
}
