//! Opening, saving and closing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::files;
use application::limits::SCORE_BYTES;
use protocol::{Event, Level, VersionId};

use super::{Input, Kind, Open, Session};
use crate::document::{Document, Source};
use crate::history::{History, Step};
use crate::keeping::{EXTENSION, Keeper};
use crate::queue::guarded;
use crate::reading::{self, Reading};
use crate::recent::LastOpen;
use crate::recording::Imported;
use crate::store::schema::MAGIC;
use crate::{demos, edit};

impl Session {
    /// Opens a score or a project. If that fails, what was open stays open.
    pub(super) fn open_file(&mut self, path: &Path) {
        let is_open = |open: &Open| {
            let same = |a: &Path| {
                std::fs::canonicalize(a).is_ok_and(|a| std::fs::canonicalize(path).is_ok_and(|b| a == b))
            };
            open.keeper.path().is_some_and(same)
        };
        if self.open.as_ref().is_some_and(is_open) {
            return self.tell_opened();
        }
        let result = if is_project(path) { self.open_project(path) } else { self.open_score(path, true) };
        if let Err(why) = result {
            self.recent_failed(path);
            self.say(Level::Error, why);
        }
    }

    pub(super) fn open_demo(&mut self, name: &str) {
        let scores = self.config.folders.scores.as_deref();
        let Some(path) = scores.and_then(|folder| demos::path(folder, name)) else {
            return self.say(Level::Error, format!("there is no demo of that name: {name}"));
        };
        if let Err(why) = self.open_score(&path, false) {
            self.say(Level::Error, why);
        }
    }

    fn open_project(&mut self, path: &Path) -> Result<(), String> {
        let (keeper, saved) =
            Keeper::open(&self.config.data_folder, path).map_err(|error| error.to_string())?;
        if let Some(why) = keeper.read_only() {
            self.say(
                Level::Warning,
                format!("opened for reading only, because {why}; save it under another name to change it"),
            );
        }
        let stem = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let name = if keeper.is_untitled() { saved.document.title() } else { stem };
        self.recent.add(&name, path, keeper.is_untitled());
        self.opened(saved.document, saved.history, keeper);
        if let Some(notice) = saved.notice {
            self.say(Level::Warning, notice);
        }
        self.read_again();
        Ok(())
    }

    fn open_score(&mut self, path: &Path, remember: bool) -> Result<(), String> {
        let bytes = files::read(path, SCORE_BYTES)
            .map_err(|why| format!("cannot open the score ({why}): {}", path.display()))?;
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let source = Source { name, bytes, as_written: false };
        let document = Document::new(source).map_err(|error| format!("{error}: {}", path.display()))?;
        if remember {
            self.recent.add(&document.title(), path, false);
        }
        let history = History::default();
        let (keeper, message) = Keeper::untitled(&self.config.data_folder, &document, &history);
        self.opened(document, history, keeper);
        self.say_if(message);
        Ok(())
    }

    /// Opens what was open when the app crashed.
    pub(super) fn recover(&mut self, project: &Path) {
        match self.open_project(project) {
            Ok(()) => self.say(Level::Info, "Espressivo ended unexpectedly last time; here is your work"),
            Err(why) => {
                self.say(Level::Error, why);
                self.tell_start();
            }
        }
    }

    fn opened(&mut self, document: Document, history: History, keeper: Keeper) {
        self.put_away();
        self.say_if(self.recent.save(&self.config.data_folder).err());
        LastOpen::remember(&self.config.data_folder, keeper.path().filter(|_| keeper.read_only().is_none()));
        let looped = document.view.looped.clone();
        let shown_score = document.score_id(document.listening);
        self.open = Some(Open {
            document,
            history,
            keeper,
            streaming: Vec::new(),
            heard: None,
            shown_score,
            told_scores: 0,
            reading: None,
            is_view_new: false,
        });
        self.tell_opened();
        self.load_versions();
        self.set_loop(looped);
        self.follow_listening();
        self.player.seek_quarters(0.0);
        self.tell_transport();
    }

    /// Reads the source of the project again. Where that gives another score than the project has, it
    /// is said and offered.
    fn read_again(&mut self) {
        let Some(open) = &mut self.open else { return };
        open.reading = Reading::again(&open.document);
        let offer = open.reading.as_ref().and_then(|found| found.offer(&open.document));
        if let Some(view) = offer {
            let notice = reading::notice(&view, &open.document.source);
            self.tell_project();
            self.say(Level::Warning, notice);
        }
    }

    pub(super) fn save(&mut self) {
        let Some(open) = &mut self.open else { return };
        let Some(path) = open.keeper.named_path().map(Path::to_owned) else {
            return self.say(Level::Warning, "this work has no name yet; choose one with Save as…");
        };
        if !self.may_change() {
            return;
        }
        self.care();
        let Some(open) = &mut self.open else { return };
        let message = open.keeper.looked(&open.document, &open.history);
        if open.keeper.is_behind() {
            self.say_if(message);
            self.say(Level::Error, format!("not everything could be saved: {}", path.display()));
        } else {
            self.say(Level::Info, format!("saved: {}", path.display()));
        }
    }

