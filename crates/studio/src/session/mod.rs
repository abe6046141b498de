//! The studio at work in one window: commands in, events out, in the order in which things happen.
//!
//! Everything here runs on one thread, so no state is ever seen half changed. What takes
//! long (performing, reading recordings, writing files, loading a piano) runs elsewhere and sends its
//! news to the same inbox.

mod arriving;
mod commands;
mod controls;
mod current;
mod editing;
mod exporting;
mod getting;
mod hearing;
mod importing;
mod input;
mod keyboard;
mod manner;
mod midi;
mod open;
mod opening;
mod ordering;
mod own_sound;
mod paging;
mod performing;
mod pieces;
mod played;
mod printing;
mod publishing;
mod read;
mod recorded;
mod recording;
mod remembering;
mod running;
mod saving;
mod taking;
mod variations;
mod varying;
mod written;

use std::cell::{OnceCell, RefCell};
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use application::text::shown_message;
use protocol::{
    DemoView, DeviceView, Event, InstrumentSetting, JobView, KeyboardView, Lacking, Level, Message,
    PlayedFileView, Settings, TransportView,
};
use sound::Piano;

use crate::jobs::Tell;
use crate::last_open::LastOpen;
use crate::loudness::Loudness;
use crate::moods::Answers;
use crate::own_sounds::OwnSounds;
use crate::page::Pages;
use crate::parts::Sink;
use crate::playback::Playback;
use crate::queue::WorkQueue;
use crate::settings;
use crate::shared::Shared;
use crate::windows::{Begin, Changed, WindowId};
use controls::PlaybackControls;
pub use current::Current;
pub use input::Input;
use open::Open;
use running::{Kind, Running};
use taking::Taking;

/// The state of the studio of one window.
pub struct Session {
    shared: Arc<Shared>,
    id: WindowId,
    /// What it begins with; nothing once it has begun.
    begin: Begin,
    sink: Sink,
    inbox: Sender<Input>,
    current: Arc<Mutex<Current>>,
    /// The settings that were last sent to the face.
    settings: Settings,
    demos: OnceCell<Vec<DemoView>>,
    open: Option<Open>,
    /// How many documents were opened.
    openings: u64,
    /// The file with an open question: whether it is a score or a recording.
    played_file: Option<PlayedFileView>,
    /// What is open according to the data folder.
    last_open: LastOpen,
    jobs: Vec<Running>,
    next_job: u64,
    /// Number of the next variation.
    next_variation: u32,
    /// Rises with every view of a version.
    revision: u64,
    device: DeviceView,
    playback: Box<dyn Playback>,
    reading: WorkQueue,
    /// Recordings of sound, which take minutes; those in MIDI do not wait for them.
    listening: WorkQueue,
    writing: WorkQueue,
    /// The threads that write sound, with their jobs.
    sounds: Vec<(u64, JoinHandle<()>)>,
    piano: Option<Piano>,
    piano_name: String,
    /// Number of the last request for a piano; results of older ones are dropped.
    piano_request: u32,
    loudness: Loudness,
    own_sounds: OwnSounds,
    hearing: PlaybackControls,
    midi_ports: Result<Vec<String>, String>,
    keyboards: Result<Vec<String>, String>,
    keyboard_shown: Option<KeyboardView>,
    /// What is being recorded.
    taking: Option<Taking>,
    /// Writes what is played, and finds it in the score.
    takes_down: WorkQueue,
    shown: Option<TransportView>,
    /// Messages to be sent once there is a face; none when there is one.
    early: RefCell<Option<Vec<Message>>>,
    moods: Answers,
    pages: Pages,
    /// Pages for paper, beside the one that the window shows.
    paper: Pages,
    drag_folder: Option<tempfile::TempDir>,
    drags: u32,
    /// Until then the transport is looked at often: it may be about to move.
    polls_fast_until: Instant,
    last_tick: Instant,
    last_care: Instant,
}

/// How often the transport is looked at while it plays.
pub const TICK: Duration = Duration::from_millis(33);

