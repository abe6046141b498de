//! A recording of any piece that performances of the project's are to be like.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::additions;
use application::hearing::{HearError, hear};
use application::reference::{self, Reference, ReferenceError};
use application::{FileError, RecordingError};

use crate::lacking::NO_TRANSCRIBER;
use crate::last_heard::LastHeard;
use crate::recording::{OnProgress, is_sound, share};

/// Reads a recording of any piece from a file, MIDI or sound, away from the studio's thread; the error in words,
/// with the path.
pub type ReadReference = Arc<dyn Fn(&Path, &mut OnProgress<'_>) -> Result<Reference, String> + Send + Sync>;

/// Reads recordings of both kinds. The network that hears notes is in the folder `transcriber`.
pub fn reader(transcriber: PathBuf) -> ReadReference {
    let last = LastHeard::default();
    Arc::new(move |path: &Path, on_progress: &mut OnProgress<'_>| {
        let read = if is_sound(path) {
            let heard = last.or_hear(path, || hear(path, &transcriber, &mut |done| on_progress(share(done))));
            heard.map_err(ReferenceError::Sound).and_then(|heard| reference::of_heard(heard, None))
        } else {
            reference::read(path, None)
        };
        read.map_err(|error| in_words(&error, path))
    })
}

/// Why nobody can be played like a file.
fn in_words(error: &ReferenceError, path: &Path) -> String {
    if let ReferenceError::Sound(why) = error
        && additions::lacking(why).is_some()
    {
        return format!("{NO_TRANSCRIBER}: {}", path.display());
    }
    match unreadable(error) {
        Some(why) => format!("cannot read the recording ({why}): {}", path.display()),
        None => format!("{error}: {}", path.display()),
    }
}

fn unreadable(error: &ReferenceError) -> Option<&FileError> {
    match error {
        ReferenceError::File(why)
        | ReferenceError::Sound(HearError::File(why))
        | ReferenceError::Recording(RecordingError::File(why)) => Some(why),
        _ => None,
    }
}
