//! A studio with a performer and playback of its own, so that tests need no network and no sound.
#![allow(dead_code, clippy::unwrap_used)]

pub mod composer;
pub mod dump;
mod fake;
mod folders;
pub mod gestures;
pub mod grand;
mod made;
pub mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use application::Folders;
use application::sounds::{Loading, WantedPiano};
use performance::Performance;
use protocol::{
    AboutView, Addition, Command, CompareView, DrawnSystem, Event, JobView, KeyboardView, Lacking, Level,
    Manner, Message, PageView, PerformRequest, PlayState, PlayedFileView, ProjectView, ScoreView,
    SettingsView, StartView, TransportView, VariationsView, VersionId, VersionView,
};
use sound::Piano;
use sound::transport::Loudness;
use studio::parts::{FindPiano, GetAddition};
use studio::playback::{KeyboardStatus, LostPort, PlayableVersion, Playback, PlaybackStatus, PlayedKey};
use studio::recording::ReadRecording;
use studio::roster::Roster;
use studio::{Config, Parts, Shared, Studio};

#[allow(unused_imports)]
pub use fake::{BROKEN, FAIL, FAKE, Fake, FakeRoster, PANIC, SLOW};
use folders::copy;
#[allow(unused_imports)]
pub use made::{score_of, two_scores};

/// The fake playback panics when this pitch is auditioned.
pub const BREAKS: u8 = 13;

const NO_PIANO: &str = "no piano in tests";

/// The state of the fake transport.
#[derive(Default)]
pub struct FakeTransport {
    pub state: PlayState,
    pub listening: Option<VersionId>,
    pub loaded: BTreeMap<VersionId, usize>,
    /// The versions that are heard as they were recorded.
    pub recordings: BTreeSet<VersionId>,
    pub quarters: f64,
    pub looped: Option<(f64, f64)>,
    pub rate: f64,
    pub midi_port: Option<String>,
    /// The port that is lost, until it is reported.
    pub lost_port: Option<LostPort>,
    pub metronome: bool,
    pub count_in: bool,
    pub is_hushed: bool,
    /// The keyboard, and whether it is heard.
    pub keyboard: (Option<String>, bool),
    pub is_unplugged: bool,
    pub lost_keyboard: Option<LostPort>,
    pub is_recorded: bool,
    /// What was played since the studio looked last.
    pub played: Vec<PlayedKey>,
    /// The keyboard's clock.
    pub now_secs: f64,
    /// How many windows use this playback.
    pub windows: u32,
}

#[derive(Clone, Default)]
pub struct FakePlayback(pub Arc<Mutex<FakeTransport>>);

