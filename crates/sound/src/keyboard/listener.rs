//! The thread that listens to a keyboard: it times what comes, and looks after the connection.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::action::KeyAction;
use super::ports::{Hear, KeyboardPorts};
use super::stamps::Stamps;
use super::state::{KeyboardState, PlayedKey, Shared, locked};
use crate::transport::HeardLines;

/// How often the status of the transport is read.
const POLL: Duration = Duration::from_millis(5);

/// How often the connection is checked.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// A message as it came.
struct Message {
    stamp_micros: u64,
    arrived: Duration,
    action: KeyAction,
}

/// Listens to one keyboard.
pub(super) struct Listener {
    name: String,
    ports: Box<dyn KeyboardPorts>,
    shared: Arc<Shared>,
    tell: Sender<PlayedKey>,
    /// Where messages come in.
    inbox: (Sender<Message>, Receiver<Message>),
    connection: Option<Box<dyn Any>>,
    stamps: Stamps,
    heard: HeardLines,
    /// Keys that are down.
    down: [bool; 128],
    checked_at: Option<Duration>,
}

impl Listener {
    pub fn new(
        name: String,
        ports: Box<dyn KeyboardPorts>,
        shared: Arc<Shared>,
        tell: Sender<PlayedKey>,
    ) -> Self {
        Self {
            name,
            ports,
            shared,
            tell,
            inbox: channel(),
            connection: None,
            stamps: Stamps::default(),
            heard: HeardLines::default(),
            down: [false; 128],
            checked_at: None,
        }
    }

    /// Listens until the keyboard is not wanted any more.
    pub fn run(mut self) {
        while self.shared.is_wanted.load(Ordering::Relaxed) {
            self.check(self.shared.status.since_epoch());
            match self.inbox.1.recv_timeout(POLL) {
                Ok(message) => self.take(&message),
                // The other end of the inbox is here.
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            self.look(self.shared.status.since_epoch());
        }
        self.close();
    }

    /// Takes in what is heard.
    fn look(&mut self, now: Duration) {
        let snapshot = self.shared.status.read();
        self.heard.look(&snapshot, now);
    }

    /// Times a message and tells it.
    fn take(&mut self, message: &Message) {
        self.look(message.arrived);
        let at = self.stamps.time(message.stamp_micros, message.arrived);
        let jitter = self.stamps.jitter().map_or(u64::MAX, |jitter| jitter.as_micros() as u64);
        self.shared.jitter.store(jitter, Ordering::Relaxed);
        self.tell(at, message.action);
    }

    fn tell(&mut self, at: Duration, action: KeyAction) {
        match action {
            KeyAction::Down { pitch, .. } => self.down[usize::from(pitch & 127)] = true,
            KeyAction::Up { pitch } => self.down[usize::from(pitch & 127)] = false,
            KeyAction::Pedal { .. } => {}
        }
        if self.shared.is_recorded.load(Ordering::Relaxed) {
            let played = PlayedKey { at_secs: at.as_secs_f64(), action, heard: self.heard.at(at) };
            // Whoever has dropped the handle hears nothing more.
            self.tell.send(played).ok();
        }
    }

    /// Looks now and then whether the keyboard is there, and connects to it when it has come.
    fn check(&mut self, now: Duration) {
        if self.checked_at.is_some_and(|at| now.saturating_sub(at) < CHECK_INTERVAL) {
            return;
        }
        self.checked_at = Some(now);
        if self.connection.is_none() {
            self.open();
        } else if self.ports.names().is_ok_and(|names| !names.contains(&self.name)) {
            self.lose(now);
        }
    }

    fn open(&mut self) {
        let hear = self.hear();
        let (ports, name) = (&mut self.ports, &self.name);
        // The library panics where the system has no more queues for it.
        let opened = catch_unwind(AssertUnwindSafe(|| ports.open(name, hear)));
        let opened = opened.unwrap_or_else(|_| Err(format!("the MIDI keyboard {name} cannot be used")));
        match opened {
            Ok(connection) => {
                self.connection = Some(connection);
                self.stamps = Stamps::default();
                self.shared.status.set_played_on(true);
                *locked(&self.shared.state) = KeyboardState::Connected;
            }
            Err(reason) => *locked(&self.shared.state) = KeyboardState::Missing { reason },
        }
    }

    /// What the system's thread does with a message: it is heard at once, and timed here.
    fn hear(&self) -> Hear {
        let (shared, inbox) = (Arc::clone(&self.shared), self.inbox.0.clone());
        Box::new(move |stamp_micros, message| {
            let arrived = shared.status.since_epoch();
            let Some(action) = KeyAction::read(message) else { return };
            if let Some(sound) = action.sound() {
                locked(&shared.thru).play(sound);
            }
            // The listener is gone: so is this connection.
            inbox.send(Message { stamp_micros, arrived, action }).ok();
        })
    }

    /// The keyboard was unplugged.
    fn lose(&mut self, now: Duration) {
        self.close();
        for pitch in 0..128 {
            if self.down[usize::from(pitch)] {
                self.tell(now, KeyAction::Up { pitch });
            }
        }
        let reason = format!("the MIDI keyboard {} is not connected any more", self.name);
        *locked(&self.shared.lost) = Some(reason.clone());
        *locked(&self.shared.state) = KeyboardState::Missing { reason };
    }

    fn close(&mut self) {
        self.connection = None;
        locked(&self.shared.thru).release();
        self.shared.status.set_played_on(false);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
