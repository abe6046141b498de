//! Notes of recordings of sound, with progress and Ctrl-C.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use application::hearing::{self, Heard, Progress};
use application::{Folders, RecordingKind, files};

use crate::{output, running};

/// What is heard in a recording, with progress until it is done or stopped. That a file breaks off is told on
/// stderr.
pub fn hear(path: &Path) -> Result<Heard> {
    let bar = running::bar("listening");
    let stop = running::on_interrupt(|| {})?;
    let mut progress = |progress: Progress| {
        match progress.whole_secs {
            Some(whole_secs) => {
                running::advance(&bar, progress.done_secs / whole_secs.max(f64::MIN_POSITIVE))
            }
            None => bar.set_message(format!("listening, {}", output::clock(progress.done_secs))),
        }
        !stop.asked()
    };
    let heard = hearing::hear(path, &Folders::find().transcriber, &mut progress);
    bar.finish_and_clear();
    let heard = heard.with_context(|| format!("{}", path.display()))?;
    if let Some(secs) = heard.cut_off_secs {
        let (path, at) = (path.display(), output::clock(secs));
        output::warn(format_args!("{path}: the file breaks off at {at}; what comes before was heard"));
    }
    Ok(heard)
}

/// Hears each recording of sound that a command names once, however often it is named.
#[derive(Default)]
pub struct Ear(Vec<(PathBuf, Heard)>);

impl Ear {
    /// What is heard in a recording of sound, as [`hear`] does; none of any other file.
    pub fn hear_if_sound(&mut self, path: &Path) -> Result<Option<Heard>> {
        if RecordingKind::of(path) != Some(RecordingKind::Sound) {
            return Ok(None);
        }
        let file = files::real(path);
        if let Some((_, heard)) = self.0.iter().find(|(known, _)| *known == file) {
            return Ok(Some(heard.clone()));
        }
        let heard = hear(path)?;
        self.0.push((file, heard.clone()));
        Ok(Some(heard))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_that_is_named_again_is_not_heard_again() {
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["lesson.flac", "lesson.mid"].map(|name| folder.path().join(name));
        std::fs::write(&path, b"fLaC and nothing that could be heard").unwrap();
        std::fs::write(&other, b"MThd").unwrap();
        let heard = Heard { midi: vec![7], notes: 1, length_secs: 2.0, cut_off_secs: None };
        let mut ear = Ear(vec![(files::real(&path), heard.clone())]);
        let again = folder.path().join(".").join("lesson.flac");
        assert_eq!(ear.hear_if_sound(&again).unwrap(), Some(heard));
        assert_eq!(ear.hear_if_sound(&other).unwrap(), None);
        assert!(Ear::default().hear_if_sound(&path).is_err());
    }
}
