//! What plays notes: the interface between rendering and soundfonts, samplers or models of strings.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::events::SoundEventKind;
use crate::format::{Block, peak};

/// Voices of an instrument that plays a piece: a pedalled passage on a stereo piano needs two a note.
pub const VOICES: usize = 256;

/// An instrument that is being played.
///
/// All methods are called in the audio callback: they neither allocate nor wait.
pub trait Instrument: Send {
    /// A key goes down. `pitch` is the MIDI pitch, `velocity` lies between 1 and 127.
    fn note_on(&mut self, pitch: u8, velocity: u8);

    /// A key comes up.
    fn note_off(&mut self, pitch: u8);

    /// The sustain pedal moves to a position, from 0 (up) to 127 (down). Whether values between are
    /// half-pedalling or only up and down is up to the instrument.
    fn sustain(&mut self, value: u8);

    /// The soft pedal moves to a position, from 0 (up) to 127 (down). Instruments without one take no notice.
    fn soft(&mut self, _value: u8) {}

    /// Lifts the sustain pedal and all keys. What sounds dies away as it does after any release.
    fn release_all(&mut self);

    /// Overwrites the block with the next frames.
    fn render(&mut self, block: &mut Block);
}

/// Makes instruments of one kind. What they have in common, such as samples, is loaded once.
pub trait InstrumentFactory: Send + Sync {
    /// An instrument at rest that holds all the memory it will need. The error is why there is none.
    fn open(&self, sample_rate: u32, voices: usize) -> Result<Box<dyn Instrument>, String>;
}

/// Plays events, renders the block that follows and returns its peak; or why there is none.
pub(crate) fn render_block(
    instrument: &mut dyn Instrument,
    events: impl Iterator<Item = SoundEventKind>,
    block: &mut Block,
) -> Result<f32, &'static str> {
    // Soundfonts are checked when they are loaded; a mistake in the checks must still not end the
    // program.
    let rendered = catch_unwind(AssertUnwindSafe(|| {
        for event in events {
            match event {
                SoundEventKind::NoteOn { pitch, velocity } => instrument.note_on(pitch, velocity),
                SoundEventKind::NoteOff { pitch } => instrument.note_off(pitch),
                SoundEventKind::Sustain { value } => instrument.sustain(value),
                SoundEventKind::Soft { value } => instrument.soft(value),
            }
        }
        instrument.render(block);
    }));
    if rendered.is_err() {
        return Err("the synthesizer failed");
    }
    let level = peak(block);
    if level.is_finite() { Ok(level) } else { Err("its filters run away") }
}
