//! Recordings, read as jobs.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use protocol::Level;

use super::Session;
use super::input::Input;
use super::read::Read;
use super::running::Kind;
use crate::edit;
use crate::history::Step;
use crate::names::file_name;
use crate::queue::guarded;
use crate::recording::{self, Imported};

/// A recording without a piece.
const NO_SCORE: &str = "a recording is a version of a piece: open the score that it plays, then import it";

impl Session {
    /// Reads a recording, MIDI or sound, as a job; [`Self::recording_read`] goes on when it is read.
    pub(super) fn import_recording(&mut self, path: &Path) {
        self.played_file = None;
        if self.open.is_none() {
            return self.say(Level::Warning, format!("{NO_SCORE}: {}", path.display()));
        }
        if !self.may_change() {
            return;
        }
        let Some(open) = &self.open else { return };
        let heard = open.listening();
        let (score, path, read) =
            (open.document.score().clone(), path.to_owned(), self.shared.read_recording.clone());
        let stop = Arc::new(AtomicBool::new(false));
        let is_sound = recording::is_sound(&path);
        let doing = if is_sound { "Hearing the notes of" } else { "Reading" };
        let label = format!("{doing} {}", file_name(&path));
        let inbox = self.inbox.clone();
        let job = self.list_job(label, None, Kind::Reading(stop.clone()));
        let queue = if is_sound { &self.listening } else { &self.reading };
        queue.add(move || {
            if !stop.load(Ordering::Relaxed) {
                let mut on_progress = |done: Option<f32>| {
                    if let Some(done) = done {
                        inbox.send(Input::Progress(job, done)).ok();
                    }
                    !stop.load(Ordering::Relaxed)
                };
                let imported = guarded(|| Imported::read(&read, &path, &score, &mut on_progress));
                // A window that is closed takes no recording.
                inbox.send(Input::Recording(job, Box::new(Read { heard, imported }))).ok();
            }
        });
    }

    /// A recording was read, or cannot be: it becomes a version of the project as it is now, and is heard and
    /// compared with what was, unless that would interrupt what plays or somebody chose another version
    /// meanwhile.
    pub(super) fn recording_read(&mut self, job: u64, read: Read) {
        let Read { heard, imported } = read;
        // Else it was cancelled, or its project is closed.
        let Some(at) = self.jobs.iter().position(|running| running.view.id == job) else { return };
        self.jobs.remove(at);
        self.tell_jobs();
        let imported = match imported {
            Ok(imported) => imported,
            Err(why) => return self.say_failed(why),
        };
        if !self.may_change() {
            return;
        }
        let is_playing = self.is_playing();
        let Some(open) = &mut self.open else { return };
        if !imported.fits(&open.document) {
            // Another reading of the score was taken over meanwhile.
            return self.import_recording(imported.path());
        }
        let message = imported.message();
        let take = imported.into_take(&mut open.document);
        let is_chosen = !is_playing && open.document.listening == heard && open.listening() == heard;
        let id = take.id;
        let changes = edit::added(&open.document, vec![take], is_chosen);
        self.step(Step::new("Import recording", changes));
        self.say_if(message);
        self.compare(Some(if is_chosen { heard } else { id }));
    }
}
