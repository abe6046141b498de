//! The studio at work: commands in, events out, in the order in which things happen.
//!
//! Everything here runs on one thread, so nothing is ever half done when somebody looks. What takes
//! long (performing, reading recordings, writing files, loading a piano) runs elsewhere and sends its
//! news to the same inbox.

mod editing;
mod exporting;
mod files;
mod hearing;
mod performing;
mod telling;

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use application::Folders;
use notation::Score;
use protocol::{
    AboutView, Command, DemoView, DeviceView, Event, ExportRequest, JobView, Level, Message, ScoreId,
    Settings, TransportView, VersionId,
};
use sound::Piano;

use crate::document::{Document, Played, Take};
use crate::history::History;
use crate::jobs::{News, Worker};
use crate::keeping::{Keeper, untitled_folder};
use crate::lock::Lock;
use crate::loudness::{Loudness, Measured};
use crate::moods::{Answers, Moods};
use crate::queue::WorkQueue;
use crate::reading::Reading;
use crate::recent::{LastOpen, Recent};
use crate::recording::{Imported, ReadRecording};
use crate::roster::Roster;
use crate::sounding::Player;
use crate::{about, settings};
use exporting::Written;

/// Where the studio finds and keeps its things.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Settings, recent files, work without a name.
    pub data_folder: PathBuf,
    /// Models, the text encoder, the pieces that come with the app.
    pub folders: Folders,
}

/// What a session needs of the world; tests bring their own.
pub struct Parts {
    /// Who can play.
    pub roster: Box<dyn Roster>,
    /// What plays.
    pub player: Box<dyn Player>,
    /// Finds the piano of some settings, away from the studio's thread.
    pub find_piano: FindPiano,
    /// Reads recordings, away from the studio's thread.
    pub read_recording: ReadRecording,
    /// What *About* shows beyond what the studio knows.
    pub about: AboutView,
}

/// Finds the piano: the file of the settings or what is at hand, and what was passed over.
pub type FindPiano = Arc<dyn Fn(Option<PathBuf>) -> Result<(Piano, Vec<String>), String> + Send + Sync>;

/// Where events go.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// What comes into the studio.
pub enum Input {
    /// A person asks for something.
    Command(Box<Command>),
    /// The performers tell something.
    News(News),
    /// The answer to the numbered question for a piano.
    Piano(u32, Result<(Piano, Vec<String>), String>),
    /// A version's loudness is known.
    Loudness(Measured),
    /// How far a file of a job is written, 0 to 1.
    Progress(u64, f32),
    /// A file was written, or not.
    Written(Written),
    /// The recording of a job was read, or cannot be.
    Recording(u64, Result<Imported, String>),
    /// A file to drag out of the window.
    ForDrag(ExportRequest, Sender<Result<PathBuf, String>>),
    /// The app ends.
    End(Sender<()>),
}

/// What the shell may look at without asking the studio's thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// Whether a project is open.
    pub is_open: bool,
    /// What the project is called.
    pub name: String,
    /// Its file; none while it has no name.
    pub path: Option<PathBuf>,
    /// The file that was exported last.
    pub exported: Option<PathBuf>,
}

/// An open project.
struct Open {
    document: Document,
    history: History,
    keeper: Keeper,
    /// Takes that are being performed.
    streaming: Vec<Streaming>,
    /// The streaming take that is heard instead of the document's version.
    heard: Option<VersionId>,
    /// The score whose bars the document's view speaks of: that of the version heard last.
    shown_score: ScoreId,
    /// How many of the document's scores the face has.
    told_scores: usize,
    /// What is read from the source of an opened project today.
    reading: Option<Reading>,
    /// Whether the view changed since it was kept.
    is_view_new: bool,
}

/// A take that is being performed.
struct Streaming {
    job: u64,
    take: Take,
    /// Where the part that is there ends.
    ready_quarters: f64,
    is_complete: bool,
    /// Whether it was given to hear already; what is heard after that is the person's choice.
    was_offered: bool,
}

/// Work in progress.
struct Running {
    view: JobView,
    kind: Kind,
}

enum Kind {
    Performing,
    /// Of a recording; to be left out if the flag is set.
    Reading(Arc<AtomicBool>),
    /// Of a file; to be stopped if the flag is set.
    Writing(Arc<AtomicBool>),
}

