//! What is heard when, while nothing jumps: seconds of a version over the time of the clock.

use std::time::Duration;

use crate::transport::shared_status::Snapshot;
use crate::transport::status::PlayState;

/// Farthest that a line is followed beyond the last buffer that the engine has filled: a device that
/// requests nothing more has stopped.
const BEYOND: Duration = Duration::from_millis(50);

/// A stretch of playing without a jump. Times count from the epoch of the status.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Tells stretches apart.
    pub stretch: Stretch,
    /// Since when it is heard.
    pub from: Duration,
    /// When `secs` is heard.
    at: Duration,
    secs: f64,
    rate: f64,
}

/// The deck that plays and how often the engine has jumped: both are new with every stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub deck: u64,
    pub jumps: u64,
}

impl Line {
    /// What is playing according to a snapshot, if anything. What is heard at once is heard `now`.
    pub fn of(snapshot: &Snapshot, now: Duration) -> Option<Self> {
        if snapshot.state != PlayState::Playing || snapshot.deck == 0 {
            return None;
        }
        let at = snapshot.heard_at.unwrap_or(now);
        let from = at.saturating_sub(Duration::from_secs_f64(snapshot.unbroken_secs.max(0.0)));
        let stretch = Stretch { deck: snapshot.deck, jumps: snapshot.jumps };
        Some(Self { stretch, from, at, secs: snapshot.deck_secs, rate: snapshot.rate })
    }

    /// Up to when it says what is heard, unless another stretch begins before.
    pub fn end(&self) -> Duration {
        self.at + BEYOND
    }

    /// The same stretch as a later buffer has it.
    pub fn renewed(self, later: &Self) -> Self {
        Self { from: self.from, ..*later }
    }

    /// What is heard at a time, in seconds of the version.
    pub fn secs_at(&self, time: Duration) -> f64 {
        let time = time.min(self.at + BEYOND);
        self.secs + (time.as_secs_f64() - self.at.as_secs_f64()) * self.rate
    }

    /// How long after a time a second of the version is heard; nothing if it has been.
    pub fn until(&self, secs: f64, time: Duration) -> Duration {
        let wait_secs = (secs - self.secs_at(time)) / self.rate;
        Duration::try_from_secs_f64(wait_secs.max(0.0)).unwrap_or(Duration::MAX)
    }
}
