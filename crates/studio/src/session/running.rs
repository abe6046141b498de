//! Work in progress, as it is listed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use notation::Score;
use protocol::{ContinueRequest, JobView, NewPieceRequest};

/// How long something goes on before it is said how long it will take still: the first moments tell little.
const SETTLED: Duration = Duration::from_secs(2);

/// Work in progress.
pub(super) struct Running {
    pub(super) view: JobView,
    pub(super) kind: Kind,
    /// When its progress was told first, and how far it was then.
    began: Option<(Instant, f32)>,
}

/// What is being done.
pub(super) enum Kind {
    Performing,
    /// Of variations.
    Composing,
    /// Of a piece, or of how one goes on.
    Piece(Box<Asked>),
    /// Of a manner, by the performer; the recording that it is read of was `Reading` before.
    Manner,
    /// Of the page for paper.
    Engraving,
    /// Of a recording; to be left out, or to be stopped, if the flag is set.
    Reading(Arc<AtomicBool>),
    /// Of the grand piano, which has nothing to do with what is open; to be stopped if the flag is set.
    Getting(Arc<AtomicBool>),
    /// Of a file; to be stopped if the flag is set.
    Writing(Arc<AtomicBool>),
}

/// What a job that writes was asked for.
pub(super) enum Asked {
    /// A piece.
    New(NewPieceRequest),
    /// How this score goes on.
    More(ContinueRequest, Arc<Score>),
}

impl Running {
    /// What begins, or waits.
    pub(super) fn new(view: JobView, kind: Kind) -> Self {
        Self { view, kind, began: None }
    }

    /// Takes note of how far it is at a time, from 0 to 1. Only the sound of a recording is gone through so
    /// evenly that this tells how long the rest takes.
    pub(super) fn progressed(&mut self, done: f32, now: Instant) {
        self.view.progress = Some(done);
        if !matches!(self.kind, Kind::Reading(_)) {
            return;
        }
        let (since, from) = *self.began.get_or_insert((now, done));
        let elapsed = now.saturating_duration_since(since);
        let share = done - from;
        let is_told = elapsed >= SETTLED && share > 0.0;
        let left_secs = is_told.then(|| elapsed.as_secs_f32() * (1.0 - done).max(0.0) / share);
        self.view.left_secs = left_secs.filter(|secs| secs.is_finite());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(kind: Kind) -> Running {
        Running::new(JobView::default(), kind)
    }

    #[test]
    fn the_rest_takes_as_long_for_its_size_as_what_is_done() {
        let mut reading = running(Kind::Reading(Arc::default()));
        let start = Instant::now();
        let mut left = |secs: u64, done: f32| {
            reading.progressed(done, start + Duration::from_secs(secs));
            assert_eq!(reading.view.progress, Some(done));
            reading.view.left_secs
        };
        assert_eq!(left(100, 0.0), None, "what it waited for before does not count");
        assert_eq!(left(101, 0.25), None, "a second tells little");
        assert_eq!(left(110, 0.25), Some(30.0));
        assert_eq!(left(130, 0.75), Some(10.0));
        assert_eq!(left(140, 1.0), Some(0.0));
    }

    #[test]
    fn of_takes_nothing_is_said() {
        let mut performing = running(Kind::Performing);
        let start = Instant::now();
        for (secs, done) in [(0, 0.0), (60, 0.5)] {
            performing.progressed(done, start + Duration::from_secs(secs));
        }
        assert_eq!((performing.view.progress, performing.view.left_secs), (Some(0.5), None));
    }
}
