//! One key that sounds, or one that comes up.

use super::recording::{Bounds, Recording};
use super::samples::{Blend, Samples};
use crate::format::{BLOCK, BLOCK_FRAMES, Block};
use crate::sinc::{Channel, TAPS, TAPS_BEFORE};

/// The fastest that a recording is read, in its frames a frame: three octaves up.
const FASTEST: f64 = 8.0;

/// Frames of a recording that a block needs at most.
const ROOM: usize = BLOCK_FRAMES * FASTEST as usize + 2 * TAPS;

/// A voice below this has died away: -100 dBFS.
const SILENT: f32 = 1e-5;

/// Blocks in which a voice that has to make room fades out: 6 ms at 44.1 kHz.
const FADE_BLOCKS: u8 = 4;

/// High partials are damped faster than low ones by this share.
const HIGH_SHARE: f32 = 0.5;

/// What is left of high partials at least.
const LEAST_SHELF: f32 = 0.05;

/// Room to compute a block in.
pub(super) struct Scratch {
    wide: [[f32; ROOM]; 2],
    now: [Channel; 2],
    then: [Channel; 2],
}

impl Scratch {
    pub(super) fn new() -> Self {
        let silence = [0.0; BLOCK_FRAMES];
        Self { wide: [[0.0; ROOM]; 2], now: [silence; 2], then: [silence; 2] }
    }
}

/// What sounds.
#[derive(Clone, Copy)]
enum What {
    /// A recorded key by its index, and its layers.
    Key(usize, Blend),
    /// The sound of a key that comes up, by its index.
    Release(usize),
}

/// How something is sounded.
pub(super) struct Manner {
    pub(super) pitch: u8,
    pub(super) velocity: u8,
    /// Factor of the recording.
    pub(super) level: f32,
    /// Factor for high partials.
    pub(super) shelf: f32,
    /// Frames a second of what is rendered.
    pub(super) rate_hz: f64,
}

/// A recording that is being read.
pub(super) struct Voice {
    pub(super) pitch: u8,
    pub(super) velocity: u8,
    /// Blocks since it began.
    pub(super) age_blocks: u32,
    pub(super) is_down: bool,
    pub(super) is_struck_again: bool,
    /// False when nothing more is heard of it.
    pub(super) lives: bool,
    what: What,
    /// Where it is, and how far the next frame is, in frames of the recording.
    at: f64,
    step: f64,
    /// Frames a second of the recording.
    source_hz: f64,
    stage: usize,
    level: f32,
    shelf: f32,
    /// The lowest partials of both channels, and how fast they follow the sound.
    low: [f32; 2],
    follow: f32,
    /// Blocks until it has made room.
    fading: Option<u8>,
}

impl Voice {
    /// A key that is struck.
    pub(super) fn key(samples: &Samples, blend: Blend, manner: &Manner) -> Option<Self> {
        let index = samples.key_of(manner.pitch);
        let key = samples.keys.get(index)?;
        let semitones = f64::from(manner.pitch) - f64::from(key.pitch);
        let mut voice = Self::new(What::Key(index, blend), key.rate(), manner);
        voice.step = (voice.step * (semitones / 12.0).exp2()).min(FASTEST);
        voice.is_down = true;
        let begin =
            |(layer, gain): (usize, f32)| key.layers.get(layer).filter(|_| gain != 0.0).map(|l| l.begin);
        let begins = [begin(blend.softer), begin(blend.louder)];
        voice.at = begins.into_iter().flatten().reduce(f64::min).unwrap_or(0.0);
        Some(voice)
    }

    /// A key that comes up.
    pub(super) fn release(samples: &Samples, index: usize, manner: &Manner) -> Option<Self> {
        let (_, recording) = samples.releases.get(index)?;
        Some(Self::new(What::Release(index), recording.rate, manner))
    }

    fn new(what: What, source_hz: f64, manner: &Manner) -> Self {
        let fundamental_hz = 440.0 * ((f64::from(manner.pitch) - 69.0) / 12.0).exp2();
        let corner_hz = (2.0 * fundamental_hz).clamp(300.0, 0.3 * manner.rate_hz);
        Self {
            pitch: manner.pitch,
            velocity: manner.velocity,
            age_blocks: 0,
            is_down: false,
            is_struck_again: false,
            lives: true,
            what,
            at: 0.0,
            step: source_hz / manner.rate_hz,
            source_hz,
            stage: 0,
            level: manner.level,
            shelf: manner.shelf,
            low: [0.0; 2],
            follow: (1.0 - (-std::f64::consts::TAU * corner_hz / manner.rate_hz).exp()) as f32,
            fading: None,
        }
    }

    pub(super) fn is_key(&self) -> bool {
        matches!(self.what, What::Key(..))
    }

    /// Blocks until it has made room, if it does.
    pub(super) fn fading(&self) -> Option<u8> {
        self.fading
    }

    /// Lets it make room.
    pub(super) fn make_room(&mut self) {
        self.fading.get_or_insert(FADE_BLOCKS);
    }

