//! Notes of recordings of sound, with progress and Ctrl-C.

use std::path::Path;

use anyhow::{Context, Result};
use application::hearing::{self, Heard, Progress};
use application::{Folders, RecordingKind};

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

/// The same of a recording of sound; none of any other file.
pub fn hear_if_sound(path: &Path) -> Result<Option<Heard>> {
    let is_sound = RecordingKind::of(path) == Some(RecordingKind::Sound);
    is_sound.then(|| hear(path)).transpose()
}
