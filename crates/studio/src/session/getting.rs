//! Getting what others have published, as jobs that have nothing to do with what is open.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use application::files;
use protocol::{Addition, Event, InstrumentSetting, Lacking, Level, Presence};
use sound::transport::lower_thread_priority;

use super::Session;
use super::input::Input;
use super::running::Kind;
use crate::lacking::lacking;
use crate::queue::guarded;
use crate::windows::Changed;

impl Session {
    /// Begins to get something; [`Self::got`] goes on when it is there.
    pub(super) fn get(&mut self, addition: Addition) {
        let name = addition.name();
        match self.shared.additions.presence(addition) {
            Presence::There => return self.say(Level::Info, format!("{name} is on this computer already")),
            Presence::Arriving(_) => return self.say(Level::Info, format!("{name} is on its way already")),
            Presence::Missing => {}
        }
        let stop = Arc::new(AtomicBool::new(false));
        let job = self.list_job(format!("Getting {name}"), Some(0.0), Kind::Getting(stop.clone()));
        self.shared.additions.begin(addition, job);
        self.shared.windows().tell_others(self.id, Changed::Settings);
        self.tell_settings();
        let (shared, inbox, id) = (self.shared.clone(), self.inbox.clone(), self.id);
        let work = move || {
            lower_thread_priority();
            let mut progress = |done| drop(inbox.send(Input::Progress(job, done)));
            let got = guarded(|| shared.additions.get(addition, &mut progress, &stop));
            let is_there = got == Ok(true);
            shared.additions.end(addition);
            if is_there {
                shared.use_addition(addition);
            }
            // The others are told here, since this window may be closed.
            let changed = if is_there { Changed::Addition(addition) } else { Changed::Settings };
            shared.windows().tell_others(id, changed);
            inbox.send(Input::Got(job, addition, got)).ok();
        };
        if let Err(error) = thread::Builder::new().name("getting".into()).spawn(work) {
            self.shared.additions.end(addition);
            let why = format!("the system gives no thread to get {name}: {}", files::plain(&error));
            self.got(job, addition, Err(why));
        }
    }

    /// The job has ended.
    pub(super) fn got(&mut self, job: u64, addition: Addition, got: Result<bool, String>) {
        self.jobs.retain(|running| running.view.id != job);
        self.tell_jobs();
        match got {
            Ok(true) => {
                let words = match addition {
                    Addition::GrandPiano if self.uses_grand_piano() => "and will be heard in a moment",
                    Addition::GrandPiano => "now; choose it in the settings",
                    Addition::TextEncoder => "now: moods are read as whole phrases",
                    Addition::Transcriber => "now: recordings of sound can be imported",
                };
                self.say(Level::Info, format!("{} is there {words}", addition.name()));
                self.use_addition(addition);
            }
            Ok(false) => {
                let name = addition.name();
                let words = format!("{name} is not complete; getting it again goes on where it was");
                self.say(Level::Info, words);
                self.tell_settings();
            }
            Err(why) => {
                self.say(Level::Error, why);
                self.tell_settings();
            }
        }
    }

    /// Something is there that was not.
    pub(super) fn use_addition(&mut self, addition: Addition) {
        if addition == Addition::GrandPiano && self.uses_grand_piano() {
            self.load_piano();
        }
        // The face asks anew what moods mean.
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
        let is_missing = self.shared.additions.presence(Addition::GrandPiano) == Presence::Missing;
        self.settings.offers_piano && is_missing && self.uses_grand_piano()
    }

    /// Says why something failed, and offers what it was for want of.
    pub(super) fn say_failed(&self, why: String) {
        match lacking(&why) {
            Some(addition) => self.emit(Event::Lacking(Lacking { addition, text: why })),
            None => self.say(Level::Error, why),
        }
    }

    /// Stops getting things: the window is closed.
    pub(super) fn stop_getting(&self) {
        for job in &self.jobs {
            if let Kind::Getting(stop) = &job.kind {
                stop.store(true, Ordering::Relaxed);
            }
        }
    }
}
