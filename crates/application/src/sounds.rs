//! Finding the piano, and writing what it plays into a sound file.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use notation::Score;
use performance::Performance;
use sound::soundfont::places;
use sound::{Found, Piano, SampledPiano, SoundError};

use crate::files::{self, Replacement};
use crate::{Folders, piano as grand_piano};

/// Frames a second of sound files, if nothing else is asked for.
pub const SAMPLE_RATE_HZ: u32 = 44_100;

/// Which piano is to be played on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WantedPiano {
    /// The best there is: the soundfont in `$ESPRESSIVO_SOUNDFONT`, else the recorded grand piano, else a soundfont
    /// that is found, else the generated piano.
    #[default]
    Best,
    /// The recorded grand piano in a folder; that of [`Folders::piano`] if none is named.
    Sampled(Option<PathBuf>),
    /// A soundfont; if none is named, that in `$ESPRESSIVO_SOUNDFONT`, else one that is found, else the generated
    /// piano.
    Soundfont(Option<PathBuf>),
    /// The piano of our own code.
    Generated,
}

/// How the loading of a piano is followed. The recorded grand piano takes its time; others are there at once.
pub struct Loading<'a> {
    /// Is given a piano to play on until the whole is there; none if nobody plays meanwhile.
    pub early: Option<&'a dyn Fn(Piano)>,
    /// Hears of the share that is done, 0 to 1.
    pub progress: &'a dyn Fn(f32),
    /// Ends it when it is set.
    pub cancel: &'a AtomicBool,
}

/// Finds and loads a piano.
///
/// # Errors
/// If one that was named, here or in the environment, cannot be used, or it was cancelled. Those that are only
/// found are passed over and returned with the piano.
pub fn piano(wanted: &WantedPiano, folders: &Folders, loading: &Loading<'_>) -> Result<Found, SoundError> {
    let alone = |piano| Found { piano, skipped: Vec::new() };
    match wanted {
        WantedPiano::Generated => Piano::generated().map(alone),
        WantedPiano::Soundfont(named) => soundfont(named.as_deref(), folders),
        WantedPiano::Sampled(Some(folder)) => sampled(folder, loading).map(alone),
        WantedPiano::Sampled(None) if grand_piano::is_there(&folders.piano) => {
            sampled(&folders.piano, loading).map(alone)
        }
        WantedPiano::Sampled(None) => Err(SoundError::NoSampledPiano { path: folders.piano.clone() }),
        WantedPiano::Best if folders.soundfont.is_none() && grand_piano::is_there(&folders.piano) => {
            match sampled(&folders.piano, loading) {
                Err(SoundError::Cancelled) => Err(SoundError::Cancelled),
                Err(damaged) => {
                    let mut found = soundfont(None, folders)?;
                    found.skipped.insert(0, damaged);
                    Ok(found)
                }
                Ok(piano) => Ok(alone(piano)),
            }
        }
        WantedPiano::Best => soundfont(None, folders),
    }
}

/// The piano in the named soundfont; without a name that in `$ESPRESSIVO_SOUNDFONT`, the best one at
/// hand, or the generated one.
fn soundfont(named: Option<&Path>, folders: &Folders) -> Result<Found, SoundError> {
    if let Some(path) = named.or(folders.soundfont.as_deref()) {
        return Ok(Found { piano: Piano::load(path)?, skipped: Vec::new() });
    }
    Piano::first_of(&places::soundfonts_in(&folders.soundfonts))
}

/// The recorded piano in a folder.
fn sampled(folder: &Path, loading: &Loading<'_>) -> Result<Piano, SoundError> {
    if let Some(early) = loading.early {
        early(SampledPiano::first(folder, loading.cancel)?.piano());
    }
    Ok(SampledPiano::load(folder, loading.progress, loading.cancel)?.piano())
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
    sound::write_wav(replacement.file(), path, &events, piano, sample_rate_hz, &mut on_progress)?;
    replacement.finish().map_err(failed)
}

#[cfg(test)]
#[path = "sounds_tests.rs"]
mod tests;
