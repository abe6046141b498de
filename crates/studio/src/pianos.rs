//! The pianos of all windows: each is loaded once, and the recorded grand piano is got by one window at a time.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::piano;
use application::sounds::{Loading, WantedPiano};
use protocol::GrandPiano;
use sound::Piano;

use crate::parts::{FindPiano, GetPiano};

/// A piano, and why others were passed over.
pub type FoundPiano = (Piano, Vec<String>);

/// The pianos of all windows.
pub struct Pianos {
    find: FindPiano,
    get: GetPiano,
    /// Where the recorded grand piano is, or will be.
    folder: PathBuf,
    /// What was asked for last. A large soundfont is a second's work and much memory, the grand piano more.
    last: Mutex<Option<(WantedPiano, Arc<Place>)>>,
    /// The job that gets the grand piano.
    arriving: Mutex<Option<u64>>,
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
    /// Pianos that are found and got like this; `folder` is that of the recorded grand piano.
    pub fn new(find: FindPiano, get: GetPiano, folder: PathBuf) -> Self {
        Self { find, get, folder, last: Mutex::new(None), arriving: Mutex::new(None) }
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
    fn forget(&self) {
        *locked(&self.last) = None;
    }

    /// Whether the recorded grand piano is on this computer.
    pub fn grand(&self) -> GrandPiano {
        match *locked(&self.arriving) {
            Some(job) => GrandPiano::Arriving(job),
            None if piano::is_there(&self.folder) => GrandPiano::There,
            None => GrandPiano::Missing,
        }
    }

    /// Takes note that a job gets the grand piano from now on.
    pub fn begin(&self, job: u64) {
        *locked(&self.arriving) = Some(job);
    }

    /// Gets the grand piano, which [`Self::begin`] came before; whether it is there now, or was stopped.
    ///
    /// # Errors
    /// In words.
    pub fn get(&self, progress: &mut dyn FnMut(f32), stop: &AtomicBool) -> Result<bool, String> {
        (self.get)(&self.folder, progress, stop)
    }

    /// Takes note that no job gets it any more.
    pub fn end(&self, is_new: bool) {
        *locked(&self.arriving) = None;
        if is_new {
            self.forget();
        }
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "pianos_tests.rs"]
mod tests;
