//! What the scheduler sends to the engine, and what it gets back.

use std::sync::Arc;

use rtrb::Producer;

use super::audition::Audition;
use super::clicker::Clicker;
use super::count_in::CountIn;
use super::deck::Deck;
use super::live::Live;
use super::track::Track;

/// A command to the engine.
pub(crate) enum Command {
    Deck(Box<Deck>, Handover),
    /// The track of a version grows or changes later than `until_secs` only.
    Continue {
        version: u64,
        track: Arc<Track>,
        until_secs: f64,
    },
    Play(Option<CountIn>),
    Pause,
    /// At rest, without a deck, at a place.
    Halt {
        version: Option<u64>,
        quarters: f64,
    },
    Loop(Option<(f64, f64)>),
    Rate(f64),
    Volume(f32),
    /// The decks are not heard.
    Mute(bool),
    Metronome(bool),
    Matching(bool),
    Tools(Box<Tools>),
    Strike {
        pitch: u8,
        velocity: u8,
    },
}

/// When a deck takes over.
pub(crate) enum Handover {
    /// At once; if at rest it waits there for [`Command::Play`].
    Now,
    /// When the one that sounds comes to this place in the score.
    At { leave_quarters: f64 },
    /// At the end of the loop, so many seconds before it.
    Loop { before_secs: f64 },
}

/// What comes back to be dropped, or to be made further on.
pub(crate) enum Returned {
    Spent(Box<Deck>),
    /// It came after its moment.
    Late(Box<Deck>),
    /// The version is too far on to grow in place.
    Refused {
        version: u64,
        track: Arc<Track>,
    },
    Track(Arc<Track>),
    Tools(Box<Tools>),
}

/// What belongs to a piano and a sample rate beside the decks.
pub(crate) struct Tools {
    pub audition: Audition,
    pub live: Live,
    pub clicker: Clicker,
}

/// The engine's end of the queue that takes things back: they must not be freed in the callback.
pub(crate) struct Returns(Producer<Returned>);

impl Returns {
    pub(crate) fn new(queue: Producer<Returned>) -> Self {
        Self(queue)
    }

    pub(crate) fn send(&mut self, thing: Returned) {
        if let Err(rtrb::PushError::Full(thing)) = self.0.push(thing) {
            // Nobody collects, which ends with the program: to leak here is better than to free.
            std::mem::forget(thing);
        }
    }
}