    pub(super) fn save_as(&mut self, path: &Path) {
        let path = if path.extension().is_none() { path.with_extension(EXTENSION) } else { path.to_owned() };
        let Some(open) = &mut self.open else { return };
        let old = open.keeper.path().map(Path::to_owned);
        let saved = open.keeper.save_as(&self.config.data_folder, &path, &open.document, &open.history);
        if let Err(why) = saved {
            return self.say(Level::Error, format!("cannot save the project ({why}): {}", path.display()));
        }
        open.is_view_new = false;
        let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        // Work that had no name has one now.
        if let Some(old) = old.filter(|old| !old.exists()) {
            self.recent.remove(&old);
        }
        self.recent.add(&name, &path, false);
        self.say_if(self.recent.save(&self.config.data_folder).err());
        LastOpen::remember(&self.config.data_folder, Some(&path));
        self.tell_project();
        self.say(Level::Info, format!("saved: {}", path.display()));
    }

    pub(super) fn close(&mut self) {
        if self.open.is_none() {
            return;
        }
        self.put_away();
        LastOpen::remember(&self.config.data_folder, None);
        self.tell_project();
        self.tell_jobs();
        self.tell_start();
        self.tell_transport();
    }

    /// Ends what belongs to the open project and closes its file.
    pub(super) fn put_away(&mut self) {
        self.cancel_for_project();
        self.player.stop();
        let Some(mut open) = self.open.take() else { return };
        if open.is_view_new {
            self.say_if(open.keeper.looked(&open.document, &open.history));
        }
        if open.history.is_empty() && open.keeper.is_untitled() {
            if let Some(path) = open.keeper.path() {
                self.recent.remove(path);
            }
            open.keeper.discard_untitled();
            self.say_if(self.recent.save(&self.config.data_folder).err());
        }
        for id in super::telling::versions(&open) {
            self.player.forget(id);
            self.loudness.forget(id);
        }
        self.set_loop(None);
    }

    /// Lists work without a name once there is something in it.
    pub(super) fn remember_untitled(&mut self) {
        let Some(open) = self.open.as_ref().filter(|open| open.keeper.is_untitled()) else { return };
        if let Some(path) = open.keeper.path() {
            self.recent.add(&open.document.title(), path, true);
            self.say_if(self.recent.save(&self.config.data_folder).err());
        }
    }

    fn recent_failed(&mut self, path: &Path) {
        if !path.exists() {
            self.recent.remove(path);
            self.say_if(self.recent.save(&self.config.data_folder).err());
            if self.open.is_none() {
                self.tell_start();
            }
        }
    }

    pub(super) fn clear_recent(&mut self) {
        self.recent.clear();
        self.say_if(self.recent.save(&self.config.data_folder).err());
        self.tell_start();
    }

    /// Keeps the view, and tries again to write what could not be written.
    pub(super) fn care(&mut self) {
        let Some(open) = &mut self.open else { return };
        let mut messages = Vec::new();
        if open.keeper.is_behind() {
            messages.extend(open.keeper.retry(&open.document, &open.history));
        } else if std::mem::take(&mut open.is_view_new) {
            messages.extend(open.keeper.looked(&open.document, &open.history));
        }
        messages.into_iter().for_each(|message| self.emit(Event::Message(message)));
    }

    /// Reads a recording as a job; [`Self::recording_read`] goes on when it is read.
    pub(super) fn import_recording(&mut self, path: &Path) {
        if !self.may_change() {
            return;
        }
        let Some(open) = &self.open else { return };
        let (score, path, read) =
            (open.document.score().clone(), path.to_owned(), self.read_recording.clone());
        let stop = Arc::new(AtomicBool::new(false));
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let job = self.list_job(format!("Reading {name}"), None, Kind::Reading(stop.clone()));
        let inbox = self.inbox.clone();
        self.reading.add(move || {
            if !stop.load(Ordering::Relaxed) {
                let imported = guarded(|| Imported::read(&read, &path, &score));
                inbox.send(Input::Recording(job, imported)).ok();
            }
        });
    }

    /// A recording was read, or cannot be: it becomes a version of the project as it is now.
    pub(super) fn recording_read(&mut self, job: u64, imported: Result<Imported, String>) {
        // Else it was cancelled, or its project is closed.
        let Some(at) = self.jobs.iter().position(|running| running.view.id == job) else { return };
        self.jobs.remove(at);
        self.tell_jobs();
        let imported = match imported {
            Ok(imported) => imported,
            Err(why) => return self.say(Level::Error, why),
        };
        if !self.may_change() {
            return;
        }
        let Some(open) = &self.open else { return };
        if !imported.fits(&open.document) {
            // Another reading of the score was taken over meanwhile.
            return self.import_recording(imported.path());
        }
        let message = imported.message();
        let changes = edit::added(&open.document, vec![imported.into_take(&open.document)], false);
        let id = changes.first().and_then(crate::history::Change::version);
        self.step(Step::new("Import recording", changes));
        self.say_if(message);
        self.compare(id.filter(|id| *id != VersionId::Deadpan));
    }
}

/// Whether a file is to be opened as a project.
fn is_project(path: &Path) -> bool {
    use std::io::Read;
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case(EXTENSION)) {
        return true;
    }
    let mut start = Vec::new();
    let is_file = path.is_file();
    let read = is_file.then(|| std::fs::File::open(path).ok()).flatten();
    read.is_some_and(|f| f.take(MAGIC.len() as u64).read_to_end(&mut start).is_ok() && start == MAGIC)
}
