//! What was played on the keyboard becomes a version, or takes the place of bars.

use std::path::Path;

use protocol::{Level, Message};

use super::Session;
use super::played::{Played, Recorded};
use crate::edit;
use crate::history::Step;
use crate::kept::{self, KeptFile};

impl Session {
    /// What was played was found in the score, or was not.
    pub(super) fn recorded(&mut self, job: u64, recorded: Recorded) {
        let Recorded { file, punch, played } = recorded;
        let Some(at) = self.jobs.iter().position(|running| running.view.id == job) else {
            // It was cancelled, or its project is closed.
            return self.keep_played(&file, "what you played");
        };
        self.jobs.remove(at);
        self.tell_jobs();
        let played = match played {
            Ok(played) => played,
            Err(why) => {
                let why = without_path(&why, file.path());
                self.say(Level::Warning, why);
                return self.keep_played(&file, "what you played");
            }
        };
        if !self.may_change() {
            return self.keep_played(&file, "what you played");
        }
        let Some(open) = &mut self.open else { return };
        let message = played.message();
        let step = match played {
            Played::Version(imported) if imported.fits(&open.document) => {
                let take = imported.into_take(&mut open.document);
                Ok(Step::new("Record", edit::added(&open.document, vec![take], true)))
            }
            Played::Bars(punched) if punched.fits(&open.document) => edit::punched(&open.document, &punched),
            // Another reading of the score was taken over meanwhile.
            Played::Version(_) => return self.match_played(file, punch, None, |_| Ok(())),
            Played::Bars(_) => Err(edit::EditError::NoSuchVersion),
        };
        match step {
            Ok(step) => {
                self.step(step);
                self.shared.forget_kept(file.path());
                kept::remove(file.path());
            }
            Err(error) => {
                self.say(Level::Warning, error.to_string());
                return self.keep_played(&file, "what you played");
            }
        }
        self.say_if(
            message.map(|message| Message { text: without_path(&message.text, file.path()), ..message }),
        );
        self.tell_keyboard();
    }

    /// Keeps what was played and did not become a version, and says so.
    pub(super) fn keep_played(&mut self, file: &KeptFile, what: &str) {
        if let Some(view) = kept::view(file.path()) {
            self.shared.keep(file.path(), view);
            self.say(
                Level::Info,
                format!("{what} is kept; add it to a piece, save it as a MIDI file or delete it under Kept recordings"),
            );
        }
        self.tell_keyboard();
    }

    /// Tries again to make a version of something that was kept.
    pub(super) fn add_kept(&mut self, id: &str) {
        if !self.may_change() {
            return;
        }
        let Some(path) = self.kept_path(id) else { return };
        self.match_played(KeptFile::again(&self.shared.config.data_folder, path), None, None, |_| Ok(()));
    }
}

/// A message about a recording of which nobody needs to know where its file is.
fn without_path(text: &str, path: &Path) -> String {
    text.replace(&format!(": {}", path.display()), "")
}
