//! Performing and varying on a thread of its own: jobs of all windows wait in a queue, report progress to their window,
//! can be stopped.
//!
//! The worker never ends the app: a performer that fails or panics ends its job with a message. A
//! graphics processor that is lost gives way to the CPU, a missing model to the rules; both are
//! reported.

mod composing;
mod manners;
mod order;
mod panics;
mod progress;
mod started;
mod stops;
mod worker_thread;
mod writing;

use std::sync::Arc;
use std::sync::mpsc::{SendError, Sender, channel};
use std::thread;

use protocol::{DeviceSetting, Level, Message};

use crate::moods::Moods;
use crate::roster::Roster;
use order::Task;
pub use order::{ComposeOrder, End, MannerOrder, MannerRead, News, Order, PieceOrder, PlayedBy, Tell};
pub use panics::panic_text;
use stops::{SharedStops, locked};
use worker_thread::WorkerThread;

/// The worker and its row of jobs.
pub struct Worker {
    tasks: Sender<Task>,
    stops: SharedStops,
}

impl Worker {
    /// Starts the worker; it ends when this is dropped.
    pub fn start(roster: Box<dyn Roster>, moods: Arc<Moods>) -> Self {
        let (tasks, queue) = channel();
        let stops = SharedStops::default();
        let worker = WorkerThread { roster, moods, tell: Arc::new(|_| ()), stops: stops.clone() };
        let run = move || {
            // What plays goes on while a network computes; its threads are started from here.
            sound::transport::lower_thread_priority();
            worker.run(&queue);
        };
        // Without a thread orders are never received, which is reported when one is sent.
        let spawned = thread::Builder::new().name("performing".into()).spawn(run);
        debug_assert!(spawned.is_ok(), "the worker could not be started");
        Self { tasks, stops }
    }

    /// Puts a job into the row. No two jobs may have one number.
    pub fn perform(&self, order: Order, tell: Tell) {
        self.add(Task::Perform(Box::new(order), tell));
    }

    /// Puts a job that makes variations into the row. No two jobs may have one number.
    pub fn compose(&self, order: ComposeOrder, tell: Tell) {
        self.add(Task::Compose(Box::new(order), tell));
    }

    /// Puts a job that writes a piece into the row. No two jobs may have one number.
    pub fn write(&self, order: PieceOrder, tell: Tell) {
        self.add(Task::Write(Box::new(order), tell));
    }

    /// Puts a job that reads a manner into the row. No two jobs may have one number.
    pub fn read_manner(&self, order: MannerOrder, tell: Tell) {
        self.add(Task::Manner(Box::new(order), tell));
    }

    /// Finds out where networks run with a setting.
    pub fn find_device(&self, setting: DeviceSetting, tell: Tell) {
        self.add(Task::Device(setting, tell));
    }

    fn add(&self, task: Task) {
        const NOBODY: &str = "the system gave no thread that performs; start Espressivo again";
        let Err(SendError(task)) = self.tasks.send(task) else { return };
        let (job, tell) = match task {
            Task::Perform(order, tell) => (order.job, tell),
            Task::Compose(order, tell) => (order.job, tell),
            Task::Write(order, tell) => (order.job, tell),
            Task::Manner(order, tell) => (order.job, tell),
            Task::Device(_, tell) => {
                return tell(News::Say(Message { level: Level::Error, text: NOBODY.to_owned() }));
            }
        };
        tell(News::End(job, End::Failed(NOBODY.to_owned())));
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
