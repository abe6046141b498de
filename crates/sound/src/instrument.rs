//! The synthesizer as a piano: one set-up for files and for the speakers, so that both sound alike.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rustysynth::{Synthesizer, SynthesizerSettings};

use crate::error::SoundError;
use crate::events::{SoundEvent, SoundEventKind};
use crate::soundfont::Piano;

/// Frames rendered at once. Events move to the nearest block, so by at most half of this: 0.7 ms.
pub const BLOCK_FRAMES: usize = 64;

/// [`BLOCK_FRAMES`] frames, left and right by turns.
pub(crate) type Block = [f32; 2 * BLOCK_FRAMES];

/// As many voices as the synthesizer allows: a pedalled passage on a stereo piano needs two a note.
pub(crate) const VOICES: usize = 256;

/// The synthesizer leaves out voices whose share of the mix is below -60 dB, which would silence
/// the softest notes and cut off what rings on. So it mixes louder by this and [`LEVEL`] undoes it.
const MASTER_VOLUME: f32 = 16.0;

/// From the synthesizer's mix to the sound: a loud passage of many notes on the usual pianos stays
/// just below full scale.
const LEVEL: f32 = 0.8 / MASTER_VOLUME;

/// The synthesizer lets velocity act by its square and starts no voice below -60 dB.
const SOFTEST_VELOCITY: u8 = 5;

/// The MIDI channel that is used; the synthesizer starts each with bank 0, program 0: the piano.
const CHANNEL: i32 = 0;
const VOLUME_CONTROLLER: i32 = 7;
const SUSTAIN_CONTROLLER: i32 = 64;

/// A piano that takes instructions and gives sound. Allocates when it is made and never after.
pub(crate) struct Instrument {
    synth: Synthesizer,
    left: [f32; BLOCK_FRAMES],
    right: [f32; BLOCK_FRAMES],
}

impl Instrument {
    /// A silent instrument at a sample rate that was checked (see [`crate::synth::RATES_HZ`]).
    pub(crate) fn new(piano: &Piano, sample_rate: u32, voices: usize) -> Result<Self, SoundError> {
        let mut settings = SynthesizerSettings::new(sample_rate as i32);
        settings.block_size = BLOCK_FRAMES;
        settings.maximum_polyphony = voices;
        // Its reverb hears loud notes only (the same limit, out of reach here); dry sound is also
        // what a producer wants to mix.
        settings.enable_reverb_and_chorus = false;
        let mut synth = Synthesizer::new(piano.font(), &settings).map_err(|error| {
            SoundError::Unplayable { piano: piano.name().to_owned(), at_secs: 0.0, reason: error.to_string() }
        })?;
        synth.set_master_volume(MASTER_VOLUME);
        control(&mut synth, VOLUME_CONTROLLER, 127);
        Ok(Self { synth, left: [0.0; BLOCK_FRAMES], right: [0.0; BLOCK_FRAMES] })
    }

    /// Follows the instructions and writes the next block; returns its peak, or why there is none.
    pub(crate) fn step(&mut self, events: &[SoundEvent], block: &mut Block) -> Result<f32, &'static str> {
        // The soundfont was checked when it was loaded; a mistake in the checks must still not end
        // the program.
        let played = catch_unwind(AssertUnwindSafe(|| {
            events.iter().for_each(|event| send(&mut self.synth, event.kind));
            self.synth.render(&mut self.left, &mut self.right);
        }));
        if played.is_err() {
            return Err("the synthesizer failed");
        }
        for (frame, (left, right)) in block.chunks_exact_mut(2).zip(self.left.iter().zip(&self.right)) {
            frame[0] = LEVEL * left;
            frame[1] = LEVEL * right;
        }
        let level = peak(block);
        if level.is_finite() { Ok(level) } else { Err("its filters run away") }
    }

    /// Puts the pedal down.
    pub(crate) fn press_pedal(&mut self) {
        control(&mut self.synth, SUSTAIN_CONTROLLER, 127);
    }

    /// Lifts the pedal and all keys.
    pub(crate) fn damp(&mut self) {
        control(&mut self.synth, SUSTAIN_CONTROLLER, 0);
        self.synth.note_off_all(false);
    }
}

fn control(synth: &mut Synthesizer, controller: i32, value: i32) {
    const CONTROL_CHANGE: i32 = 0xB0;
    synth.process_midi_message(CHANNEL, CONTROL_CHANGE, controller, value);
}

fn send(synth: &mut Synthesizer, kind: SoundEventKind) {
    match kind {
        SoundEventKind::NoteOn { pitch, velocity } => {
            synth.note_on(CHANNEL, i32::from(pitch), i32::from(velocity.max(SOFTEST_VELOCITY)));
        }
        SoundEventKind::NoteOff { pitch } => synth.note_off(CHANNEL, i32::from(pitch)),
        SoundEventKind::Sustain { down } => control(synth, SUSTAIN_CONTROLLER, if down { 127 } else { 0 }),
    }
}

/// The largest absolute value, or infinity if any value is not a number.
pub(crate) fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, s| {
        let size = s.abs();
        if size.is_nan() { f32::INFINITY } else { size.max(peak) }
    })
}
