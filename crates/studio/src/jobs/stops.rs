//! Which jobs are to stop.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use performers::Job;

/// Which jobs are to stop, and the one that runs.
#[derive(Default)]
pub(super) struct Stops {
    pub(super) cancelled: HashSet<u64>,
    pub(super) running: Option<(u64, Job)>,
}

pub(super) type SharedStops = Arc<Mutex<Stops>>;

pub(super) fn locked(stops: &SharedStops) -> MutexGuard<'_, Stops> {
    stops.lock().unwrap_or_else(PoisonError::into_inner)
}
