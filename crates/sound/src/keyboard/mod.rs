//! A MIDI keyboard that a person plays on.
//!
//! What is played is heard at once: the system's thread passes each movement straight to the audio callback
//! of a [`Transport`], which plays it with its next buffer. While it is recorded, each movement is told as a
//! [`PlayedKey`], with its time and with what was heard then.
//!
//! # Times
//! Three clocks are involved, and two steps lead from one to the next.
//!
//! 1. *From the port's clock to ours.* Ports stamp messages in microseconds since a moment that nobody knows.
//!    The least difference between arrival and stamp of the last ten to twenty seconds is taken for the
//!    difference of the clocks (see `stamps`). So a movement has the time when the system received it, plus
//!    the delay of the quickest message, whatever the machine was doing; what the delays of the others differed
//!    by is [`Latency::jitter`].
//! 2. *From our clock to the version.* After each buffer the engine writes which second of the version the
//!    buffer ends at, and when that end is heard: the time at which it was requested, plus its length, plus
//!    what the device reports to come before it. Between two such points the version's seconds are on a
//!    straight line (see `transport/line`). A movement is given the second that was *heard* at its time, not the
//!    one that was being computed, which is ahead of the ear by [`Latency::output`]: a person who plays with
//!    what they hear is in time.
//!
//! What is not known, and so not taken into account: how long the keyboard and its cable take before the system
//! receives a message (some milliseconds), and what a device does not report, such as a loudspeaker that is
//! connected by radio.

mod action;
mod listener;
mod ports;
mod stamps;
mod state;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::transport::Transport;
pub use action::KeyAction;
use listener::Listener;
pub use ports::{Hear, KeyboardPorts, SystemKeyboards, keyboards};
pub use state::{KeyboardState, Latency, PlayedKey};
use state::{Shared, locked};

/// A MIDI keyboard, by its name, for as long as this is kept: plugged in or not.
pub struct Keyboard {
    shared: Arc<Shared>,
    played: Receiver<PlayedKey>,
    thread: Option<JoinHandle<()>>,
}

impl Keyboard {
    /// Listens to the keyboard of that name and plays it on the piano of a transport, which has short buffers
    /// meanwhile. A keyboard that is not there is no error: it is listened to as soon as it is.
    pub fn start(name: &str, ports: Box<dyn KeyboardPorts>, transport: &Transport) -> Self {
        let shared = Arc::new(Shared::new(transport));
        let (tell, played) = channel();
        let (name, of_thread) = (name.to_owned(), Arc::clone(&shared));
        let work = move || Listener::new(name, ports, of_thread, tell).run();
        let thread = thread::Builder::new().name("MIDI keyboard".into()).spawn(work);
        if let Err(error) = &thread {
            let reason = format!("the system gives no thread for it ({error})");
            *locked(&shared.state) = KeyboardState::Missing { reason };
        }
        Self { shared, played, thread: thread.ok() }
    }

    /// Whether it is there.
    pub fn state(&self) -> KeyboardState {
        locked(&self.shared.state).clone()
    }

    /// Why it was lost, if it was since the last call.
    pub fn take_lost(&self) -> Option<String> {
        locked(&self.shared.lost).take()
    }

    /// Whether what is played on it is heard on the transport's piano.
    pub fn set_thru(&self, on: bool) {
        locked(&self.shared.thru).set_on(on);
    }

    /// Whether movements are told by [`Keyboard::played`] from now on. What was played before is not.
    pub fn record(&self, on: bool) {
        self.shared.is_recorded.store(on, Ordering::Relaxed);
        self.played.try_iter().for_each(drop);
    }

    /// What was played since the last call, in order.
    pub fn played(&self) -> Vec<PlayedKey> {
        self.played.try_iter().collect()
    }

    /// How late things are.
    pub fn latency(&self) -> Latency {
        let micros = self.shared.jitter.load(Ordering::Relaxed);
        let jitter = (micros != u64::MAX).then(|| Duration::from_micros(micros));
        Latency { output: self.shared.status.output_latency(), jitter }
    }

    /// The time of the transport's clock, in seconds.
    pub fn now_secs(&self) -> f64 {
        self.shared.status.since_epoch().as_secs_f64()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.shared.is_wanted.store(false, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // The panic hook has reported a panic of the thread already.
            thread.join().ok();
        }
    }
}
