//! Finding the piano, and writing what it plays into a sound file.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use notation::Score;
use performance::Performance;
use sound::soundfont::places;
use sound::{Found, Piano, SoundError};

use crate::Folders;
use crate::files::{self, Replacement};

/// Frames a second of sound files, if nothing else is asked for.
pub const SAMPLE_RATE_HZ: u32 = 44_100;

/// The piano in the named soundfont; without a name that in `$ESPRESSIVO_SOUNDFONT`, the best one at
/// hand, or the generated one.
///
/// # Errors
/// If a soundfont that was named, here or in the environment, cannot be used. Those that are only
/// found are passed over and returned with the piano.
pub fn piano(named: Option<&Path>, folders: &Folders) -> Result<Found, SoundError> {
    if let Some(path) = named.or(folders.soundfont.as_deref()) {
        return Ok(Found { piano: Piano::load(path)?, skipped: Vec::new() });
    }
    Piano::first_of(&places::soundfonts_in(&folders.soundfonts))
}

/// Writes a performance as a WAV file, which appears or takes the place of an older one when it is
/// complete; see [`Replacement`]. Tells
/// the share that is done, 0 to 1, and stops if the answer is to break.
///
/// # Errors
/// If the file cannot be written, the piano fails, or it was stopped.
pub fn write_wav(
    path: &Path,
    score: &Score,
    played: &Performance,
    piano: &Piano,
    sample_rate_hz: u32,
    progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<(), SoundError> {
    let failed = |why: files::FileError| SoundError::Write {
        path: path.to_owned(),
        source: match why {
            files::FileError::System(error) => error,
            other => io::Error::other(other.to_string()),
        },
    };
    let mut replacement = Replacement::of(path).map_err(failed)?;
    let events = sound::events(score, played);
    let mut on_progress = |done: sound::Progress| {
        let share = done.done_secs / done.total_secs.max(0.1);
        progress(share.clamp(0.0, 1.0))
    };
    sound::write_wav_into(replacement.file(), path, &events, piano, sample_rate_hz, &mut on_progress)?;
    replacement.finish().map_err(failed)
}
