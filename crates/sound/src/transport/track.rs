//! One version of the piece, ready to be played.

use std::sync::Arc;

use notation::Score;
use performance::{BeatCurve, Performance, codec};

use super::clicks::{Click, clicks};
use crate::events::Events;
use crate::from_performance::events;
use crate::source::Content;

/// A loop is at least this long.
const SHORTEST_LOOP_QUARTERS: f64 = 0.05;

/// One version of the piece, ready to be played. Never changes; an edited version is a new track.
#[derive(Clone, Debug)]
pub struct Track {
    /// What is played, in the seconds of this version.
    pub content: Arc<dyn Content>,
    /// From places in the score to the seconds of this version and back.
    pub clock: BeatCurve,
    /// Where the metronome clicks, ordered.
    pub clicks: Vec<Click>,
    /// Where this version ends, in seconds; what still sounds then is heard to its end.
    pub end_secs: f64,
    /// Where this version ends, in quarters.
    pub end_quarters: f64,
    /// Factor that makes the versions equally loud, see [`super::loudness()`]; 1 changes nothing.
    pub gain: f32,
}

impl Track {
    /// A performance of a score, with the clock of its codec.
    pub fn new(score: &Score, performance: &Performance) -> Self {
        Self::with_clock(score, performance, codec::encode(score, performance).curve())
    }

    /// A performance of a score whose clock is known already.
    pub fn with_clock(score: &Score, performance: &Performance, clock: BeatCurve) -> Self {
        let events = events(score, performance);
        let end_quarters = score.end().to_f64();
        let last_secs = events.end_secs().unwrap_or(0.0);
        let end_secs = clock.secs_at(end_quarters).max(last_secs);
        let content = Arc::new(events);
        Self { content, clock, clicks: clicks(score), end_secs, end_quarters, gain: 1.0 }
    }

    /// The part of a loop that this version has; nothing if it has none of it.
    pub(crate) fn part_of_loop(&self, (start, end): (f64, f64)) -> Option<(f64, f64)> {
        let end = end.min(self.end_quarters);
        (end - start >= SHORTEST_LOOP_QUARTERS).then_some((start, end))
    }

    /// Whether another track plays the same up to a time, so that it may go on in its place.
    pub(crate) fn begins_like(&self, other: &Self, until_secs: f64) -> bool {
        let before = |(_, secs): &(f64, f64)| *secs < until_secs;
        let here = self.clock.quarters_at(until_secs);
        self.content_begins_like(other, until_secs)
            && self.clock.points().take_while(before).eq(other.clock.points().take_while(before))
            && (other.clock.quarters_at(until_secs) - here).abs() < 1e-6
    }

    fn content_begins_like(&self, other: &Self, until_secs: f64) -> bool {
        let before = |events: &Events| events.index_at(until_secs);
        match (self.content.events(), other.content.events()) {
            (Some(a), Some(b)) => a.as_slice()[..before(a)] == b.as_slice()[..before(b)],
            _ => Arc::ptr_eq(&self.content, &other.content),
        }
    }
}
