//! Work on another thread, watched from this one.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often the watcher looks.
const INTERVAL: Duration = Duration::from_millis(50);

/// What work and watcher tell each other.
#[derive(Debug, Default)]
pub struct Pulse {
    stop: AtomicBool,
    steps: AtomicUsize,
}

impl Pulse {
    /// Whether the work is no longer wanted.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// A step is done. Returns `None` if the work is no longer wanted.
    pub fn step(&self) -> Option<()> {
        self.steps.fetch_add(1, Ordering::Relaxed);
        (!self.is_stopped()).then_some(())
    }
}

/// Does some work on a thread of its own. Meanwhile `go_on` is told on this thread how many steps are done
/// and says whether to go on. Returns `None` if it said no.
pub fn watch<R: Send>(
    work: impl FnOnce(&Pulse) -> Option<R> + Send,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<R> {
    let pulse = Pulse::default();
    std::thread::scope(|scope| {
        let (done, is_done) = channel::<()>();
        let worker = scope.spawn(|| {
            // Dropped at the end of the work, even if that is a panic.
            let _done = done;
            work(&pulse)
        });
        while is_done.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
            if !go_on(pulse.steps.load(Ordering::Relaxed)) {
                pulse.stop.store(true, Ordering::Relaxed);
            }
        }
        worker.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
    .filter(|_| !pulse.is_stopped())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_until_it_is_no_longer_wanted() {
        assert_eq!(watch(|pulse| pulse.step().map(|()| 7), &mut |_| true), Some(7));
        let mut looks = 0;
        let endless = |pulse: &Pulse| {
            while pulse.step().is_some() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Some(7)
        };
        let stopped = watch(endless, &mut |steps| {
            looks += 1;
            steps < 100
        });
        assert_eq!(stopped, None);
        assert!(looks > 1);
    }
}