/// How the transport is set.
#[derive(Clone, Debug, PartialEq)]
struct Hearing {
    rate_percent: f64,
    volume: f64,
    metronome: bool,
    count_in: bool,
    looped: Option<protocol::Bars>,
}

impl Default for Hearing {
    fn default() -> Self {
        Self { rate_percent: 100.0, volume: 0.8, metronome: false, count_in: false, looped: None }
    }
}

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
    hearing: Hearing,
    shown: Option<TransportView>,
    about: AboutView,
    /// What is to be said once there is a face; none when there is one.
    early: RefCell<Option<Vec<Message>>>,
    moods: Answers,
    drag_folder: Option<tempfile::TempDir>,
    drags: u32,
    /// Until then the transport is looked at often: it may be about to move.
    restless_until: Instant,
    last_tick: Instant,
    last_care: Instant,
}

/// How often the transport is looked at while it plays.
pub const TICK: Duration = Duration::from_millis(33);

/// How often it is looked at otherwise.
const AT_REST: Duration = Duration::from_millis(250);

/// How long after a command the transport may still be about to do it.
const RESTLESS: Duration = Duration::from_secs(1);

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
        let (mut recent, damaged_recent) = Recent::load(&config.data_folder);
        recent.find_untitled(&untitled_folder(&config.data_folder));
        let performers = parts.roster.list();
        let news = inbox.clone();
        let moods = Arc::new(Moods::new(config.folders.clone()));
        let worker = Worker::start(parts.roster, moods.clone(), move |n| drop(news.send(Input::News(n))));
        let answer = sink.clone();
        let answers = Answers::start(moods, move |view| answer(Event::Mood(Box::new(view))));
        Self {
            loudness: Loudness::start(inbox.clone()),
            about: about::view(parts.about),
            config,
            sink,
            inbox,
            current,
            settings,
            recent,
            demos: OnceCell::new(),
            open: None,
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
            hearing: Hearing::default(),
            shown: None,
            moods: answers,
            drag_folder: None,
            drags: 0,
            restless_until: Instant::now(),
            last_tick: Instant::now(),
            last_care: Instant::now(),
        }
    }

    /// Begins: with the start page, or with what was open if the app ended in a crash.
    pub fn start(&mut self) {
        self.use_settings();
        self.tell_settings();
        let data_folder = &self.config.data_folder;
        // What another window has open did not crash.
        let crashed = |p: &PathBuf| p.is_file() && Lock::take(data_folder, p).is_ok();
        match LastOpen::take(data_folder).filter(crashed) {
            Some(project) => self.recover(&project),
            None => self.tell_start(),
        }
    }

    /// Does what was asked, or hears the news.
    pub fn handle(&mut self, input: Input) {
        match input {
            Input::Command(command) => {
                self.restless_until = Instant::now() + RESTLESS;
                self.command(*command);
            }
            Input::News(news) => self.news(news),
            Input::Piano(question, found) => self.piano_found(question, found),
            Input::Loudness(measured) => self.loudness_known(&measured),
            Input::Progress(job, done) => self.progress(job, done),
            Input::Written(written) => self.written(written),
            Input::Recording(job, imported) => self.recording_read(job, imported),
            Input::ForDrag(request, reply) => self.export_for_drag(&request, reply),
            Input::End(reply) => {
                self.end();
                reply.send(()).ok();
            }
        }
    }

    fn command(&mut self, command: Command) {
        use Command as C;
        match command {
            C::Hello => self.tell_everything(),
            C::Open(path) => self.open_file(&path),
            C::OpenDemo(name) => self.open_demo(&name),
            C::ImportRecording(path) => self.with_path(path, Self::import_recording),
            C::Save => self.save(),
            C::SaveAs(path) => self.with_path(path, Self::save_as),
            C::Close => self.close(),
            C::ClearRecent => self.clear_recent(),
            C::ExportMidi(request, path) => self.with_path(path, |s, p| s.export_midi(&request, p)),
            C::ExportWav(request, path) => self.with_path(path, |s, p| s.export_wav(&request, p)),
            C::ExportReport(path) => self.with_path(path, Self::export_report),
            C::TogglePlay
            | C::Stop
            | C::SeekQuarters(_)
            | C::Loop(_)
            | C::Rate(_)
            | C::Volume(_)
            | C::Metronome(_)
            | C::CountIn(_)
            | C::Audition(..) => self.transport(&command),
            C::Listen(id) => self.listen(id),
            C::Compare(id) => self.compare(id),
            C::SwapCompared => self.swap_compared(),
            C::Perform(request) => self.perform(&request),
            C::Feel { text, bars } => self.feel(text, bars),
            C::Cancel(job) => self.cancel(job),
            C::Edit(id, edit) => self.edit(id, &edit),
            C::Rename(id, name) => self.rename(id, &name),
            C::Delete(id) => self.delete(id),
            C::Duplicate(id) => self.duplicate(id),
            C::Undo => self.undo(),
            C::Redo => self.redo(),
            C::AdoptReading => self.adopt_reading(),
            C::Remember(view) => self.remember(view),
            C::Settings(settings) => self.change_settings(settings),
            C::About => self.emit(Event::About(self.about.clone())),
            // The shell asks for a file first, or does it alone.
            C::OpenDialog | C::DragOut(_) | C::ShowExported | C::ChooseSoundfont | C::Quit => {}
        }
    }

    fn with_path(&mut self, path: Option<PathBuf>, act: impl FnOnce(&mut Self, &std::path::Path)) {
        if let Some(path) = path {
            act(self, &path);
        }
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
            self.measure_loudness();
        }
    }

    /// How long the studio may wait for something to happen.
    pub fn patience(&self) -> Duration {
        let plays = self.shown.as_ref().is_some_and(is_moving);
        if plays || Instant::now() < self.restless_until { TICK } else { AT_REST }
    }

    /// Says that a command broke down. What it changed is not kept, what was there is.
    pub fn broke_down(&mut self, why: &str) {
        self.say(Level::Error, format!("something went wrong inside Espressivo ({why}); your work is kept"));
    }

    /// Lists work in progress; the number of the job.
    fn list_job(&mut self, label: String, progress: Option<f32>, kind: Kind) -> u64 {
        let id = self.next_job;
        self.next_job += 1;
        self.jobs.push(Running { view: JobView { id, label, progress }, kind });
        self.tell_jobs();
        id
    }

    fn emit(&self, event: Event) {
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
        self.player.set_loudness_matching(self.settings.match_loudness);
        self.tell_settings();
    }

    fn use_settings(&mut self) {
        self.worker.find_device(self.settings.device);
        self.player.set_loudness_matching(self.settings.match_loudness);
        self.player.set_volume(self.hearing.volume);
        self.look_for_piano();
    }

    fn end(&mut self) {
        self.put_away();
        // What was asked for before is written.
        self.writing.finish();
        LastOpen::remember(&self.config.data_folder, None);
    }
}

