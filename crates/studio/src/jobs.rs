//! Performing on a thread of its own: jobs wait in a row, tell how far they are, can be stopped.
//!
//! The worker never ends the app: a performer that fails or panics ends its job with a message. A
//! graphics processor that is lost gives way to the CPU, a missing model to the rules; both are
//! said.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use application::roster::or_fallback;
use notation::Score;
use performance::Performance;
use performers::{Controls, Job, Mood, PerformError, Performer, Region, Request, base_tempo, take};
use protocol::{DeviceSetting, DeviceView, Level, Message};

use crate::document::clean;
use crate::moods::Moods;
use crate::roster::{Ready, Roster};

/// What to perform.
#[derive(Clone)]
pub struct Order {
    /// Number of the job.
    pub job: u64,
    /// Who plays.
    pub performer: String,
    /// On what.
    pub device: DeviceSetting,
    /// What is written.
    pub score: Arc<Score>,
    /// What of it is played.
    pub region: Region,
    /// The version that the region is part of; none for the whole piece.
    pub context: Option<Arc<Performance>>,
    /// The mood in words; empty for none.
    pub mood: String,
    /// How strongly it is followed.
    pub strength: f64,
    /// Wishes for each take, the mood still left out.
    pub takes: Vec<Controls>,
}

/// What the worker tells.
pub enum News {
    /// Where networks run.
    Device(DeviceView),
    /// Something to say.
    Say(Message),
    /// How far a job is, 0 to 1.
    Progress(u64, f32),
    /// The first notes of a take of a job.
    Part(u64, usize, Performance),
    /// A take of a job is ready, played by this performer.
    Take(u64, usize, Performance, Player),
    /// A job has ended.
    End(u64, End),
}

/// Who played in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// How a job ended.
#[derive(Debug)]
pub enum End {
    /// All takes are there.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// It failed; in words.
    Failed(String),
}

enum Task {
    Perform(Box<Order>),
    Device(DeviceSetting),
}

/// The worker and its row of jobs.
pub struct Worker {
    tasks: Sender<Task>,
    stops: SharedStops,
}

/// Which jobs are to stop, and the one that runs.
#[derive(Default)]
struct Stops {
    cancelled: HashSet<u64>,
    running: Option<(u64, Job)>,
}

type SharedStops = Arc<Mutex<Stops>>;

