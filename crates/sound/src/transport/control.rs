//! The control side: the calls of the rest of the program to the transport.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use rtrb::RingBuffer;

use super::device::Cpal;
use super::engine::Engine;
use super::message::Message;
use super::midi::MidiOut;
use super::output::{self, Backend};
use super::scheduler::{Link, Scheduler};
use super::shared_status::SharedStatus;
use super::status::{Midi, Output, Status};
use super::thru::Thru;
use super::track::Track;
use crate::midi_port::MidiPort;
use crate::piano::Piano;

/// Where the sound goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputChoice {
    /// To the device that the system has chosen.
    #[default]
    Default,
    /// Nowhere; time passes all the same.
    Silent,
}

/// Plays versions of a piece. Every method returns at once and may be called from any thread; the
/// last of several requests counts. Dropping it ends the sound.
pub struct Transport {
    messages: Sender<Message>,
    status: Arc<SharedStatus>,
    is_wanted: Arc<AtomicBool>,
    has_midi: AtomicBool,
    thru: Arc<Mutex<Thru>>,
}

/// Sample rate until a device has another.
const SAMPLE_RATE: u32 = 48_000;

/// Commands and spent decks that may be under way; each is small.
const QUEUE: usize = 256;

/// Movements of keys and pedals that may wait for the next buffer: those of many seconds.
const KEY_QUEUE: usize = 1024;

impl Transport {
    /// A transport that plays on a device. Never fails: without a device it runs silently and
    /// [`Status::output`] has the reason.
    pub fn start(piano: Piano, choice: OutputChoice) -> Self {
        match choice {
            OutputChoice::Default => Self::on(piano, Some(Box::new(Cpal::default()))),
            OutputChoice::Silent => Self::on(piano, None),
        }
    }

    /// A transport that plays on whatever the backend finds.
    pub(crate) fn on(piano: Piano, backend: Option<Box<dyn Backend>>) -> Self {
        let (transport, engine) = Self::virtual_clock(piano, SAMPLE_RATE);
        let reason =
            if backend.is_some() { "The sound device is being opened" } else { "Sound is switched off" };
        transport.status.set_output(Output::Silent { reason: reason.into() });
        let (status, messages) = (Arc::clone(&transport.status), transport.messages.clone());
        let is_wanted = Arc::clone(&transport.is_wanted);
        let run = move || output::run(engine, backend, &status, &messages, &is_wanted);
        if let Err(error) = thread::Builder::new().name("sound output".into()).spawn(run) {
            let reason = format!("The system gives no thread for the sound ({error})");
            transport.status.set_output(Output::Silent { reason });
        }
        transport
    }

    /// A transport whose time passes as the caller fills buffers from the engine.
    pub fn virtual_clock(piano: Piano, sample_rate: u32) -> (Self, Engine) {
        let status = Arc::new(SharedStatus::new("The clock is a virtual one"));
        let (commands, commands_end) = RingBuffer::new(QUEUE);
        let (returned_start, returned) = RingBuffer::new(QUEUE);
        let (keys, keys_end) = RingBuffer::new(KEY_QUEUE);
        let engine = Engine::new(commands_end, keys_end, returned_start, Arc::clone(&status), sample_rate);
        let (messages, received) = channel();
        let link = Link::new(commands, returned, Arc::clone(&status));
        let schedule = move || Scheduler::new(received, link, piano, sample_rate).run();
        if let Err(error) = thread::Builder::new().name("sound scheduler".into()).spawn(schedule) {
            status.set_error(Some(format!("the system gives no thread for the sound ({error})")));
        }
        let is_wanted = Arc::new(AtomicBool::new(true));
        let thru = Arc::new(Mutex::new(Thru::new(keys)));
        (Self { messages, status, is_wanted, has_midi: AtomicBool::new(false), thru }, engine)
    }

    pub(super) fn send(&self, message: Message) {
        // Without a scheduler there is no sound, which the status shows already.
        let _ = self.messages.send(message);
    }

    /// Adds a version or replaces it, without a gap if it is the one that sounds.
    pub fn load(&self, version: u64, track: Arc<Track>) {
        self.send(Message::Load(version, track));
    }

    /// Takes a version away; if it sounds, playing stops.
    pub fn unload(&self, version: u64) {
        self.send(Message::Unload(version));
    }

    /// Takes all versions and the loop away and goes to the start.
    pub fn clear(&self) {
        self.send(Message::Clear);
    }

    /// Switches to a version at the same place in the score. One that is not loaded yet is switched
    /// to when it is.
    pub fn listen(&self, version: u64) {
        self.send(Message::Listen(version));
    }