fn is_moving(view: &TransportView) -> bool {
    matches!(view.state, protocol::PlayState::Playing | protocol::PlayState::CountIn)
}

impl Open {
    /// The version that is heard.
    fn listening(&self) -> VersionId {
        self.heard.unwrap_or(self.document.listening)
    }

    fn streaming(&self, id: VersionId) -> Option<&Streaming> {
        self.streaming.iter().find(|s| s.take.id == id)
    }

    /// The score that a version plays.
    fn score_id(&self, id: VersionId) -> ScoreId {
        self.streaming(id).map_or_else(|| self.document.score_id(id), |s| s.take.score)
    }

    /// The score of the version that is heard.
    fn heard_score(&self) -> &Arc<Score> {
        &self.document.scores.get(self.score_id(self.listening())).score
    }

    /// A version's score and what is played of it, so far.
    fn played(&self, id: VersionId) -> Option<Played> {
        let streaming = || {
            let performance = self.streaming(id)?.take.performance.clone();
            Some(Played { written: self.document.scores.get(self.score_id(id)).clone(), performance })
        };
        self.document.played(id).or_else(streaming)
    }

    fn name_of(&self, id: VersionId) -> String {
        self.streaming(id).map_or_else(|| self.document.name_of(id), |s| s.take.name.clone())
    }
}
