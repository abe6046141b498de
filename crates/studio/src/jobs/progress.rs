//! Progress of jobs, reported not too often.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::order::{News, Tell};

const AT_MOST_EVERY: Duration = Duration::from_millis(50);

/// Reports how far a job is, given how far its part at hand is; both 0 to 1.
pub(super) fn reporter(
    tell: Tell,
    job: u64,
    of_job: impl Fn(f32) -> f32 + Send + Sync + 'static,
) -> impl Fn(f32) + Send + Sync + 'static {
    let last = Mutex::new(None::<Instant>);
    move |done: f32| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if done >= 1.0 || last.is_none_or(|at| at.elapsed() >= AT_MOST_EVERY) {
            *last = Some(Instant::now());
            tell(News::Progress(job, of_job(done.clamp(0.0, 1.0)).clamp(0.0, 1.0)));
        }
    }
}
