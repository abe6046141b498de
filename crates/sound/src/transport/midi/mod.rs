//! Notes for a MIDI port, in time with what the transport plays.
//!
//! A thread of its own sends them. The engine goes on as with sound (its decks are muted, the metronome
//! is not) and publishes where it is and when that is heard; a line through this gives the second of the
//! version is heard now, and events are sent when their second comes. Where the engine jumps (a seek, the
//! next pass of a loop, a stop) all keys and the pedal come up. Where another version goes on at the same
//! place, keys that are down in it too stay down.

mod command;
mod keyboard;
mod sequencer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};

use super::shared_status::SharedStatus;
use super::status::Midi;
use crate::midi_port::MidiPort;
pub(crate) use command::MidiCommand;
use sequencer::MidiSequencer;

/// The scheduler's end of the thread that sends notes. When it is dropped, all keys come up first.
pub(crate) struct MidiOut {
    commands: Option<Sender<MidiCommand>>,
    is_lost: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl MidiOut {
    /// Starts sending to a port. Without a thread the port counts as lost.
    pub(crate) fn start(name: &str, port: Box<dyn MidiPort>, status: &Arc<SharedStatus>) -> Self {
        let (mut out, commands) = Self::with_receiver();
        let sequencer = MidiSequencer::new(port, Arc::clone(status));
        let (is_lost, lost) = (Arc::clone(&out.is_lost), Arc::clone(status));
        let lost_name = name.to_owned();
        status.set_midi(Midi::Port { name: name.to_owned() });
        let work = move || {
            if let Err(reason) = run(sequencer, &commands) {
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
    pub(crate) fn with_receiver() -> (Self, Receiver<MidiCommand>) {
        let (commands, receiver) = channel();
        (Self { commands: Some(commands), is_lost: Arc::default(), thread: None }, receiver)
    }

    pub(crate) fn send(&self, command: MidiCommand) {
        if let Some(commands) = &self.commands {
            // A command for a port that is lost has no effect; the status names the loss.
            let _ = commands.send(command);
        }
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }
}

impl Drop for MidiOut {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // The panic hook has reported a panic of the thread already.
            let _ = thread.join();
        }
    }
}

/// Plays until the sender of commands is dropped. The error is the reason why the port was lost.
fn run(mut sequencer: MidiSequencer, commands: &Receiver<MidiCommand>) -> Result<(), String> {
    loop {
        let patience = sequencer.step(sequencer.now(), commands)?;
        match commands.recv_timeout(patience) {
            Ok(command) => sequencer.handle(command, sequencer.now())?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                // A port that is lost now is not needed any more.
                let _ = sequencer.end();
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
