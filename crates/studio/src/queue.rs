//! Work on a thread of its own, done in the order in which it was added.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SendError, Sender, channel};
use std::thread::{self, JoinHandle};

use crate::jobs::panic_text;

type Work = Box<dyn FnOnce() + Send>;

/// A thread and the work that waits for it.
pub struct WorkQueue {
    /// None once the queue is finished.
    work: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl WorkQueue {
    /// Starts the thread. It ends when the queue is dropped and all its work is done.
    pub fn start(name: &str) -> Self {
        let (work, queue) = channel();
        // Without a thread, work is done where it is added.
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || run(&queue)).ok();
        debug_assert!(thread.is_some(), "the thread {name} could not be started");
        Self { work: Some(work), thread }
    }

    /// Adds work and returns at once. Where there is no thread it is done here and now.
    pub fn add(&self, work: impl FnOnce() + Send + 'static) {
        let work: Work = Box::new(work);
        let left = match &self.work {
            Some(sender) => sender.send(work).err().map(|SendError(work)| work),
            None => Some(work),
        };
        if let Some(work) = left {
            work();
        }
    }

    /// Waits until all work is done.
    pub fn finish(&mut self) {
        self.work = None;
        if let Some(thread) = self.thread.take() {
            // What breaks down is caught in `run`.
            thread.join().ok();
        }
    }
}

fn run(queue: &Receiver<Work>) {
    // The sound that plays meanwhile goes first.
    sound::transport::lower_thread_priority();
    while let Ok(work) = queue.recv() {
        // Work that can fail reports it itself, through `guarded`; what comes next is done in any case.
        catch_unwind(AssertUnwindSafe(work)).ok();
    }
}

/// The answer of some work; a panic becomes an error in words.
///
/// # Errors
/// Those of the work, and if it panics.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(format!("something went wrong inside Espressivo: {}", panic_text(&*panic)))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_in_order_and_all_of_it_before_the_end() {
        let (tell, told) = channel();
        let mut queue = WorkQueue::start("test");
        for k in 0..100 {
            let tell = tell.clone();
            queue.add(move || {
                assert_ne!(k, 50, "this one breaks down");
                tell.send(k).unwrap();
            });
        }
        queue.finish();
        let done: Vec<i32> = told.try_iter().collect();
        assert_eq!(done, (0..100).filter(|k| *k != 50).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_is_an_error_in_words() {
        let answer: Result<(), String> = guarded(|| panic!("no such note"));
        assert!(answer.unwrap_err().contains("no such note"));
        assert_eq!(guarded(|| Ok(1)), Ok(1));
    }
}