/// How often it is looked at otherwise.
const AT_REST: Duration = Duration::from_millis(250);

/// How long after a command the transport may still be about to do it.
const FAST_POLLING: Duration = Duration::from_secs(1);

/// How often the project file is cared for at rest.
const CARE: Duration = Duration::from_secs(1);

impl Session {
    /// Readies the studio of a new window.
    pub fn new(shared: Arc<Shared>, sink: Sink, inbox: Sender<Input>, current: Arc<Mutex<Current>>) -> Self {
        // Reports to a window that is closed are dropped, which is right.
        let changed = inbox.clone();
        let (id, begin, early) = shared.enter(move |what| drop(changed.send(Input::Changed(what))));
        // Nothing else is to take the place of what comes back.
        current.lock().unwrap_or_else(PoisonError::into_inner).has_work = begin.project.is_some();
        let measured = inbox.clone();
        let loudness = Loudness::start(move |found| drop(measured.send(Input::Loudness(found))));
        let decoded = inbox.clone();
        let own_sounds = OwnSounds::start(move |read| drop(decoded.send(Input::OwnSound(read))));
        let answer = sink.clone();
        let answers = Answers::start(shared.moods.clone(), move |view| answer(Event::Mood(Box::new(view))));
        let pages = Pages::new(sink.clone());
        let engraved = inbox.clone();
        let paper = Pages::for_paper(sink.clone(), move || drop(engraved.send(Input::PaperEngraved)));
        let last_open = LastOpen { project: begin.project.clone(), opening: None };
        Self {
            loudness,
            own_sounds,
            id,
            begin,
            sink,
            inbox,
            current,
            settings: shared.settings(),
            demos: OnceCell::new(),
            open: None,
            openings: 0,
            played_file: None,
            last_open,
            jobs: Vec::new(),
            // No other window has these numbers; they stay below 2^53, which the page can count to.
            next_job: (u64::from(id.0) << 32) + 1,
            next_variation: 1,
            revision: 0,
            device: DeviceView::default(),
            playback: shared.playback(),
            reading: WorkQueue::start("reading"),
            listening: WorkQueue::start("listening"),
            writing: WorkQueue::start("writing"),
            sounds: Vec::new(),
            piano: None,
            piano_name: String::new(),
            piano_request: 0,
            early: RefCell::new(Some(early)),
            hearing: PlaybackControls::default(),
            midi_ports: Ok(Vec::new()),
            keyboards: Ok(Vec::new()),
            keyboard_shown: None,
            taking: None,
            takes_down: WorkQueue::start("recording"),
            shown: None,
            moods: answers,
            pages,
            paper,
            drag_folder: None,
            drags: 0,
            polls_fast_until: Instant::now(),
            last_tick: Instant::now(),
            last_care: Instant::now(),
            shared,
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the window.
    pub fn id(&self) -> WindowId {
        self.id
    }

    /// Begins: with the start page, or with what was open if the app ended in a crash.
    pub fn start(&mut self) {
        self.use_settings();
        self.tell_settings();
        self.restore_last_session();
    }

    /// Called often: shows the transport, keeps the view, tries again what failed.
    pub fn tick(&mut self) {
        if self.last_tick.elapsed() >= TICK {
            self.last_tick = Instant::now();
            self.tell_transport();
            self.go_on_recording();
            self.tell_keyboard();
        }
        if self.last_care.elapsed() >= CARE {
            self.last_care = Instant::now();
            self.care();
            self.note_open();
            self.measure_loudness();
        }
    }

    /// How long the studio may wait for something to happen.
    pub fn poll_interval(&self) -> Duration {
        let plays = self.shown.as_ref().is_some_and(is_moving) || self.taking.is_some();
        if plays || Instant::now() < self.polls_fast_until { TICK } else { AT_REST }
    }

    /// Says that a command broke down. What it changed is not kept, what was there is.
    pub fn tell_of_panic(&mut self, why: &str) {
        self.say(Level::Error, format!("something went wrong inside Espressivo ({why}); your work is kept"));
    }

    /// Lists work in progress; the number of the job.
    fn list_job(&mut self, label: String, progress: Option<f32>, kind: Kind) -> u64 {
        let id = self.next_job;
        self.next_job += 1;
        let label = shown_message(&label);
        self.jobs.push(Running::new(JobView { id, label, progress, ..JobView::default() }, kind));
        self.tell_jobs();
        id
    }

    fn emit(&self, mut event: Event) {
        // Messages name files and repeat what is in them.
        if let Event::Message(Message { text, .. }) | Event::Lacking(Lacking { text, .. }) = &mut event {
            *text = shown_message(text);
        }
        if let (Event::Message(message), Some(early)) = (&event, &mut *self.early.borrow_mut()) {
            return early.push(message.clone());
        }
        (self.sink)(event);
    }

    fn say(&self, level: Level, text: impl Into<String>) {
        self.emit(Event::Message(Message { level, text: text.into() }));
    }

    fn say_if(&self, message: Option<Message>) {
        if let Some(message) = message {
            self.emit(Event::Message(message));
        }
    }

    fn change_settings(&mut self, settings: Settings) {
        let wanted = settings::sensible(settings);
        if wanted == self.settings {
            return self.tell_settings();
        }
        let told = self.settings.clone();
        self.change_settings_now(|now| *now = settings::merged(&told, wanted, now.clone()));
    }

    fn choose_soundfont(&mut self, path: &Path) {
        self.change_settings_now(|now| {
            now.soundfont = Some(path.to_owned());
            now.instrument = InstrumentSetting::Soundfont;
        });
    }

    /// Changes the settings of all windows as they are now, which may differ from those that it was
    /// sent.
    fn change_settings_now(&mut self, change: impl FnOnce(&mut Settings)) {
        let (settings, failed) = self.shared.change_settings(self.id, change);
        self.say_if(failed);
        self.take_over(settings);
    }

    /// Another window has changed what all share.
    fn changed_elsewhere(&mut self, what: Changed) {
        match what {
            Changed::Settings => self.take_over(self.shared.settings()),
            Changed::Recent => self.tell_start(),
            Changed::Addition(addition) => self.use_addition(addition),
        }
    }

    /// Uses other settings from now on.
    fn take_over(&mut self, settings: Settings) {
        let old = std::mem::replace(&mut self.settings, settings);
        if old.device != self.settings.device {
            self.shared.worker.find_device(self.settings.device, self.hear_news());
        }
        if settings::wanted_piano(&old) != settings::wanted_piano(&self.settings) {
            self.load_piano();
        }
        if old.midi_port != self.settings.midi_port {
            self.playback.set_midi_port(self.settings.midi_port.as_deref());
            self.own_sounds_may_differ();
        }
        self.playback.set_loudness_matching(self.settings.match_loudness);
        self.keyboard_set(&old);
        self.tell_settings();
    }

    fn use_settings(&mut self) {
        self.shared.worker.find_device(self.settings.device, self.hear_news());
        self.playback.set_loudness_matching(self.settings.match_loudness);
        self.playback.set_volume(self.hearing.volume);
        self.playback.set_midi_port(self.settings.midi_port.as_deref());
        self.use_keyboard();
        self.load_piano();
    }

    /// How the worker reports to this window, as long as it is there.
    fn hear_news(&self) -> Tell {
        let inbox = self.inbox.clone();
        Arc::new(move |news| drop(inbox.send(Input::News(news))))
    }

    fn end(&mut self) {
        self.stop_getting();
        self.put_away();
        self.note_open();
        // What was requested before is written.
        self.writing.finish();
        for (_, thread) in self.sounds.drain(..) {
            // What breaks down in it is caught there.
            thread.join().ok();
        }
        self.takes_down.finish();
        self.shared.windows().leave(self.id);
    }
}

fn is_moving(view: &TransportView) -> bool {
    matches!(view.state, protocol::PlayState::Playing | protocol::PlayState::CountIn)
}
