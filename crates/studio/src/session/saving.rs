//! Saving and closing, and the list of recent files.

use std::path::Path;

use protocol::{Event, Level};

use super::Session;
use crate::names::file_stem;
use crate::recent::Recent;
use crate::untitled::EXTENSION;

impl Session {
    pub(super) fn save(&mut self) {
        let Some(open) = &mut self.open else { return };
        let Some(path) = open.file.named_path().map(Path::to_owned) else {
            return self.say(Level::Warning, "this work has no name yet; choose one with Save as…");
        };
        if !self.may_change() {
            return;
        }
        self.care();
        let Some(open) = &mut self.open else { return };
        let message = open.file.view_changed(&open.document, &open.history);
        if open.file.is_behind() {
            self.say_if(message);
            self.say(Level::Error, format!("not everything could be saved: {}", path.display()));
        } else {
            self.say(Level::Info, format!("saved: {}", path.display()));
        }
    }

    pub(super) fn save_as(&mut self, path: &Path) {
        let path = if path.extension().is_none() { path.with_extension(EXTENSION) } else { path.to_owned() };
        let Some(open) = &mut self.open else { return };
        let old = open.file.path().map(Path::to_owned);
        let saved = open.file.save_as(&path, &open.document, &open.history);
        if let Err(why) = saved {
            return self.say(Level::Error, format!("cannot save the project ({why}): {}", path.display()));
        }
        open.is_view_new = false;
        // Work that had no name has one now.
        if let Some(old) = old.filter(|old| !old.exists()) {
            self.change_list(|recent| recent.remove(&old));
        }
        self.change_list(|recent| recent.add(&file_stem(&path), &path, false));
        self.tell_project();
        self.say(Level::Info, format!("saved: {}", path.display()));
    }

    pub(super) fn close(&mut self) {
        self.played_file = None;
        if self.open.is_none() {
            return;
        }
        self.put_away();
        self.tell_project();
        self.tell_jobs();
        self.tell_start();
        self.tell_transport();
    }

    /// Ends what belongs to the open project and closes its file.
    pub(super) fn put_away(&mut self) {
        self.put_recording_away();
        self.cancel_for_project();
        self.playback.stop();
        self.care();
        self.list_kept();
        let Some(mut open) = self.open.take() else { return };
        self.pages.forget();
        self.paper.forget();
        if open.variations.is_some() {
            self.emit(Event::Variations(None));
        }
        if open.file.is_untitled() && !open.is_worth_keeping() {
            if let Some(path) = open.file.path() {
                self.change_list(|recent| recent.remove(path));
            }
            open.file.discard_untitled();
        }
        for id in super::publishing::versions(&open) {
            self.playback.forget(id);
            self.loudness.forget(id);
        }
        self.own_sounds.clear();
        self.set_loop(None);
    }

    /// Lists the copy that has what the project's file lacks: nothing else leads to it.
    fn list_kept(&mut self) {
        let Some(open) = &self.open else { return };
        let Some(path) = open.file.kept_meanwhile().map(Path::to_owned) else { return };
        let name = format!("{} (kept, not in its file)", self.project_name());
        self.change_list(|recent| recent.add(&name, &path, true));
        let text = "the project file lacks the last changes; the whole work is first in the list of recent \
                    files: open it there and save it under a name";
        self.say(Level::Warning, text);
    }

    /// Lists work without a name once there is something in it.
    pub(super) fn remember_untitled(&mut self) {
        let Some(open) = self.open.as_ref().filter(|open| open.file.is_untitled()) else { return };
        if let Some(path) = open.file.path() {
            self.change_list(|recent| recent.add(&open.document.title(), path, true));
        }
    }

    /// A file could not be opened: it leaves the list if it is no more.
    pub(super) fn recent_failed(&mut self, path: &Path) {
        if !path.exists() {
            self.change_list(|recent| recent.remove(path));
        }
    }

    pub(super) fn clear_recent(&mut self) {
        self.change_list(Recent::clear);
    }

    pub(super) fn restore_recent(&mut self) {
        self.change_list(Recent::restore);
    }

    /// Changes the list of recent files for all windows, this one included.
    pub(super) fn change_list(&self, change: impl FnOnce(&mut Recent)) {
        self.say_if(self.shared.change_recent(self.id, change));
        self.tell_start();
    }

    /// Keeps the view, and tries again to write what could not be written.
    pub(super) fn care(&mut self) {
        let Some(open) = &mut self.open else { return };
        let mut messages = Vec::new();
        if open.file.is_behind() {
            messages.extend(open.file.retry(&open.document, &open.history));
        } else if std::mem::take(&mut open.is_view_new) {
            messages.extend(open.file.view_changed(&open.document, &open.history));
        }
        messages.into_iter().for_each(|message| self.emit(Event::Message(message)));
    }
}
