//! Manners: read of a version or of a recording for a knob of a performer, as a job, and told to the face, which
//! sets the knob.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::reference::{self, Reference};
use notation::Score;
use performance::Performance;
use protocol::{Event, Level, MannerSource, VersionId};

use super::Session;
use super::input::Input;
use super::open::Open;
use super::read::{For, ReferenceRead};
use super::running::Kind;
use crate::jobs::{MannerOrder, MannerRead};
use crate::names::file_name;
use crate::queue::guarded;
use crate::recording;

/// What a manner is read of.
struct Performed {
    score: Arc<Score>,
    played: Arc<Performance>,
    /// What people call it.
    name: String,
}

impl Session {
    /// Reads a manner as a job; [`Self::manner_read`] tells it.
    pub(super) fn read_manner(&mut self, performer: String, knob: String, of: MannerSource) {
        let wanted = For { performer, knob };
        match of {
            MannerSource::Version(id) => self.read_manner_of(&wanted, id),
            MannerSource::File(Some(path)) => self.read_manner_in(wanted, path),
            // The shell shows a file dialog first.
            MannerSource::File(None) => {}
        }
    }

    fn read_manner_of(&mut self, wanted: &For, id: VersionId) {
        let Some(open) = &self.open else { return };
        let performed = match version(open, id) {
            Ok(performed) => performed,
            Err(why) => return self.say(Level::Warning, why),
        };
        let label = format!("{} listens to {}", self.called(&wanted.performer), performed.name);
        let job = self.list_job(label, None, Kind::Manner);
        self.reads_for(job, &wanted.performer, &wanted.knob);
        self.order_manner(job, wanted, performed);
    }

    /// Says of a job for which knob of a performer it reads a manner.
    fn reads_for(&mut self, job: u64, performer: &str, knob: &str) {
        if let Some(running) = self.jobs.iter_mut().find(|running| running.view.id == job) {
            running.view.reads_for = Some((performer.to_owned(), knob.to_owned()));
            self.tell_jobs();
        }
    }

    /// Reads a recording first; [`Self::reference_read`] goes on when it is read.
    fn read_manner_in(&mut self, wanted: For, path: PathBuf) {
        if self.open.is_none() {
            return;
        }
        let read = self.shared.read_reference.clone();
        let stop = Arc::new(AtomicBool::new(false));
        let is_sound = recording::is_sound(&path);
        let doing = if is_sound { "Hearing the notes of" } else { "Reading" };
        let label = format!("{doing} {}", file_name(&path));
        let inbox = self.inbox.clone();
        let job = self.list_job(label, None, Kind::Reading(stop.clone()));
        self.reads_for(job, &wanted.performer, &wanted.knob);
        let queue = if is_sound { &self.listening } else { &self.reading };
        queue.add(move || {
            if !stop.load(Ordering::Relaxed) {
                let mut on_progress = |done: Option<f32>| {
                    if let Some(done) = done {
                        inbox.send(Input::Progress(job, done)).ok();
                    }
                    !stop.load(Ordering::Relaxed)
                };
                let read = guarded(|| read(&path, &mut on_progress));
                // A window that is closed takes no manner.
                inbox.send(Input::Reference(job, Box::new(ReferenceRead { wanted, path, read }))).ok();
            }
        });
    }

    /// A recording was read, or cannot be: the performer reads the manner of it.
    pub(super) fn reference_read(&mut self, job: u64, found: ReferenceRead) {
        let ReferenceRead { wanted, path, read } = found;
        // Else it was cancelled, or its project is closed.
        let Some(at) = self.jobs.iter().position(|running| running.view.id == job) else { return };
        let reference = match read {
            Ok(reference) => reference,
            Err(why) => {
                self.jobs.remove(at);
                self.tell_jobs();
                return self.say_failed(why);
            }
        };
        let running = &mut self.jobs[at];
        running.kind = Kind::Manner;
        (running.view.progress, running.view.left_secs) = (None, None);
        self.tell_jobs();
        let Reference { score, played, warnings } = reference;
        self.tell_doubts(&path, &warnings);
        let name = reference::name(&path);
        self.order_manner(job, &wanted, Performed { score: Arc::new(score), played: Arc::new(played), name });
    }

    /// Tells what to know of a recording, in one message.
    fn tell_doubts(&self, path: &Path, warnings: &[String]) {
        if !warnings.is_empty() {
            self.say(Level::Info, format!("{}: {}", warnings.join("; "), path.display()));
        }
    }

    fn order_manner(&self, job: u64, wanted: &For, of: Performed) {
        let For { performer, knob } = wanted.clone();
        let Performed { score, played, name } = of;
        let device = self.settings.device;
        let order = MannerOrder { job, performer, knob, device, score, played, name };
        self.shared.worker.read_manner(order, self.hear_news());
    }

    /// A manner was read: the face sets the knob.
    pub(super) fn manner_read(&self, job: u64, read: MannerRead) {
        // Else it was cancelled, or its project is closed.
        if self.jobs.iter().any(|running| running.view.id == job) {
            let MannerRead { performer, knob, manner } = read;
            self.emit(Event::Manner { performer, knob, manner });
        }
    }

    /// What people call a performer.
    fn called(&self, performer: &str) -> String {
        let known = self.shared.performers.iter().find(|known| known.id == performer);
        known.map_or_else(|| performer.to_owned(), |known| known.name.clone())
    }
}

/// What a version plays.
fn version(open: &Open, id: VersionId) -> Result<Performed, String> {
    if id == VersionId::Deadpan {
        return Err(
            "the deadpan plays what is written and has no manner; choose a take or a recording".to_owned()
        );
    }
    if open.streaming(id).is_some_and(|streaming| !streaming.is_complete) {
        return Err("this take is still being performed; wait or cancel it first".to_owned());
    }
    let played = open.played(id).ok_or("the version to play like is gone; choose another one")?;
    let name = open.name_of(id);
    reference::check_length(played.performance.notes.len()).map_err(|why| format!("{name}: {why}"))?;
    Ok(Performed { score: played.score().clone(), played: played.performance, name })
}