fn locked(stops: &SharedStops) -> MutexGuard<'_, Stops> {
    stops.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Worker {
    /// Starts the worker; it ends when this is dropped.
    pub fn start(
        roster: Box<dyn Roster>,
        moods: Arc<Moods>,
        tell: impl Fn(News) + Send + Sync + 'static,
    ) -> Self {
        let (tasks, queue) = channel();
        let stops = SharedStops::default();
        let worker = Working { roster, moods, tell: Arc::new(tell), stops: stops.clone() };
        let run = move || {
            // What plays goes on while a network computes; its threads are started from here.
            sound::transport::lower_thread_priority();
            worker.run(&queue);
        };
        let spawned = thread::Builder::new().name("performing".into()).spawn(run);
        debug_assert!(spawned.is_ok(), "the worker could not be started");
        Self { tasks, stops }
    }

    /// Puts a job into the row.
    pub fn perform(&self, order: Order) {
        self.tasks.send(Task::Perform(Box::new(order))).ok();
    }

    /// Finds out where networks run with a setting.
    pub fn find_device(&self, setting: DeviceSetting) {
        self.tasks.send(Task::Device(setting)).ok();
    }

    /// Stops a job, running or waiting.
    pub fn cancel(&self, job: u64) {
        let mut stops = locked(&self.stops);
        stops.cancelled.insert(job);
        if let Some((_, token)) = stops.running.as_ref().filter(|(id, _)| *id == job) {
            token.cancel();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some((_, token)) = &locked(&self.stops).running {
            token.cancel();
        }
    }
}

type Tell = Arc<dyn Fn(News) + Send + Sync>;

struct Working {
    roster: Box<dyn Roster>,
    moods: Arc<Moods>,
    tell: Tell,
    stops: SharedStops,
}

impl Working {
    fn run(mut self, queue: &Receiver<Task>) {
        while let Ok(task) = queue.recv() {
            match task {
                Task::Device(setting) => self.find_device(setting),
                Task::Perform(order) => {
                    let end = self.perform(&order).unwrap_or_else(ended);
                    {
                        let mut stops = locked(&self.stops);
                        stops.cancelled.remove(&order.job);
                        stops.running = None;
                    }
                    (self.tell)(News::End(order.job, end));
                }
            }
        }
    }

    fn find_device(&mut self, setting: DeviceSetting) {
        match self.roster.device(setting) {
            Ok(view) => (self.tell)(News::Device(view)),
            Err(why) => {
                self.say(Level::Warning, why);
                if let Ok(view) = self.roster.device(DeviceSetting::Cpu) {
                    (self.tell)(News::Device(view));
                }
            }
        }
    }

    fn say(&self, level: Level, text: String) {
        (self.tell)(News::Say(Message { level, text }));
    }

    fn perform(&mut self, order: &Order) -> Result<End, PerformError> {
        if locked(&self.stops).cancelled.contains(&order.job) {
            return Ok(End::Cancelled);
        }
        let mut ready = self.ready(order)?;
        let mood = self.mood(order);
        for (k, controls) in order.takes.iter().enumerate() {
            let controls = &for_player(&ready, order, Controls { mood: mood.clone(), ..controls.clone() });
            let played = match self.attempt(order, k, controls, &ready) {
                Attempt::Played(result) => result?,
                Attempt::Panicked(why) if ready.on_gpu => {
                    self.say(
                        Level::Warning,
                        format!("the graphics processor was lost ({why}); the CPU goes on"),
                    );
                    self.find_device(DeviceSetting::Cpu);
                    ready = self.roster.ready(&order.performer, DeviceSetting::Cpu)?;
                    match self.attempt(order, k, controls, &ready) {
                        Attempt::Played(result) => result?,
                        Attempt::Panicked(why) => return Ok(End::Failed(broken(&why))),
                    }
                }
                Attempt::Panicked(why) => return Ok(End::Failed(broken(&why))),
            };
            if k == 0 && order.context.is_none() {
                self.warn_of_tempo(order, controls, &played);
            }
            let info = ready.performer.info();
            let player = Player { id: info.id.to_owned(), name: info.name.to_owned() };
            (self.tell)(News::Take(order.job, k, clean(&order.score, played), player));
        }
        Ok(End::Done)
    }

    /// Names a metronome mark that was not followed, once for all takes of an order.
    fn warn_of_tempo(&self, order: &Order, controls: &Controls, played: &Performance) {
        let outcome = base_tempo::Outcome::of(&order.score, controls, played);
        if let Some(warning) = outcome.and_then(|outcome| outcome.warning()) {
            self.say(Level::Warning, sentence(&warning));
        }
    }

    /// What the order's words mean; nothing, and why is said, where they cannot be understood.
    fn mood(&self, order: &Order) -> Option<Mood> {
        match self.moods.lay(&order.score, &order.region, &order.mood, order.strength) {
            Ok(laid) => laid.map(|(mood, _)| mood),
            Err(why) => {
                self.say(Level::Warning, format!("{why}; it is performed without a mood"));
                None
            }
        }
    }

    /// The performer of the order, or the one that needs no model.
    fn ready(&mut self, order: &Order) -> Result<Ready, PerformError> {
        let fallback = self.roster.fallback();
        let ready = |id: &str| self.roster.ready(id, order.device);
        let (ready, message) = or_fallback(&order.performer, fallback.as_deref(), ready)?;
        if let Some(message) = message {
            self.say(Level::Warning, message);
        }
        Ok(ready)
    }

    fn attempt(&self, order: &Order, k: usize, controls: &Controls, ready: &Ready) -> Attempt {
        let job = self.job(order, k);
        let is_stopped = {
            let mut stops = locked(&self.stops);
            stops.running = Some((order.job, job.clone()));
            stops.cancelled.contains(&order.job)
        };
        if is_stopped {
            return Attempt::Played(Err(PerformError::Cancelled));
        }
        let request = Request {
            score: &order.score,
            region: &order.region,
            context: order.context.as_deref(),
            controls,
        };
        let performer: &dyn Performer = &*ready.performer;
        match catch_unwind(AssertUnwindSafe(|| take::perform(performer, &request, &job))) {
            Ok(result) => Attempt::Played(result),
            Err(panic) => Attempt::Panicked(panic_text(&*panic)),
        }
    }

    /// A job that tells its progress among all takes, not too often, and hands over first notes.
    fn job(&self, order: &Order, k: usize) -> Job {
        const AT_MOST_EVERY: Duration = Duration::from_millis(50);
        let (number, count) = (order.job, order.takes.len() as f32);
        let tell = self.tell.clone();
        let last = Mutex::new(None::<Instant>);
        let progress = move |done: f32| {
            let mut last = last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if done >= 1.0 || last.is_none_or(|at| at.elapsed() >= AT_MOST_EVERY) {
                *last = Some(Instant::now());
                tell(News::Progress(number, ((k as f32 + done.clamp(0.0, 1.0)) / count).clamp(0.0, 1.0)));
            }
        };
        let (tell, score) = (self.tell.clone(), order.score.clone());
        Job::new(progress).with_partial(move |first_notes| {
            tell(News::Part(number, k, clean(&score, first_notes.clone())));
        })
    }
}

/// One try at a take.
enum Attempt {
    Played(Result<Performance, PerformError>),
    Panicked(String),
}

/// The controls without knobs that only the ordered performer has, if another plays in its place.
fn for_player(ready: &Ready, order: &Order, controls: Controls) -> Controls {
    let info = ready.performer.info();
    if info.id == order.performer {
        return controls;
    }
    Controls { knobs: info.own(&controls.knobs), ..controls }
}

/// With a capital, as messages begin.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn ended(error: PerformError) -> End {
    match error {
        PerformError::Cancelled => End::Cancelled,
        other => End::Failed(other.to_string()),
    }
}

fn broken(why: &str) -> String {
    format!("the performer broke down ({why}); try another performer or the device CPU")
}

/// What a panic said.
pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned())
}
