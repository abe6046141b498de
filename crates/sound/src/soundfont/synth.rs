//! A soundfont as an instrument, by rustysynth.

use std::sync::Arc;

use rustysynth::{SoundFont, Synthesizer, SynthesizerSettings};

use crate::format::{BLOCK_FRAMES, Block};
use crate::instrument::{Instrument, InstrumentFactory};

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

/// Makes synthesizers that share the samples of one soundfont.
pub(super) struct SoundFontFactory {
    pub(super) font: Arc<SoundFont>,
}

impl InstrumentFactory for SoundFontFactory {
    fn open(&self, sample_rate: u32, voices: usize) -> Result<Box<dyn Instrument>, String> {
        let mut settings = SynthesizerSettings::new(sample_rate as i32);
        settings.block_size = BLOCK_FRAMES;
        settings.maximum_polyphony = voices;
        // Its reverb processes loud notes only (the same limit, out of reach here); dry sound is also
        // what a producer wants to mix.
        settings.enable_reverb_and_chorus = false;
        let mut synth = Synthesizer::new(&self.font, &settings).map_err(|error| error.to_string())?;
        synth.set_master_volume(MASTER_VOLUME);
        let mut instrument = SoundFontSynth { synth, left: [0.0; BLOCK_FRAMES], right: [0.0; BLOCK_FRAMES] };
        instrument.control(VOLUME_CONTROLLER, 127);
        Ok(Box::new(instrument))
    }
}

/// A synthesizer. Allocates when it is made and never after.
struct SoundFontSynth {
    synth: Synthesizer,
    left: [f32; BLOCK_FRAMES],
    right: [f32; BLOCK_FRAMES],
}

impl SoundFontSynth {
    fn control(&mut self, controller: i32, value: u8) {
        const CONTROL_CHANGE: i32 = 0xB0;
        self.synth.process_midi_message(CHANNEL, CONTROL_CHANGE, controller, i32::from(value));
    }
}

impl Instrument for SoundFontSynth {
    fn note_on(&mut self, pitch: u8, velocity: u8) {
        self.synth.note_on(CHANNEL, i32::from(pitch), i32::from(velocity.max(SOFTEST_VELOCITY)));
    }

    fn note_off(&mut self, pitch: u8) {
        self.synth.note_off(CHANNEL, i32::from(pitch));
    }

    /// The synthesizer has the pedal up or down only: down from 64 on, see
    /// [`SUSTAIN_THRESHOLD`](crate::events::SUSTAIN_THRESHOLD).
    fn sustain(&mut self, value: u8) {
        self.control(SUSTAIN_CONTROLLER, value);
    }

    fn release_all(&mut self) {
        self.control(SUSTAIN_CONTROLLER, 0);
        self.synth.note_off_all(false);
    }

    fn render(&mut self, block: &mut Block) {
        self.synth.render(&mut self.left, &mut self.right);
        for (frame, (left, right)) in block.chunks_exact_mut(2).zip(self.left.iter().zip(&self.right)) {
            frame[0] = LEVEL * left;
            frame[1] = LEVEL * right;
        }
    }
}
