//! What the control side and the output send to the scheduler.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::midi::MidiOut;
use super::track::Track;
use crate::piano::Piano;

/// A message to the scheduler.
pub(crate) enum Message {
    Load(u64, Arc<Track>),
    Unload(u64),
    Clear,
    Listen(u64),
    /// The playhead goes to the place that this gives for where it is.
    Move(Box<dyn FnOnce(f64) -> f64 + Send>),
    /// One after the other, with nothing in between.
    Several(Vec<Message>),
    Play,
    Pause,
    Stop,
    Seek(f64),
    Loop(Option<(f64, f64)>),
    Rate(f64),
    Volume(f32),
    /// The notes of what plays are not heard, the metronome is.
    Hush(bool),
    Metronome(bool),
    CountIn(u8),
    Matching(bool),
    Audition {
        pitch: u8,
        velocity: u8,
    },
    Piano(Box<Piano>),
    /// Notes go to a port, or to the piano again.
    Midi(Option<MidiOut>),
    /// The engine has another sample rate from now on and stands still.
    SampleRate(u32),
    /// Answered when all messages before it have been carried out.
    Settle(Sender<()>),
    Quit,
}
