//! The worker on its thread: does what waits in the row, one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use application::roster::or_fallback;
use performance::Performance;
use performers::{Controls, Job, Mood, PerformError, Performer, Request, base_tempo, take};
use protocol::{DeviceSetting, Level, Message};

use super::composing::compose;
use super::manners::read_manner;
use super::order::{End, News, Order, PlayedBy, Task, Tell};
use super::panics::panic_text;
use super::progress::reporter;
use super::started::{begun, ended};
use super::stops::{SharedStops, locked};
use super::writing::write_piece;
use crate::document::clean;
use crate::moods::Moods;
use crate::roster::{Ready, Roster};

/// The worker on its thread.
pub(super) struct WorkerThread {
    pub(super) roster: Box<dyn Roster>,
    pub(super) moods: Arc<Moods>,
    /// Who hears of the task at hand.
    pub(super) tell: Tell,
    pub(super) stops: SharedStops,
}

impl WorkerThread {
    /// Works until the sender of orders is dropped.
    pub(super) fn run(mut self, queue: &Receiver<Task>) {
        while let Ok(task) = queue.recv() {
            match task {
                Task::Device(setting, tell) => {
                    self.tell = tell;
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.find_device(setting))) {
                        let why = panic_text(&*panic);
                        self.say(Level::Warning, format!("no device could be found for networks ({why})"));
                    }
                }
                Task::Perform(order, tell) => {
                    self.tell = tell;
                    let stops = self.stops.clone();
                    let end = ended(order.job, &stops, || self.perform(&order), broken);
                    self.finish(order.job, end);
                }
                Task::Compose(order, tell) => {
                    self.tell = tell;
                    let work = || compose(&mut *self.roster, &order, &self.stops, &self.tell);
                    let end = ended(order.job, &self.stops, work, gave_up);
                    self.finish(order.job, end);
                }
                Task::Write(order, tell) => {
                    self.tell = tell;
                    let work = || write_piece(&mut *self.roster, &order, &self.stops, &self.tell);
                    let end = ended(order.job, &self.stops, work, stuck);
                    self.finish(order.job, end);
                }
                Task::Manner(order, tell) => {
                    self.tell = tell;
                    let work = || read_manner(&mut *self.roster, &order, &self.stops, &self.tell);
                    let end = ended(order.job, &self.stops, work, broken);
                    self.finish(order.job, end);
                }
            }
        }
    }

    /// A job is no more.
    fn finish(&self, job: u64, end: End) {
        {
            let mut stops = locked(&self.stops);
            stops.cancelled.remove(&job);
            stops.running = None;
        }
        (self.tell)(News::End(job, end));
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
        let mut ready = self.ready(order)?;
        let mood = self.mood(order);
        for (k, controls) in order.takes.iter().enumerate() {
            let controls = &for_performer(&ready, order, Controls { mood: mood.clone(), ..controls.clone() });
            let played = match self.attempt(order, k, controls, &ready) {
                Attempt::Played(result) => result?,
                Attempt::Panicked(why) if ready.on_gpu => {
                    self.say(
                        Level::Warning,
                        format!("the graphics processor was lost ({why}); the processor goes on"),
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
            let by = PlayedBy { id: info.id.to_owned(), name: info.name.to_owned() };
            (self.tell)(News::Take(order.job, k, clean(&order.score, played), by));
        }
        Ok(End::Done)
    }

    /// Names a metronome mark that was not followed, once for all takes of an order.
    fn warn_of_tempo(&self, order: &Order, controls: &Controls, played: &Performance) {
        let outcome = base_tempo::Outcome::of(&order.score, controls, played);
        if let Some(warning) = outcome.and_then(|outcome| outcome.warning()) {
            self.say(Level::Warning, warning);
        }
    }

    /// The meaning of the order's text; none, with a message why, where it cannot be understood.
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
        let job = match begun(order.job, &self.stops, self.job(order, k)) {
            Ok(job) => job,
            Err(cancelled) => return Attempt::Played(Err(cancelled)),
        };
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

    /// A job that reports its progress among all takes, not too often, and hands over first notes.
    fn job(&self, order: &Order, k: usize) -> Job {
        let (number, count) = (order.job, order.takes.len() as f32);
        let progress = reporter(self.tell.clone(), number, move |done| (k as f32 + done) / count);
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
fn for_performer(ready: &Ready, order: &Order, controls: Controls) -> Controls {
    let info = ready.performer.info();
    if info.id == order.performer {
        return controls;
    }
    Controls { knobs: info.own(&controls.knobs), ..controls }
}

fn broken(why: &str) -> String {
    format!(
        "the performer broke down ({why}); try another performer, or have takes worked out on the processor, in the \
         settings"
    )
}

fn gave_up(why: &str) -> String {
    format!("the composer broke down ({why}); try another seed or other bars")
}

fn stuck(why: &str) -> String {
    format!("the writer of pieces broke down ({why}); try another seed or fewer bars")
}
