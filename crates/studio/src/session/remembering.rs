//! What is stored for the next start: what is open, and what was only just being opened.

use std::path::Path;

use protocol::Level;

use super::Session;
use super::running::Kind;
use crate::last_open::{HARMLESS_AFTER, LastOpen, Opening};
use crate::untitled;
use crate::windows::Begin;

impl Session {
    /// Begins with what was open if the app ended in a crash, unless that may be what ended it: then it
    /// is named and listed, and opened only by hand.
    pub(super) fn restore_last_session(&mut self) {
        let Begin { project, suspects } = std::mem::take(&mut self.begin);
        suspects.iter().for_each(|opening| self.offer(opening));
        match project {
            Some(project) => self.recover(&project),
            None => self.tell_start(),
        }
    }

    /// Opens what was open when the app crashed.
    fn recover(&mut self, project: &Path) {
        match self.open_project(project) {
            Ok(()) => self.say(Level::Info, "Espressivo ended unexpectedly last time; here is your work"),
            Err(why) => {
                self.say(Level::Error, why);
                self.tell_start();
            }
        }
    }

    fn offer(&mut self, opening: &Opening) {
        let Opening { name, path } = opening;
        if path.is_file() {
            let is_untitled = path.parent() == Some(&untitled::folder(&self.shared.config.data_folder));
            self.change_list(|recent| recent.add(name, path, is_untitled));
        }
        self.say(
            Level::Warning,
            format!(
                "Espressivo ended unexpectedly last time, when it had just opened “{name}”, so that was not \
                 opened again; to try once more, open it from the list: {}",
                path.display()
            ),
        );
    }

    /// Before a file is opened: should that end the app, the next start does not do it again.
    pub(super) fn begin_opening(&mut self, name: &str, path: &Path) {
        if path.to_str().is_none() {
            return;
        }
        let opening = Some(Opening { name: name.to_owned(), path: path.to_owned() });
        self.last_open.opening = opening;
        self.shared.windows().note_last_open(self.id, self.last_open.clone());
    }

    /// Keeps up what is stored for the next start, and what the shell may read.
    pub(super) fn note_open(&mut self) {
        let mut last = LastOpen::default();
        // A piece that is being written takes this window.
        let is_written_to = self.jobs.iter().any(|job| matches!(job.kind, Kind::Piece(_)));
        let (mut unsaved, mut performing, mut has_work, mut files) = (None, None, is_written_to, Vec::new());
        if let Some(open) = &self.open {
            has_work = open.has_work() || self.is_at_work();
            files.extend(open.files());
            let file = &open.file;
            let path = file.kept_meanwhile().or(file.path().filter(|_| file.read_only().is_none()));
            // What is kept is JSON, which has no other names than Unicode.
            let path = path.filter(|path| path.to_str().is_some());
            last.project = path.map(Path::to_owned);
            let is_new = !open.was_worked_on && open.since.elapsed() < HARMLESS_AFTER;
            last.opening = path
                .filter(|_| is_new)
                .map(|path| Opening { name: self.project_name(), path: path.to_owned() });
            unsaved = file.is_in_memory_only().then(|| self.project_name());
            performing = (!open.streaming.is_empty()).then(|| self.project_name());
        }
        {
            let mut current = self.current();
            (current.unsaved, current.performing, current.has_work) = (unsaved, performing, has_work);
            current.writes_sound = !self.sounds.is_empty();
        }
        self.shared.windows().note(self.id, last.clone(), &files);
        self.last_open = last;
    }
}
