//! The control side: what the rest of the program says to the transport.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use rtrb::RingBuffer;

use super::conductor::{Conductor, Message};
use super::engine::Engine;
use super::output::{self, Speakers};
use super::programme::Programme;
use super::status::{Board, Output, Status};
use crate::soundfont::Piano;

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
/// last of several wishes counts. Dropping it ends the sound.
pub struct Transport {
    messages: Sender<Message>,
    board: Arc<Board>,
    is_wanted: Arc<AtomicBool>,
}

/// Sample rate until a device says otherwise.
const SAMPLE_RATE: u32 = 48_000;

/// Orders and spent decks that may be under way; each is small.
const QUEUE: usize = 256;

impl Transport {
    /// A transport on its way to the speakers. Never fails: without a device it runs silently and
    /// [`Status::output`] says why.
    pub fn start(piano: Piano, choice: OutputChoice) -> Self {
        match choice {
            OutputChoice::Default => Self::on(piano, Some(Box::new(output::Cpal::default()))),
            OutputChoice::Silent => Self::on(piano, None),
        }
    }

    /// A transport on speakers of some kind.
    pub(crate) fn on(piano: Piano, speakers: Option<Box<dyn Speakers>>) -> Self {
        let (transport, engine) = Self::virtual_clock(piano, SAMPLE_RATE);
        let reason =
            if speakers.is_some() { "The sound device is being opened" } else { "Sound is switched off" };
        transport.board.set_output(Output::Silent { reason: reason.into() });
        let (board, messages) = (Arc::clone(&transport.board), transport.messages.clone());
        let is_wanted = Arc::clone(&transport.is_wanted);
        let run = move || output::run(engine, speakers, &board, &messages, &is_wanted);
        if let Err(error) = thread::Builder::new().name("sound output".into()).spawn(run) {
            let reason = format!("The system gives no thread for the sound ({error})");
            transport.board.set_output(Output::Silent { reason });
        }
        transport
    }

    /// A transport whose time passes as the caller fills buffers from the engine.
    pub fn virtual_clock(piano: Piano, sample_rate: u32) -> (Self, Engine) {
        let board = Arc::new(Board::new("The clock is a virtual one"));
        let (orders, orders_end) = RingBuffer::new(QUEUE);
        let (returned_start, returned) = RingBuffer::new(QUEUE);
        let engine = Engine::new(orders_end, returned_start, Arc::clone(&board), sample_rate);
        let (messages, heard) = channel();
        let for_conductor = Arc::clone(&board);
        let conduct = move || {
            Conductor::new(heard, (orders, returned), for_conductor, piano, sample_rate).run();
        };
        if let Err(error) = thread::Builder::new().name("sound conductor".into()).spawn(conduct) {
            board.set_trouble(Some(format!("the system gives no thread for the sound ({error})")));
        }
        (Self { messages, board, is_wanted: Arc::new(AtomicBool::new(true)) }, engine)
    }

    fn say(&self, message: Message) {
        // Without a conductor there is no sound, which the status says already.
        let _ = self.messages.send(message);
    }

    /// Adds a version or replaces it, without a gap if it is the one that sounds.
    pub fn load(&self, version: u64, programme: Arc<Programme>) {
        self.say(Message::Load(version, programme));
    }

    /// Takes a version away; if it sounds, playing stops.
    pub fn unload(&self, version: u64) {
        self.say(Message::Unload(version));
    }

    /// Takes all versions and the loop away and goes to the start.
    pub fn clear(&self) {
        self.say(Message::Clear);
    }

    /// Switches to a version at the same place in the score. One that is not loaded yet is switched
    /// to when it is.
    pub fn listen(&self, version: u64) {
        self.say(Message::Listen(version));
    }

    /// Plays from the playhead; from the start of the loop if it is outside, and from the start of
    /// the piece if it is at the end.
    pub fn play(&self) {
        self.say(Message::Play);
    }

    /// Rests where it is.
    pub fn pause(&self) {
        self.say(Message::Pause);
    }

    /// Rests where playing began; at the start of the piece if it rests there already.
    pub fn stop(&self) {
        self.say(Message::Stop);
    }

    /// Moves the playhead, playing or not.
    pub fn seek_quarters(&self, quarters: f64) {
        self.say(Message::Seek(quarters));
    }

    /// Repeats a stretch of the score, in quarters. Playing goes on up to its end; from behind it, it
    /// goes to its start.
    pub fn set_loop(&self, looped: Option<(f64, f64)>) {
        self.say(Message::Loop(looped));
    }

    /// Tempo as a factor from 0.25 to 2.
    pub fn set_rate(&self, rate: f64) {
        self.say(Message::Rate(rate));
    }

    /// Loudness of everything as a factor; 1 is what is exported.
    pub fn set_volume(&self, volume: f32) {
        self.say(Message::Volume(volume));
    }

    /// Whether every beat clicks.
    pub fn set_metronome(&self, on: bool) {
        self.say(Message::Metronome(on));
    }

    /// Bars that are counted before playing begins; 0 for none.
    pub fn set_count_in(&self, bars: u8) {
        self.say(Message::CountIn(bars));
    }

    /// Whether [`Programme::gain`] counts; it does at first.
    pub fn set_loudness_matching(&self, on: bool) {
        self.say(Message::Matching(on));
    }

    /// Sounds one short note, playing or not.
    pub fn audition(&self, pitch: u8, velocity: u8) {
        self.say(Message::Audition { pitch, velocity });
    }

    /// Plays on another piano from now on.
    pub fn set_piano(&self, piano: Piano) {
        self.say(Message::Piano(Box::new(piano)));
    }

    /// What is heard now.
    pub fn status(&self) -> Status {
        self.board.status()
    }

    /// Waits until the conductor has done all it was told and has everything ready. Only a virtual
    /// clock needs it: real time goes on meanwhile.
    pub fn settle(&self) {
        let (settled, done) = channel();
        self.say(Message::Settle(settled));
        // An error means that there is no conductor, so nothing to wait for.
        let _ = done.recv();
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.is_wanted.store(false, Ordering::Relaxed);
        self.say(Message::Quit);
    }
}
