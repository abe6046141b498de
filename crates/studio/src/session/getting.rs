//! Getting the recorded grand piano, as a job that has nothing to do with what is open.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use application::files;
use protocol::{GrandPiano, InstrumentSetting, Level};
use sound::transport::lower_thread_priority;

use super::Session;
use super::input::Input;
use super::running::Kind;
use crate::queue::guarded;
use crate::windows::Changed;

impl Session {
    /// Begins to get the grand piano; [`Self::grand_piano_got`] goes on when it is there.
    pub(super) fn get_piano(&mut self) {
        match self.shared.pianos.grand() {
            GrandPiano::There => return self.say(Level::Info, "the grand piano is on this computer already"),
            GrandPiano::Arriving(_) => return self.say(Level::Info, "the grand piano is on its way already"),
            GrandPiano::Missing => {}
        }
        let stop = Arc::new(AtomicBool::new(false));
        let job = self.list_job("Getting the grand piano".into(), Some(0.0), Kind::Getting(stop.clone()));
        self.shared.pianos.begin(job);
        self.shared.windows().tell_others(self.id, Changed::Settings);
        self.tell_settings();
        let (shared, inbox, id) = (self.shared.clone(), self.inbox.clone(), self.id);
        let work = move || {
            lower_thread_priority();
            let mut progress = |done| drop(inbox.send(Input::Progress(job, done)));
            let got = guarded(|| shared.pianos.get(&mut progress, &stop));
            let is_there = got == Ok(true);
            shared.pianos.end(is_there);
            // The others are told here, since this window may be closed.
            shared.windows().tell_others(id, if is_there { Changed::Pianos } else { Changed::Settings });
            inbox.send(Input::GrandPiano(job, got)).ok();
        };
        if let Err(error) = thread::Builder::new().name("grand piano".into()).spawn(work) {
            self.shared.pianos.end(false);
            let why = format!("the system gives no thread to get the grand piano: {}", files::plain(&error));
            self.grand_piano_got(job, Err(why));
        }
    }

    /// The job has ended.
    pub(super) fn grand_piano_got(&mut self, job: u64, got: Result<bool, String>) {
        self.jobs.retain(|running| running.view.id != job);
        self.tell_jobs();
        match got {
            Ok(true) => {
                let words = if self.uses_grand_piano() {
                    "the grand piano is there and will be heard in a moment"
                } else {
                    "the grand piano is there; choose it in the settings"
                };
                self.say(Level::Info, words);
                self.use_other_pianos();
            }
            Ok(false) => {
                self.say(
                    Level::Info,
                    "the grand piano is not complete; getting it again goes on where it was",
                );
                self.tell_settings();
            }
            Err(why) => {
                self.say(Level::Error, why);
                self.tell_settings();
            }
        }
    }

    /// There are other pianos now.
    pub(super) fn use_other_pianos(&mut self) {
        if self.uses_grand_piano() {
            self.load_piano();
        }
        self.tell_settings();
    }

    /// Whether the grand piano is heard as soon as it is there.
    fn uses_grand_piano(&self) -> bool {
        let is_named = self.shared.config.folders.soundfont.is_some();
        match self.settings.instrument {
            InstrumentSetting::Sampled => true,
            InstrumentSetting::Best => !is_named,
            InstrumentSetting::Soundfont | InstrumentSetting::Generated => false,
        }
    }

    /// Whether the grand piano is to be offered: it would be heard, is not there, and nobody has refused it.
    pub(super) fn offers_piano(&self) -> bool {
        let is_missing = self.shared.pianos.grand() == GrandPiano::Missing;
        self.settings.offers_piano && is_missing && self.uses_grand_piano()
    }

    /// Stops getting it: the window is closed.
    pub(super) fn stop_getting(&self) {
        for job in &self.jobs {
            if let Kind::Getting(stop) = &job.kind {
                stop.store(true, Ordering::Relaxed);
            }
        }
    }
}