impl Playback for FakePlayback {
    fn beside(&mut self) -> Box<dyn Playback> {
        let mut state = self.0.lock().unwrap();
        state.windows += 1;
        Box::new(if state.windows == 1 { self.clone() } else { Self::default() })
    }
    fn load(&mut self, id: VersionId, heard: PlayableVersion) {
        let mut state = self.0.lock().unwrap();
        state.loaded.insert(id, heard.performance.notes.len());
        if heard.sound.is_some() {
            state.recordings.insert(id)
        } else {
            state.recordings.remove(&id)
        };
    }
    fn forget(&mut self, id: VersionId) {
        let mut state = self.0.lock().unwrap();
        state.loaded.remove(&id);
        state.recordings.remove(&id);
    }
    fn listen(&mut self, id: VersionId, looped: Option<(f64, f64)>) {
        let mut state = self.0.lock().unwrap();
        (state.listening, state.looped) = (Some(id), looped);
    }
    fn play(&mut self) {
        self.0.lock().unwrap().state = PlayState::Playing;
    }
    fn pause(&mut self) {
        self.0.lock().unwrap().state = PlayState::Paused;
    }
    fn stop(&mut self) {
        self.0.lock().unwrap().state = PlayState::Stopped;
    }
    fn seek_quarters(&mut self, quarters: f64) {
        self.0.lock().unwrap().quarters = quarters;
    }
    fn set_loop(&mut self, quarters: Option<(f64, f64)>) {
        self.0.lock().unwrap().looped = quarters;
    }
    fn set_rate(&mut self, rate: f64) {
        self.0.lock().unwrap().rate = rate;
    }
    fn set_volume(&mut self, _: f64) {}
    fn set_metronome(&mut self, on: bool) {
        self.0.lock().unwrap().metronome = on;
    }
    fn set_count_in(&mut self, on: bool) {
        self.0.lock().unwrap().count_in = on;
    }
    fn keyboards(&mut self) -> Result<Vec<String>, String> {
        Ok(vec!["Midi Through:0".to_owned(), "Stage piano".to_owned()])
    }
    fn set_keyboard(&mut self, name: Option<&str>, thru: bool) {
        self.0.lock().unwrap().keyboard = (name.map(str::to_owned), thru);
    }
    fn lost_keyboard(&mut self) -> Option<LostPort> {
        self.0.lock().unwrap().lost_keyboard.take()
    }
    fn keyboard(&mut self) -> KeyboardStatus {
        let state = self.0.lock().unwrap();
        let is_connected = state.keyboard.0.is_some() && !state.is_unplugged;
        KeyboardStatus { is_connected, now_secs: state.now_secs, ..KeyboardStatus::default() }
    }
    fn record_keys(&mut self, on: bool) -> bool {
        let mut state = self.0.lock().unwrap();
        state.is_recorded = on;
        state.played.clear();
        state.keyboard.0.is_some()
    }
    fn played_keys(&mut self) -> Vec<PlayedKey> {
        std::mem::take(&mut self.0.lock().unwrap().played)
    }
    fn set_hushed(&mut self, on: bool) {
        self.0.lock().unwrap().is_hushed = on;
    }
    fn set_loudness_matching(&mut self, _: bool) {}
    fn set_loudness(&mut self, _: VersionId, _: Loudness) {}
    fn audition(&mut self, pitch: u8, _: u8) {
        assert_ne!(pitch, BREAKS, "a note that breaks the playback");
    }
    fn set_piano(&mut self, _: Piano) {}
    fn set_midi_port(&mut self, name: Option<&str>) {
        self.0.lock().unwrap().midi_port = name.map(str::to_owned);
    }
    fn lost_port(&mut self) -> Option<LostPort> {
        self.0.lock().unwrap().lost_port.take()
    }
    fn midi_ports(&mut self) -> Result<Vec<String>, String> {
        Ok(vec!["Digital piano".to_owned(), "Synth".to_owned()])
    }
    fn status(&mut self) -> PlaybackStatus {
        let state = self.0.lock().unwrap();
        PlaybackStatus {
            state: state.state,
            version: state.listening,
            position_quarters: state.quarters,
            ..PlaybackStatus::default()
        }
    }
}

/// The last view of each kind, as the face keeps them.
#[derive(Default)]
pub struct Face {
    pub start: Option<StartView>,
    pub project: Option<Box<ProjectView>>,
    /// That of the deadpan.
    pub score: Option<ScoreView>,
    pub scores: Vec<ScoreView>,
    pub versions: BTreeMap<VersionId, VersionView>,
    pub jobs: Vec<JobView>,
    pub variations: Option<Box<VariationsView>>,
    pub transport: TransportView,
    pub comparison: Option<Box<CompareView>>,
    pub settings: SettingsView,
    pub keyboard: KeyboardView,
    pub messages: Vec<Message>,
    pub lacking: Vec<Lacking>,
    pub page: Option<Box<PageView>>,
    pub paper: Option<Box<PageView>>,
    pub drawn: Vec<DrawnSystem>,
    pub played_file: Option<PlayedFileView>,
    /// The manners that were read: performer, knob, manner.
    pub manners: Vec<(String, String, Manner)>,
    pub events: usize,
}

impl Face {
    pub fn hear(&mut self, event: Event) {
        // Whatever is sent must survive the way to the face: a number that is not finite does not.
        let json = serde_json::to_vec(&event).unwrap();
        serde_json::from_slice::<Event>(&json).unwrap();
        self.events += 1;
        match event {
            Event::Start(view) => self.start = Some(view),
            Event::Project(view) => self.project = view,
            Event::Scores(views) => {
                self.score = views.first().cloned();
                self.scores = views;
                self.versions.clear();
            }
            Event::Version(view) => drop(self.versions.insert(view.id, *view)),
            Event::Gone(id) => drop(self.versions.remove(&id)),
            Event::Jobs(jobs) => self.jobs = jobs,
            Event::Variations(view) => self.variations = view,
            Event::Transport(view) => self.transport = view,
            Event::Comparison(view) => self.comparison = view,
            Event::Message(message) => self.messages.push(message),
            Event::Lacking(lacking) => self.lacking.push(lacking),
            Event::Page(view) => self.page = Some(view),
            Event::Paper(view) => self.paper = Some(view),
            Event::SystemDrawn(view) => self.drawn.push(*view),
            Event::PlayedFile(view) => self.played_file = Some(view),
            Event::Settings(view) => self.settings = *view,
            Event::Keyboard(view) => self.keyboard = *view,
            Event::Manner { performer, knob, manner } => self.manners.push((performer, knob, manner)),
            Event::About(_) | Event::Mood(_) | Event::MoodOf(..) => {}
        }
    }
}