    /// Plays from the playhead; from the start of the loop if it is outside, and from the start of
    /// the piece if it is at the end.
    pub fn play(&self) {
        self.send(Message::Play);
    }

    /// Rests where it is.
    pub fn pause(&self) {
        self.send(Message::Pause);
    }

    /// Rests where playing began; at the start of the piece if it rests there already.
    pub fn stop(&self) {
        self.send(Message::Stop);
    }

    /// Moves the playhead, playing or not.
    pub fn seek_quarters(&self, quarters: f64) {
        self.send(Message::Seek(quarters));
    }

    /// Listens to a version and goes to the place that `place` gives for where the playhead is, both in
    /// quarters. This is for a version that counts its quarters otherwise than the one before it: while that
    /// one plays, the place is that of a moment ahead, since it sounds until the new one is ready. It is
    /// one request: between two, the playhead would be brought within a shorter version before it has moved.
    /// The place itself is brought within the version that is listened to.
    pub fn listen_at(&self, version: u64, place: impl FnOnce(f64) -> f64 + Send + 'static) {
        self.send(Message::Several(vec![Message::Listen(version), Message::Move(Box::new(place))]));
    }

    /// Loads a version, as [`load`](Self::load) does, and goes to the place that `place` gives for where the
    /// playhead is, as [`listen_at`](Self::listen_at) does.
    pub fn load_at(&self, version: u64, track: Arc<Track>, place: impl FnOnce(f64) -> f64 + Send + 'static) {
        self.send(Message::Several(vec![Message::Load(version, track), Message::Move(Box::new(place))]));
    }

    /// Repeats a stretch of the score, in quarters. Playing goes on up to its end; from behind it, it
    /// goes to its start.
    pub fn set_loop(&self, looped: Option<(f64, f64)>) {
        self.send(Message::Loop(looped));
    }

    /// Tempo as a factor from 0.25 to 2.
    pub fn set_rate(&self, rate: f64) {
        self.send(Message::Rate(rate));
    }

    /// Loudness of everything as a factor; 1 is what is exported.
    pub fn set_volume(&self, volume: f32) {
        self.send(Message::Volume(volume));
    }

    /// Whether the notes of what plays are not heard, while the metronome and a keyboard are: time passes in
    /// the tempo of the version.
    pub fn set_hushed(&self, on: bool) {
        self.send(Message::Hush(on));
    }

    /// Whether every beat clicks.
    pub fn set_metronome(&self, on: bool) {
        self.send(Message::Metronome(on));
    }

    /// Bars that are counted before playing begins; 0 for none.
    pub fn set_count_in(&self, bars: u8) {
        self.send(Message::CountIn(bars));
    }

    /// Whether [`Track::gain`] counts; it does at first.
    pub fn set_loudness_matching(&self, on: bool) {
        self.send(Message::Matching(on));
    }

    /// Sounds one short note, playing or not.
    pub fn audition(&self, pitch: u8, velocity: u8) {
        self.send(Message::Audition { pitch, velocity });
    }

    /// Plays on another piano from now on.
    pub fn set_piano(&self, piano: Piano) {
        self.send(Message::Piano(Box::new(piano)));
    }

    /// Sends notes to a MIDI port of that name from now on, in time with the playhead, instead of playing
    /// them on the piano; nothing for the piano again. The metronome is heard as before.
    pub fn set_midi(&self, port: Option<(String, Box<dyn MidiPort>)>) {
        self.has_midi.store(port.is_some(), Ordering::Relaxed);
        let out = port.map(|(name, port)| MidiOut::start(&name, port, &self.status));
        let is_off = out.is_none();
        self.send(Message::Midi(out));
        if is_off {
            self.status.set_midi(Midi::Off);
        }
    }

    /// The status that the callback writes, whose clock keyboards are timed by.
    pub(crate) fn shared_status(&self) -> Arc<SharedStatus> {
        Arc::clone(&self.status)
    }

    /// The way from a keyboard to the callback.
    pub(crate) fn thru(&self) -> Arc<Mutex<Thru>> {
        Arc::clone(&self.thru)
    }

    /// What is heard now.
    pub fn status(&self) -> Status {
        self.status.status()
    }

    /// Waits until the scheduler has carried out all messages and has everything ready. Only a virtual
    /// clock needs it: real time goes on meanwhile.
    pub fn settle(&self) {
        let (settled, done) = channel();
        self.send(Message::Settle(settled));
        // An error means that there is no scheduler, so nothing to wait for.
        let _ = done.recv();
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        if self.has_midi.load(Ordering::Relaxed) {
            // No key stays down when the program ends at once.
            self.set_midi(None);
            self.settle();
        }
        self.is_wanted.store(false, Ordering::Relaxed);
        self.send(Message::Quit);
    }
}
