//! Notes for a MIDI port, in time with what the transport plays.
//!
//! A thread of its own sends them. The engine goes on as with sound (its decks are muted, the metronome
//! is not) and publishes where it is and when that is heard; a line through this says which second of the
//! version is heard now, and events are sent when their second comes. Where the engine jumps (a seek, the
//! next pass of a loop, a stop) all keys and the pedal come up. Where another version goes on at the same
//! place, keys that are down in it too stay down.

mod keyboard;
mod line;
mod sequencer;
mod told;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};

use super::shared_status::SharedStatus;
use super::status::Midi;
use crate::midi_port::MidiPort;
use sequencer::MidiSequencer;
pub(crate) use told::Told;

/// The scheduler's end of the thread that sends notes. When it is dropped, all keys come up first.
pub(crate) struct MidiOut {
    told: Option<Sender<Told>>,
    is_lost: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl MidiOut {
    /// Starts sending to a port. Without a thread the port counts as lost.
    pub(crate) fn start(name: &str, port: Box<dyn MidiPort>, status: &Arc<SharedStatus>) -> Self {
        let (mut out, told) = Self::with_receiver();
        let sequencer = MidiSequencer::new(port, Arc::clone(status));
        let (is_lost, lost) = (Arc::clone(&out.is_lost), Arc::clone(status));
        let lost_name = name.to_owned();
        status.set_midi(Midi::Port { name: name.to_owned() });
        let work = move || {
            if let Err(reason) = run(sequencer, &told) {
                lost.lose_midi(&lost_name, reason);
                is_lost.store(true, Ordering::Relaxed);
            }
        };
        match thread::Builder::new().name("MIDI output".into()).spawn(work) {
            Ok(thread) => out.thread = Some(thread),
            Err(error) => {
                let reason = format!("the system gives no thread for it ({error})");
                status.lose_midi(name, reason);
                out.is_lost.store(true, Ordering::Relaxed);
            }
        }
        out
    }

    /// Without a thread: whoever has the receiver plays.
    pub(crate) fn with_receiver() -> (Self, Receiver<Told>) {
        let (told, receiver) = channel();
        (Self { told: Some(told), is_lost: Arc::default(), thread: None }, receiver)
    }

    pub(crate) fn tell(&self, what: Told) {
        if let Some(told) = &self.told {
            // A port that is lost hears nothing; the status says so.
            let _ = told.send(what);
        }
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }
}

impl Drop for MidiOut {
    fn drop(&mut self) {
        self.told = None;
        if let Some(thread) = self.thread.take() {
            // A panic in there has been told of by the system.
            let _ = thread.join();
        }
    }
}

/// Plays until nobody tells any more. The error says why the port was lost.
fn run(mut sequencer: MidiSequencer, told: &Receiver<Told>) -> Result<(), String> {
    loop {
        let patience = sequencer.step(sequencer.now(), told)?;
        match told.recv_timeout(patience) {
            Ok(what) => sequencer.hear(what, sequencer.now())?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                // A port that is lost now is not missed any more.
                let _ = sequencer.end();
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
