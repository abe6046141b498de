//! What can be played, and the interface through which it is rendered.
//!
//! A [`Content`] is shared and never changes: notes ([`Events`]), or sound that is there already,
//! such as a recording with a map of time. A [`Source`] is one playing of it. Files, measurements and
//! the transport render sources only, so what is heard is what is exported.

use std::fmt;

use crate::error::SoundError;
use crate::events::Events;
use crate::format::Block;
use crate::piano::Piano;

/// Where a block lies in what is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// The number of its first frame, counted from the start at this tempo. A whole number as long as
    /// the tempo does not change.
    pub frame: f64,
    /// Tempo as a factor: 1 as performed.
    pub rate: f64,
    /// Frames a second.
    pub sample_rate: f64,
}

impl Position {
    /// Where the block starts, in seconds as performed.
    pub fn secs(self) -> f64 {
        self.secs_after(0.0)
    }

    /// The time of the frame that comes so many frames after the first one, in seconds as performed.
    pub fn secs_after(self, frames: f64) -> f64 {
        (self.frame + frames) * self.rate / self.sample_rate
    }

    /// The position that lies so many frames after this one.
    pub(crate) fn plus(self, frames: f64) -> Self {
        Self { frame: self.frame + frames, ..self }
    }
}

/// What can be played: the same for all who play it.
pub trait Content: fmt::Debug + Send + Sync {
    /// A source whose first block lies at `start`. Whatever began before and would still be heard
    /// there is heard. `piano` plays notes; sound that is there already does without.
    ///
    /// Not called in the audio callback: it may allocate and take its time.
    fn open(&self, piano: &Piano, start: Position) -> Result<Box<dyn Source>, SoundError>;

    /// When nothing new begins any more, in seconds as performed; nothing if nothing is heard at all.
    /// What sounds then may die away after it.
    fn end_secs(&self) -> Option<f64>;

    /// Where what belongs to a place begins: notes may be played a little before their place. All in
    /// seconds as performed.
    fn attack_secs(&self, place_secs: f64) -> f64 {
        place_secs
    }

    /// Whether something that began before is heard at a time, so that starting there needs a fade.
    fn is_sounding(&self, at_secs: f64, _rate: f64) -> bool {
        at_secs > 0.0
    }

    /// The notes, if it consists of notes: these may grow or change further on while they play.
    fn events(&self) -> Option<&Events> {
        None
    }
}

/// One playing of a [`Content`].
///
/// All methods are called in the audio callback: they neither allocate, nor free, nor wait.
pub trait Source: Send {
    /// Overwrites the block with the frames at a position, each block after the one before. The error
    /// is the reason why there is no sound; `render` is not called any more then.
    fn render(&mut self, at: Position, block: &mut Block) -> Result<(), &'static str>;

    /// The next block lies elsewhere. What sounds dies away, and nothing that leads there is heard.
    fn jump(&mut self, to_secs: f64);

    /// Whether nothing is heard any more from a position on.
    fn is_over(&self, at: Position) -> bool;

    /// Goes on with other content that has been the same up to here. The caller keeps the old content
    /// alive meanwhile, so that nothing is freed.
    fn continue_with(&mut self, _content: &dyn Content) {}
}