/// The studio of a window at work, and a face that listens.
pub struct Harness {
    pub studio: Studio,
    pub shared: Arc<Shared>,
    pub face: Face,
    pub events: Receiver<Event>,
    pub playback: FakePlayback,
    pub folder: Arc<tempfile::TempDir>,
}

/// The models that come with the app.
pub fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models")
}

/// Where a studio in a test looks.
pub fn folders() -> Folders {
    Folders { models: models(), scores: Some(scores()), ..Folders::find() }
}

pub fn scores() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores")
}

pub fn minuet() -> PathBuf {
    scores().join("petzold_minuet_g.musicxml")
}

/// Finds no piano.
fn no_piano() -> FindPiano {
    Arc::new(|_: &WantedPiano, _: &Loading<'_>| Err(NO_PIANO.to_owned()))
}

/// Gets nothing that others have published.
fn no_addition() -> GetAddition {
    Arc::new(|_: Addition, _: &Path, _: &mut dyn FnMut(f32), _: &AtomicBool| Err("none in tests".to_owned()))
}

impl Harness {
    pub fn new() -> Self {
        Self::in_folder(Arc::new(tempfile::tempdir().unwrap()))
    }

    pub fn in_folder(folder: Arc<tempfile::TempDir>) -> Self {
        Self::with(folder, FakeRoster { on_gpu: false })
    }

    pub fn with(folder: Arc<tempfile::TempDir>, roster: impl Roster + 'static) -> Self {
        let playback = FakePlayback::default();
        let mut harness = Self::with_playback(folder, roster, playback.clone(), no_piano());
        harness.playback = playback;
        harness
    }

    /// With playback of the test's choice; [`Harness::playback`] is told nothing then.
    pub fn with_playback(
        folder: Arc<tempfile::TempDir>,
        roster: impl Roster + 'static,
        playback: impl Playback + 'static,
        find_piano: FindPiano,
    ) -> Self {
        // Sound is not heard in tests, unless they bring what hears it.
        let read_recording = studio::recording::reader(folder.path().join("no transcriber"));
        Self::start(folder, roster, playback, (find_piano, no_addition()), read_recording)
    }

    /// With pianos of the test's choice, found and got.
    pub fn with_pianos(find_piano: FindPiano, get_addition: GetAddition) -> Self {
        let (folder, playback) = (Arc::new(tempfile::tempdir().unwrap()), FakePlayback::default());
        let read_recording = studio::recording::reader(folder.path().join("no transcriber"));
        let roster = FakeRoster { on_gpu: false };
        Self::start(folder, roster, playback, (find_piano, get_addition), read_recording)
    }

    /// Reads recordings in another way.
    pub fn with_reader(read_recording: ReadRecording) -> Self {
        let (folder, playback) = (Arc::new(tempfile::tempdir().unwrap()), FakePlayback::default());
        let roster = FakeRoster { on_gpu: false };
        let pianos = (no_piano(), no_addition());
        let mut harness = Self::start(folder, roster, playback.clone(), pianos, read_recording);
        harness.playback = playback;
        harness
    }

    /// With additions that are got as the test says, none of them there.
    pub fn with_additions(get_addition: GetAddition) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let place = |name: &str| folder.path().join(name);
        let folders = Folders {
            piano: place("grand piano"),
            text_encoder: place("text encoder"),
            transcriber: place("transcriber"),
            soundfont: None,
            ..folders()
        };
        let read_recording = studio::recording::reader(folders.transcriber.clone());
        let parts = Parts {
            roster: Box::new(FakeRoster { on_gpu: false }),
            playback: Box::new(FakePlayback::default()),
            find_piano: no_piano(),
            get_addition,
            read_recording,
            about: AboutView::default(),
        };
        let config = Config { data_folder: folder.path().join("data"), folders };
        Self::at(Shared::new(config, parts), folder)
    }

    fn start(
        folder: Arc<tempfile::TempDir>,
        roster: impl Roster + 'static,
        playback: impl Playback + 'static,
        (find_piano, get_addition): (FindPiano, GetAddition),
        read_recording: ReadRecording,
    ) -> Self {
        // The pianos of whoever runs the tests are left alone.
        let folders = Folders { piano: folder.path().join("grand piano"), soundfont: None, ..folders() };
        let config = Config { data_folder: folder.path().join("data"), folders };
        let parts = Parts {
            roster: Box::new(roster),
            playback: Box::new(playback),
            find_piano,
            get_addition,
            read_recording,
            about: AboutView::default(),
        };
        Self::at(Shared::new(config, parts), folder)
    }

    /// One more window.
    pub fn beside(&self) -> Self {
        Self::at(self.shared.clone(), self.folder.clone())
    }

    fn at(shared: Arc<Shared>, folder: Arc<tempfile::TempDir>) -> Self {
        let (send, events) = channel();
        let studio = Studio::start(&shared, move |event| drop(send.send(event)));
        let playback = FakePlayback::default();
        let mut harness = Self { studio, shared, face: Face::default(), events, playback, folder };
        harness.ask(Command::Hello);
        harness
    }

    pub fn send(&mut self, command: Command) {
        self.studio.send(command);
    }

    /// Sends a command and waits until it and all before it are done, without the jobs.
    pub fn ask(&mut self, command: Command) {
        self.send(command);
        self.settle();
    }

    /// Sends a command and waits until it, all before it and all jobs are done.
    pub fn finish(&mut self, command: Command) {
        self.send(command);
        self.jobs_done();
    }

    /// Waits until everything sent so far is handled.
    pub fn settle(&mut self) {
        self.send(Command::About);
        self.until(|_, event| matches!(event, Event::About(_)));
    }

    /// Waits for an event; fails after a minute: performing gives way to whatever else the machine does.
    pub fn until(&mut self, mut is_it: impl FnMut(&Face, &Event) -> bool) {
        let start = Instant::now();
        loop {
            let left = Duration::from_secs(60).saturating_sub(start.elapsed());
            let event = self
                .events
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("it does not happen; messages: {:?}", self.face.messages));
            let done = is_it(&self.face, &event);
            self.face.hear(event);
            if done {
                return;
            }
        }
    }

    /// Waits until no job runs.
    pub fn jobs_done(&mut self) {
        self.settle();
        if !self.face.jobs.is_empty() {
            self.until(|_, event| matches!(event, Event::Jobs(jobs) if jobs.is_empty()));
        }
        self.settle();
    }

    pub fn open_minuet(&mut self) {
        self.ask(Command::Open(minuet()));
        assert!(self.face.project.is_some(), "{:?}", self.face.messages);
    }

    pub fn perform(&mut self, request: PerformRequest) {
        self.send(Command::Perform(request));
        self.jobs_done();
    }

    pub fn project(&self) -> &ProjectView {
        self.face.project.as_ref().unwrap()
    }

    pub fn played(&self, id: VersionId) -> &Performance {
        &self.face.versions[&id].performance
    }

    pub fn last_message(&self) -> &Message {
        self.face.messages.iter().rfind(|m| m.text != NO_PIANO).expect("a message")
    }

    pub fn errors(&self) -> Vec<&Message> {
        let no_piano = |m: &&Message| m.text == NO_PIANO;
        self.face.messages.iter().filter(|m| m.level == Level::Error && !no_piano(m)).collect()
    }

    /// A folder as a crash leaves it: the files as they are now, and nothing is closed.
    pub fn crash(self) -> Arc<tempfile::TempDir> {
        let after = Arc::new(tempfile::tempdir().unwrap());
        let (from, to) = (self.folder.path().to_str().unwrap(), after.path().to_str().unwrap());
        copy(self.folder.path(), after.path(), &|bytes| match String::from_utf8(bytes) {
            // The lists of files name the new folder.
            Ok(text) => text.replace(from, to).into_bytes(),
            Err(not_text) => not_text.into_bytes(),
        });
        after
    }
}

pub fn request(seed: u64) -> PerformRequest {
    PerformRequest {
        performer: FAKE.into(),
        bars: None,
        of: VersionId::Deadpan,
        mood: String::new(),
        strength: 1.0,
        base_tempo: protocol::BaseTempo::Free,
        amounts: protocol::Amounts::default(),
        knobs: protocol::Knobs::default(),
        seed,
        takes: 1,
    }
}
