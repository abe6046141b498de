//! Music as tokens: eight a note (*Pianist Transformer*, arXiv 2512.02652, section 3.1).
//!
//! A note is its pitch, the time since the onset before it in ms (IOI), its velocity, its duration in ms and
//! where the sustain pedal is at its onset and after each quarter of the time to the next one. A score has
//! the tokens of its literal performance, so what has neither bars nor marks is a score, too.
//!
//! [`Timeline`] is what is played in whole milliseconds, [`Event`] one note of it in the units of the
//! tokens, [`Stream`] the tokens of a score with the place of each note, [`Aligned`] a performance in
//! the order of a stream, [`ladder`] how times compare with what is read of them.

mod aligned;
pub mod ladder;
mod midi;
mod stream;
mod timeline;

pub use aligned::Aligned;
pub use midi::timeline_of_midi;
pub use stream::{Chords, Stream};
pub(crate) use timeline::movements;
pub use timeline::{PedalMove, Press, Timeline};

use std::ops::Range;

/// A token's number.
pub type Token = u16;

/// Tokens a note.
pub const SLOTS: usize = 8;

/// How many tokens there are.
pub const VOCABULARY: usize = 5389;

/// Stands for a token that is to be found. The one before it fills up sequences of different lengths in the
/// published program; here no sequence is filled up.
pub const MASK: Token = 1;
/// Before the first token that is played.
pub const BOS: Token = 2;

/// Longest time between onsets that has a token, in ms; also the time after the last note.
pub const LONGEST_IOI_MS: u16 = 4990;

/// Longest duration that has a token, in ms.
pub const LONGEST_DURATION_MS: u16 = 4999;

const PITCH: Token = 5;
const VELOCITY: Token = PITCH + 128;
const TIMING: Token = VELOCITY + 128;
const PEDAL: Token = TIMING + 5000;

/// Places of a note's tokens.
pub mod slot {
    /// MIDI pitch.
    pub const PITCH: usize = 0;
    /// ms since the onset before.
    pub const IOI: usize = 1;
    /// MIDI velocity.
    pub const VELOCITY: usize = 2;
    /// ms that the key is down.
    pub const DURATION: usize = 3;
    /// The first of four values of the sustain pedal.
    pub const PEDAL: usize = 4;
}

/// The tokens that can stand at a place of a note.
pub fn range(slot: usize) -> Range<Token> {
    match slot {
        slot::PITCH => PITCH..VELOCITY,
        slot::IOI => TIMING..TIMING + LONGEST_IOI_MS + 1,
        slot::VELOCITY => VELOCITY..TIMING,
        slot::DURATION => TIMING..PEDAL,
        _ => PEDAL..VOCABULARY as Token,
    }
}

/// One note in the units of the tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// MIDI pitch.
    pub pitch: u8,
    /// ms since the onset before, at most [`LONGEST_IOI_MS`].
    pub ioi_ms: u16,
    /// MIDI velocity.
    pub velocity: u8,
    /// ms that the key is down, at most [`LONGEST_DURATION_MS`].
    pub duration_ms: u16,
    /// The sustain pedal at the onset and after 1/4, 1/2 and 3/4 of the time to the next onset.
    pub pedal: [u8; 4],
}

impl Event {
    /// Its tokens. Values beyond the largest are the largest.
    pub fn tokens(&self) -> [Token; SLOTS] {
        let value = |slot: usize| match slot {
            slot::PITCH => u16::from(self.pitch),
            slot::IOI => self.ioi_ms,
            slot::VELOCITY => u16::from(self.velocity),
            slot::DURATION => self.duration_ms,
            k => u16::from(self.pedal[k - slot::PEDAL]),
        };
        std::array::from_fn(|slot| {
            let range = range(slot);
            range.start.saturating_add(value(slot)).min(range.end - 1)
        })
    }

    /// The note of eight tokens; nothing if one is not of those that can stand at its place.
    pub fn of(tokens: &[Token]) -> Option<Self> {
        let tokens: [Token; SLOTS] = tokens.try_into().ok()?;
        let mut values = [0; SLOTS];
        for (slot, token) in tokens.into_iter().enumerate() {
            let range = range(slot);
            values[slot] = range.contains(&token).then(|| token - range.start)?;
        }
        let [pitch, ioi_ms, velocity, duration_ms, pedal @ ..] = values;
        Some(Self {
            pitch: pitch as u8,
            ioi_ms,
            velocity: velocity as u8,
            duration_ms,
            pedal: pedal.map(|value| value as u8),
        })
    }
}
