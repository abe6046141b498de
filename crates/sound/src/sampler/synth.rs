//! The sampled piano as an instrument.

use std::sync::Arc;

use super::damping;
use super::samples::{Samples, decibels};
use super::strings::Strings;
use super::voice::{Manner, Scratch, Voice};
use crate::format::{BLOCK, Block};
use crate::instrument::{Instrument, InstrumentFactory};

/// From the recordings to the sound: a loud passage of many notes stays near full scale.
const LEVEL: f32 = 0.35;

/// Voices beyond those that were asked for: some that fade out to make room, and keys that come up.
const RESERVE: usize = 48;

/// Keys whose coming up is heard at the same time.
const MOST_RELEASES: usize = 16;

/// How loud a key comes up after the loudest note, in decibels, and how much softer for each second of it.
const RELEASE_DB: f32 = -37.0;
const RELEASE_DB_A_SEC: f32 = -2.0;

/// What the soft pedal takes off velocity, as a share, and off high partials, in decibels.
const SOFT_SHARE: f32 = 0.2;
const SOFT_SHELF_DB: f32 = -4.0;

/// Makes instruments that share the samples of one piano.
pub(super) struct SampledFactory {
    pub(super) samples: Arc<Samples>,
}

impl InstrumentFactory for SampledFactory {
    fn open(&self, sample_rate: u32, voices: usize) -> Result<Box<dyn Instrument>, String> {
        let rate_hz = f64::from(sample_rate.max(1));
        let most = voices.max(1);
        Ok(Box::new(SampledSynth {
            samples: Arc::clone(&self.samples),
            rate_hz,
            most,
            voices: Vec::with_capacity(most + RESERVE),
            contact: damping::contact(0),
            soft: 0.0,
            strings: Strings::new(rate_hz),
            scratch: Box::new(Scratch::new()),
        }))
    }
}

/// A piano that is being played. Allocates when it is made and never after.
struct SampledSynth {
    samples: Arc<Samples>,
    rate_hz: f64,
    /// Voices that sound at once, apart from those that make room.
    most: usize,
    voices: Vec<Voice>,
    /// How heavily the dampers lie where no key holds them off, from 0 to 1.
    contact: f32,
    /// How far the soft pedal is down, from 0 to 1.
    soft: f32,
    strings: Strings,
    scratch: Box<Scratch>,
}

impl SampledSynth {
    /// Takes a voice up; the softest others make room.
    fn begin(&mut self, voice: Voice) {
        let sounding = self.voices.iter().filter(|voice| voice.fading().is_none()).count();
        if sounding >= self.most {
            let samples = &self.samples;
            let others = self.voices.iter_mut().filter(|voice| voice.fading().is_none());
            let softest = others.min_by(|a, b| a.loudness(samples).total_cmp(&b.loudness(samples)));
            if let Some(softest) = softest {
                softest.make_room();
            }
        }
        if self.voices.len() == self.voices.capacity() {
            // More than the reserve within 6 ms: what has faded furthest ends at once.
            let left = |voice: &Voice| voice.fading().unwrap_or(u8::MAX);
            let furthest = self.voices.iter().enumerate().min_by_key(|(_, voice)| left(voice));
            if let Some((index, _)) = furthest {
                self.voices.remove(index);
            }
        }
        self.voices.push(voice);
    }

    /// The sound of a key that comes up `secs` after it was struck.
    fn come_up(&mut self, pitch: u8, velocity: u8, secs: f32) {
        let releases = self.voices.iter().filter(|voice| !voice.is_key()).count();
        let Some(index) = self.samples.release_of(pitch).filter(|_| releases < MOST_RELEASES) else { return };
        let felt = damping::felt(pitch, self.contact);
        let force = 0.2 + 0.8 * f32::from(velocity) / 127.0;
        let level = LEVEL * decibels(RELEASE_DB + RELEASE_DB_A_SEC * secs) * felt * force;
        let manner = Manner { pitch, velocity, level, shelf: 1.0, rate_hz: self.rate_hz };
        if let Some(voice) = Voice::release(&self.samples, index, &manner) {
            self.begin(voice);
        }
    }
}

impl Instrument for SampledSynth {
    fn note_on(&mut self, pitch: u8, velocity: u8) {
        let pitch = pitch.min(127);
        let velocity = velocity.clamp(1, 127);
        for voice in self.voices.iter_mut().filter(|voice| voice.is_key() && voice.pitch == pitch) {
            voice.is_down = false;
            voice.is_struck_again = true;
        }
        let blend = self.samples.blend(pitch, f32::from(velocity) * (1.0 - SOFT_SHARE * self.soft));
        let shelf = blend.shelf * decibels(SOFT_SHELF_DB * self.soft);
        let manner = Manner { pitch, velocity, level: LEVEL, shelf, rate_hz: self.rate_hz };
        if let Some(voice) = Voice::key(&self.samples, blend, &manner) {
            self.begin(voice);
        }
    }

    fn note_off(&mut self, pitch: u8) {
        let mut struck = None;
        for voice in self.voices.iter_mut().filter(|voice| voice.is_down && voice.pitch == pitch) {
            voice.is_down = false;
            struck = Some((voice.velocity, voice.age_blocks));
        }
        if let Some((velocity, age_blocks)) = struck {
            let secs = f64::from(age_blocks) * BLOCK / self.rate_hz;
            self.come_up(pitch, velocity, secs as f32);
        }
    }

    fn sustain(&mut self, value: u8) {
        self.contact = damping::contact(value);
    }

    fn soft(&mut self, value: u8) {
        self.soft = f32::from(value.min(127)) / 127.0;
    }

    fn release_all(&mut self) {
        self.contact = damping::contact(0);
        self.voices.iter_mut().for_each(|voice| voice.is_down = false);
    }

    fn render(&mut self, block: &mut Block) {
        block.fill(0.0);
        let block_secs = (BLOCK / self.rate_hz) as f32;
        for voice in &mut self.voices {
            let mut nepers = 0.0;
            if voice.is_key() && !voice.is_down {
                nepers += damping::nepers_a_sec(voice.pitch, self.contact);
            }
            if voice.is_struck_again {
                nepers += damping::nepers_a_sec_struck_again();
            }
            voice.add_to(&self.samples, nepers * block_secs, &mut self.scratch, block);
        }
        self.voices.retain(|voice| voice.lives);
        self.strings.add_to(block, self.contact);
    }
}

#[cfg(test)]
#[path = "synth_tests.rs"]
mod tests;
