//! What was heard in a recording of sound last: it takes minutes, and is wanted again where the score has changed
//! meanwhile or the wrong piece was open.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use application::{HearError, Heard};

/// What was heard last, for all windows.
#[derive(Default)]
pub struct LastHeard {
    last: Mutex<Option<(FileState, Heard)>>,
}

/// A file as it was at a time; another one has another state.
#[derive(PartialEq)]
struct FileState {
    path: PathBuf,
    length: u64,
    modified: SystemTime,
}

impl LastHeard {
    /// What is heard in a file: what was heard last if that was this file as it is now, else what `hear` gives.
    ///
    /// # Errors
    /// Those of `hear`.
    pub fn or_hear(
        &self,
        path: &Path,
        hear: impl FnOnce() -> Result<Heard, HearError>,
    ) -> Result<Heard, HearError> {
        let state = FileState::of(path);
        if let Some(heard) = state.as_ref().and_then(|state| self.heard_in(state)) {
            return Ok(heard);
        }
        let heard = hear()?;
        if let Some(state) = state {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((state, heard.clone()));
        }
        Ok(heard)
    }

    fn heard_in(&self, state: &FileState) -> Option<Heard> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(of, _)| of == state).map(|(_, heard)| heard.clone())
    }
}

impl FileState {
    /// That of the file at a path; none if the system does not tell.
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self { path: path.to_owned(), length: metadata.len(), modified: metadata.modified().ok()? })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn heard(notes: usize) -> Result<Heard, HearError> {
        Ok(Heard { midi: Vec::new(), notes, length_secs: 1.0, cut_off_secs: None })
    }

    #[test]
    fn a_file_is_heard_once_until_it_changes_or_another_comes() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.wav", "b.wav"].map(|name| folder.path().join(name));
        paths.iter().for_each(|path| fs::write(path, "first").unwrap());
        let last = LastHeard::default();
        let notes = |path: &Path, now: usize| last.or_hear(path, || heard(now)).unwrap().notes;
        assert_eq!(notes(&paths[0], 1), 1);
        assert_eq!(notes(&paths[0], 2), 1, "not heard again");
        fs::write(&paths[0], "longer than before").unwrap();
        assert_eq!(notes(&paths[0], 3), 3);
        assert_eq!(notes(&paths[1], 4), 4);
        assert_eq!(notes(&paths[0], 5), 5, "one is kept");
        let missing = folder.path().join("missing.wav");
        assert_eq!([notes(&missing, 6), notes(&missing, 7)], [6, 7]);
    }

    #[test]
    fn what_failed_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        fs::write(&path, "sound").unwrap();
        let last = LastHeard::default();
        assert!(last.or_hear(&path, || Err(HearError::Cancelled)).is_err());
        assert_eq!(last.or_hear(&path, || heard(2)).unwrap().notes, 2);
    }
}
