//! The scheduler's event loop.

use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use super::state::Scheduler;
use crate::transport::command::Command;
use crate::transport::message::Message;
use crate::transport::midi::MidiCommand;

/// Slowest and fastest tempo, as factors.
const RATES: (f64, f64) = (0.25, 2.0);

/// How often the engine is looked at while it plays.
const POLL: Duration = Duration::from_millis(5);

impl Scheduler {
    /// Works until a message to quit, or until all senders are dropped.
    pub(crate) fn run(mut self) {
        loop {
            let patience = if self.is_playing() { POLL } else { 20 * POLL };
            match self.messages.recv_timeout(patience) {
                Ok(Message::Quit) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(message) => self.handle(message),
                Err(RecvTimeoutError::Timeout) => {}
            }
            // All messages that have come, so that dragging in the ruler makes one deck, not fifty.
            while let Ok(message) = self.messages.try_recv() {
                if matches!(message, Message::Quit) {
                    return;
                }
                self.handle(message);
            }
            self.collect();
            self.notice_end();
            self.notice_lost_port();
            self.fulfil();
            self.prepare_loop();
            self.link.flush();
            for settled in self.settling.drain(..) {
                // Nobody waits any more: nothing is lost.
                let _ = settled.send(());
            }
        }
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Load(version, track) => self.load(version, track),
            Message::Unload(version) => self.unload(version),
            Message::Clear => self.clear(),
            Message::Listen(version) => self.listen(version),
            Message::Move(place) => self.move_to(place),
            Message::Several(messages) => messages.into_iter().for_each(|message| self.handle(message)),
            Message::Play => self.play(),
            Message::Pause => self.pause(),
            Message::Stop => self.stop(),
            Message::Seek(quarters) => self.seek(quarters),
            Message::Loop(looped) => self.set_loop(looped),
            Message::Rate(rate) => {
                self.rate = if rate.is_finite() { rate.clamp(RATES.0, RATES.1) } else { 1.0 };
                self.link.send(Command::Rate(self.rate));
            }
            Message::Volume(volume) => {
                let volume = if volume.is_finite() { volume.clamp(0.0, 2.0) } else { 1.0 };
                self.link.send(Command::Volume(volume));
            }
            Message::Hush(on) => self.set_hushed(on),
            Message::Metronome(on) => self.link.send(Command::Metronome(on)),
            Message::CountIn(bars) => self.count_in_bars = bars.min(4),
            Message::Matching(on) => self.link.send(Command::Matching(on)),
            Message::Audition { pitch, velocity } => match &self.midi {
                Some(midi) => midi.send(MidiCommand::Strike { pitch, velocity }),
                None => self.link.send(Command::Strike { pitch, velocity }),
            },
            Message::Midi(midi) => self.set_midi(midi),
            Message::Piano(piano) => {
                self.piano = *piano;
                self.send_tools();
                self.renew();
            }
            Message::SampleRate(sample_rate) => self.set_sample_rate(sample_rate),
            Message::Settle(settled) => self.settling.push(settled),
            Message::Quit => {}
        }
    }
}