    /// The largest value that it still brings.
    pub(super) fn loudness(&self, samples: &Samples) -> f32 {
        let parts = self.parts(samples).into_iter().flatten();
        self.level * parts.map(|(recording, gain)| gain * recording.rest(self.at)).sum::<f32>()
    }

    /// The recordings that it reads, and their factors.
    fn parts<'a>(&self, samples: &'a Samples) -> [Option<(&'a Recording, f32)>; 2] {
        match self.what {
            What::Key(index, blend) => {
                let layers = samples.keys.get(index).map_or(&[][..], |key| key.layers.as_slice());
                [blend.softer, blend.louder].map(|(layer, gain)| {
                    let layer = layers.get(layer).filter(|_| gain != 0.0)?;
                    Some((&layer.recording, gain))
                })
            }
            What::Release(index) => {
                [samples.releases.get(index).map(|(_, recording)| (recording, 1.0)), None]
            }
        }
    }

    /// Adds the next frames to the block. `nepers` is what damping takes off in it.
    pub(super) fn add_to(
        &mut self,
        samples: &Samples,
        nepers: f32,
        scratch: &mut Scratch,
        block: &mut Block,
    ) {
        let parts = self.parts(samples);
        self.read(samples, self.stage, &parts, &mut scratch.wide, &mut scratch.now);
        if self.at >= Bounds::of(self.stage, self.source_hz).until {
            self.stage += 1;
            self.read(samples, self.stage, &parts, &mut scratch.wide, &mut scratch.then);
            cross(&mut scratch.now, &scratch.then);
        }
        let longest = parts.iter().flatten().map(|(recording, _)| recording.frames).fold(0.0, f64::max);
        let loudness = self.loudness(samples);
        self.at += self.step * BLOCK;
        // It begins where it is all but silent, and fades in all the same.
        let from = if self.age_blocks == 0 { 0.0 } else { self.level };
        self.age_blocks = self.age_blocks.saturating_add(1);
        let mut level = if nepers > 0.0 { self.level * (-nepers).exp() } else { self.level };
        if let Some(left) = &mut self.fading {
            level *= f32::from(left.saturating_sub(1)) / f32::from((*left).max(1));
            *left = left.saturating_sub(1);
            self.lives = *left > 0;
        }
        if loudness < SILENT || self.at >= longest {
            level = 0.0;
            self.lives = false;
        }
        let shelf = if nepers > 0.0 {
            (self.shelf * (-HIGH_SHARE * nepers).exp()).max(LEAST_SHELF.min(self.shelf))
        } else {
            self.shelf
        };
        if self.shelf < 1.0 || shelf < 1.0 {
            self.weaken(&mut scratch.now, shelf);
        }
        mix(&scratch.now, (from, level), block);
        (self.level, self.shelf) = (level, shelf);
    }

    /// Reads a stage of the recordings.
    fn read(
        &self,
        samples: &Samples,
        stage: usize,
        parts: &[Option<(&Recording, f32)>; 2],
        wide: &mut [[f32; ROOM]; 2],
        to: &mut [Channel; 2],
    ) {
        let bounds = Bounds::of(stage, self.source_hz);
        let place = (self.at - bounds.origin) / bounds.factor;
        let (first, step) = (place.floor(), self.step / bounds.factor);
        let needed = ((place - first + step * BLOCK) as usize + TAPS + 1).min(ROOM);
        let [left, right] = wide;
        let (left, right) = (&mut left[..needed], &mut right[..needed]);
        left.fill(0.0);
        right.fill(0.0);
        for (recording, gain) in parts.iter().flatten() {
            recording.add_to(stage, first as i64 - TAPS_BEFORE, *gain, left, right);
        }
        let [to_left, to_right] = to;
        samples.sinc.read([&*left, &*right], (place - first, step), [to_left, to_right]);
    }

    /// Weakens what lies above the lowest partials; the factor moves to `shelf`.
    fn weaken(&mut self, sound: &mut [Channel; 2], shelf: f32) {
        let slope = (shelf - self.shelf) / BLOCK_FRAMES as f32;
        for (channel, low) in sound.iter_mut().zip(&mut self.low) {
            let mut factor = self.shelf;
            for sample in channel {
                factor += slope;
                *low += self.follow * (*sample - *low);
                *sample = *low + factor * (*sample - *low);
            }
        }
    }
}

/// Goes from one sound to another within the block.
fn cross(from: &mut [Channel; 2], to: &[Channel; 2]) {
    for (from, to) in from.iter_mut().zip(to) {
        for (n, (from, to)) in from.iter_mut().zip(to).enumerate() {
            *from += n as f32 / BLOCK_FRAMES as f32 * (to - *from);
        }
    }
}

/// Adds a sound whose factor moves from the one to the other.
fn mix(sound: &[Channel; 2], (from, to): (f32, f32), block: &mut Block) {
    let slope = (to - from) / BLOCK_FRAMES as f32;
    let [left, right] = sound;
    for (n, (frame, (left, right))) in block.chunks_exact_mut(2).zip(left.iter().zip(right)).enumerate() {
        let level = from + slope * (n + 1) as f32;
        frame[0] += level * left;
        frame[1] += level * right;
    }
}
