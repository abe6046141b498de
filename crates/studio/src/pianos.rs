//! The pianos of all windows: each is loaded once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::sounds::{Loading, WantedPiano};
use sound::Piano;

use crate::parts::FindPiano;

/// A piano, and why others were passed over.
pub type FoundPiano = (Piano, Vec<String>);

/// The pianos of all windows.
pub struct Pianos {
    find: FindPiano,
    /// What was asked for last. A large soundfont is a second's work and much memory, the grand piano more.
    last: Mutex<Option<(WantedPiano, Arc<Place>)>>,
}

/// A piano that is being loaded, or is loaded.
#[derive(Default)]
struct Place {
    /// Set when another is wanted.
    cancel: AtomicBool,
    /// What is played on until it is whole.
    early: Mutex<Option<Piano>>,
    whole: Mutex<Option<Piano>>,
}

impl Pianos {
    /// Pianos that are found like this.
    pub fn new(find: FindPiano) -> Self {
        Self { find, last: Mutex::new(None) }
    }

    /// Finds a piano, once for all windows. A request for one that is being loaded waits for it, and gives `early`
    /// what can be played on meanwhile; a request for another ends that loading. What was passed over is returned to
    /// the first request.
    ///
    /// # Errors
    /// In words; also when another piano is wanted meanwhile, see [`Self::is_wanted`].
    pub fn find(&self, wanted: &WantedPiano, early: &dyn Fn(Piano)) -> Result<FoundPiano, String> {
        let place = self.place(wanted);
        let known = locked(&place.early).clone();
        if let Some(known) = known {
            early(known);
        }
        let mut whole = locked(&place.whole);
        if let Some(piano) = &*whole {
            return Ok((piano.clone(), Vec::new()));
        }
        let tell = |piano: Piano| {
            *locked(&place.early) = Some(piano.clone());
            early(piano);
        };
        let loading = Loading { early: Some(&tell), progress: &|_| (), cancel: &place.cancel };
        let found = (self.find)(wanted, &loading);
        // It takes memory, and is of no use beside the whole.
        *locked(&place.early) = None;
        let (piano, skipped) = found?;
        *whole = Some(piano.clone());
        Ok((piano, skipped))
    }

    fn place(&self, wanted: &WantedPiano) -> Arc<Place> {
        let mut last = locked(&self.last);
        if let Some((of, place)) = &*last
            && of == wanted
        {
            return place.clone();
        }
        let place = Arc::new(Place::default());
        if let Some((_, before)) = last.replace((wanted.clone(), place.clone())) {
            before.cancel.store(true, Ordering::Relaxed);
        }
        place
    }

    /// Whether this piano is the one that was asked for last.
    pub fn is_wanted(&self, wanted: &WantedPiano) -> bool {
        locked(&self.last).as_ref().is_some_and(|(of, _)| of == wanted)
    }

    /// Finds pianos anew from now on: there are others now.
    pub fn forget(&self) {
        *locked(&self.last) = None;
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "pianos_tests.rs"]
mod tests;
