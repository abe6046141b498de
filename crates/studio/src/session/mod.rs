//! The studio at work: commands in, events out, in the order in which things happen.
//!
//! Everything here runs on one thread, so nothing is ever half done when somebody looks. What takes
//! long (performing, reading recordings, writing files, loading a piano) runs elsewhere and sends its
//! news to the same inbox.

mod arriving;
mod commands;
mod controls;
mod current;
mod editing;
mod exporting;
mod hearing;
mod importing;
mod input;
mod midi;
mod open;
mod opening;
mod ordering;
mod parts;
mod performing;
mod publishing;
mod remembering;
mod running;
mod saving;
mod written;

use std::cell::{OnceCell, RefCell};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use application::files;
use application::text::shown_message;
use protocol::{
    AboutView, DemoView, DeviceView, Event, JobView, Level, Message, PlayedFileView, Settings, TransportView,
};
use sound::Piano;

use crate::jobs::Worker;
use crate::last_open::LastOpen;
use crate::loudness::Loudness;
use crate::moods::{Answers, Moods};
use crate::playback::Player;
use crate::queue::WorkQueue;
use crate::recent::Recent;
use crate::recording::ReadRecording;
use crate::{about, settings, untitled};
use controls::PlaybackControls;
pub use current::Current;
pub use input::Input;
use open::Open;
pub use parts::{Config, FindPiano, Parts, Sink};
use running::{Kind, Running};

/// The studio's state.
pub struct Session {
    config: Config,
    sink: Sink,
    inbox: Sender<Input>,
    current: Arc<Mutex<Current>>,
    settings: Settings,
    recent: Recent,
    demos: OnceCell<Vec<DemoView>>,
    open: Option<Open>,
    /// How many documents were opened.
    openings: u64,
    /// The file that a person was asked about and that nothing was done with yet.
    played_file: Option<PlayedFileView>,
    /// What the data folder says is open.
    last_open: LastOpen,
    jobs: Vec<Running>,
    next_job: u64,
    /// Rises with every view of a version.
    revision: u64,
    worker: Worker,
    performers: Vec<protocol::PerformerView>,
    device: DeviceView,
    player: Box<dyn Player>,
    reading: WorkQueue,
    writing: WorkQueue,
    read_recording: ReadRecording,
    find_piano: FindPiano,
    piano: Option<Piano>,
    piano_name: String,
    /// Number of the last question for a piano; answers to older ones do not count.
    piano_question: u32,
    loudness: Loudness,
    hearing: PlaybackControls,
    midi_ports: Result<Vec<String>, String>,
    shown: Option<TransportView>,
    about: AboutView,
    /// What is to be said once there is a face; none when there is one.
    early: RefCell<Option<Vec<Message>>>,
    moods: Answers,
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
    /// Readies the studio.
    pub fn new(
        config: Config,
        parts: Parts,
        sink: Sink,
        inbox: Sender<Input>,
        current: Arc<Mutex<Current>>,
    ) -> Self {
        let (settings, damaged_settings) = settings::load(&config.data_folder);
        // What a kill left of files that were being written.
        for folder in [config.data_folder.clone(), untitled::folder(&config.data_folder)] {
            files::sweep(&folder);
        }
        let (mut recent, damaged_recent) = Recent::load(&config.data_folder);
        recent.find_untitled(&untitled::folder(&config.data_folder));
        let performers = parts.roster.list();
        let news = inbox.clone();
        let moods = Arc::new(Moods::new(config.folders.clone()));
        let worker = Worker::start(parts.roster, moods.clone(), move |n| drop(news.send(Input::News(n))));
        let measured = inbox.clone();
        let loudness = Loudness::start(move |found| drop(measured.send(Input::Loudness(found))));
        let answer = sink.clone();
        let answers = Answers::start(moods, move |of, view| {
            let view = Box::new(view);
            answer(match of {
                Some(id) => Event::MoodOf(id, view),
                None => Event::Mood(view),
            });
        });
        Self {
            loudness,
            about: about::view(parts.about),
            config,
            sink,
            inbox,
            current,
            settings,
            recent,
            demos: OnceCell::new(),
            open: None,
            openings: 0,
            played_file: None,
            last_open: LastOpen::default(),
            jobs: Vec::new(),
            next_job: 1,
            revision: 0,
            worker,
            performers,
            device: DeviceView::default(),
            player: parts.player,
            reading: WorkQueue::start("reading"),
            writing: WorkQueue::start("writing"),
            read_recording: parts.read_recording,
            find_piano: parts.find_piano,
            piano: None,
            piano_name: String::new(),
            piano_question: 0,
            early: RefCell::new(Some([damaged_settings, damaged_recent].into_iter().flatten().collect())),
            hearing: PlaybackControls::default(),
            midi_ports: Ok(Vec::new()),
            shown: None,
            moods: answers,
            drag_folder: None,
            drags: 0,
            polls_fast_until: Instant::now(),
            last_tick: Instant::now(),
            last_care: Instant::now(),
        }
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
        let plays = self.shown.as_ref().is_some_and(is_moving);
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
        self.jobs.push(Running { view: JobView { id, label, progress }, kind });
        self.tell_jobs();
        id
    }

    fn emit(&self, mut event: Event) {
        if let Event::Message(message) = &mut event {
            // Messages name files and repeat what is in them.
            message.text = shown_message(&message.text);
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
        let settings = settings::sensible(settings);
        if settings == self.settings {
            return self.tell_settings();
        }
        let old = std::mem::replace(&mut self.settings, settings);
        self.say_if(settings::save(&self.config.data_folder, &self.settings).err());
        if old.device != self.settings.device {
            self.worker.find_device(self.settings.device);
        }
        if old.soundfont != self.settings.soundfont {
            self.look_for_piano();
        }
        if old.midi_port != self.settings.midi_port {
            self.player.set_midi_port(self.settings.midi_port.as_deref());
        }
        self.player.set_loudness_matching(self.settings.match_loudness);
        self.tell_settings();
    }

    fn use_settings(&mut self) {
        self.worker.find_device(self.settings.device);
        self.player.set_loudness_matching(self.settings.match_loudness);
        self.player.set_volume(self.hearing.volume);
        self.player.set_midi_port(self.settings.midi_port.as_deref());
        self.look_for_piano();
    }

    fn end(&mut self) {
        self.put_away();
        // What was asked for before is written.
        self.writing.finish();
        self.note_open();
    }
}

fn is_moving(view: &TransportView) -> bool {
    matches!(view.state, protocol::PlayState::Playing | protocol::PlayState::CountIn)
}
