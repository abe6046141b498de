//! One playing of a recording.

use std::sync::Arc;

use super::samples::Samples;
use super::splice::{Moment, Splice};
use crate::format::{BLOCK, BLOCK_FRAMES, Block};
use crate::sinc::{Channel, Sinc, TAPS, TAPS_BEFORE};
use crate::source::{Position, Source};

/// How long it takes to go over to another place.
const FADE_SECS: f64 = 0.010;

/// A recording that is farther from its place than this has not come away from it but jumps there.
const FARTHEST_SECS: f64 = 0.25;

/// So little is rounding, in frames.
const NEGLIGIBLE: f64 = 1e-3;

/// Frames of a recording that a block needs at most: it has no more of them a second than the device.
const ROOM: usize = BLOCK_FRAMES + TAPS + 2;

/// A recording being played.
pub(super) struct Playing {
    samples: Arc<Samples>,
    sinc: Arc<Sinc>,
    attacks: Arc<[f64]>,
    splice: Splice,
    /// What comes next, in frames of the samples; nothing before the first block.
    place: Option<f64>,
    /// Where it was before, while that can still be heard.
    left: Option<Left>,
    /// Blocks that it takes to go over to another place.
    fade_blocks: u32,
    is_moved: bool,
    wide: [[f32; ROOM]; 2],
}

/// A place that was left.
#[derive(Clone, Copy)]
struct Left {
    place: f64,
    /// Blocks since then.
    blocks: u32,
}

impl Playing {
    /// Of samples in which notes begin at these places, in order, on a device with a sample rate.
    pub(super) fn new(samples: Arc<Samples>, sinc: Arc<Sinc>, attacks: Arc<[f64]>, sample_rate: f64) -> Self {
        let fade_blocks = (FADE_SECS * sample_rate / BLOCK).round().max(1.0);
        let fade_frames = fade_blocks * BLOCK * samples.rate_hz() / sample_rate;
        Self {
            splice: Splice::new(samples.rate_hz(), fade_frames),
            samples,
            sinc,
            attacks,
            place: None,
            left: None,
            fade_blocks: fade_blocks as u32,
            is_moved: false,
            wide: [[0.0; ROOM]; 2],
        }
    }

    /// Where to go on instead, if it is not `here`, where it would be, and should be at `due`.
    fn elsewhere(&mut self, here: f64, due: f64, rate: f64) -> Option<f64> {
        let off = (here - due).abs();
        if std::mem::take(&mut self.is_moved) || off > FARTHEST_SECS * self.samples.rate_hz() {
            return Some(due);
        }
        if rate == 1.0 {
            return (off > NEGLIGIBLE).then_some(due);
        }
        let (samples, attacks) = (&*self.samples, &*self.attacks);
        self.splice.place(&Moment { samples, attacks, here, due, rate })
    }

    /// The sound from a place on, its frames `step` apart.
    fn read(&mut self, place: f64, step: f64, to: &mut [Channel; 2]) {
        let first = place.floor();
        let [left, right] = &mut self.wide;
        self.samples.read((first as i64).saturating_sub(TAPS_BEFORE), left, right);
        let [to_left, to_right] = to;
        self.sinc.read([&left[..], &right[..]], (place - first, step), [to_left, to_right]);
    }

    /// Lets a place that was left be heard less and less, and another one more and more.
    fn fade(&mut self, left: Left, step: f64, now: &mut [Channel; 2]) {
        let mut before = [[0.0; BLOCK_FRAMES]; 2];
        self.read(left.place, step, &mut before);
        let whole = BLOCK as f32 * self.fade_blocks as f32;
        for (now, before) in now.iter_mut().zip(&before) {
            for (k, (now, before)) in now.iter_mut().zip(before).enumerate() {
                let share = (BLOCK as f32 * left.blocks as f32 + k as f32) / whole;
                let share = share * share * (3.0 - 2.0 * share);
                *now = before + share * (*now - before);
            }
        }
        let next = Left { place: left.place + BLOCK * step, blocks: left.blocks + 1 };
        self.left = Some(next).filter(|next| next.blocks < self.fade_blocks);
    }
}

impl Source for Playing {
    fn render(&mut self, at: Position, block: &mut Block) -> Result<(), &'static str> {
        let step = self.samples.rate_hz() / at.sample_rate;
        let due = self.samples.place(at.secs());
        let mut place = self.place.unwrap_or(due);
        if self.left.is_none() {
            match self.elsewhere(place, due, at.rate) {
                Some(there) if self.place.is_some() => {
                    self.left = Some(Left { place, blocks: 0 });
                    place = there;
                }
                Some(there) => place = there,
                // Rounding does not add up.
                None if at.rate == 1.0 => place = due,
                None => {}
            }
        }
        let mut now = [[0.0; BLOCK_FRAMES]; 2];
        self.read(place, step, &mut now);
        if let Some(left) = self.left {
            self.fade(left, step, &mut now);
        }
        let [left, right] = &now;
        for (frame, (left, right)) in block.chunks_exact_mut(2).zip(left.iter().zip(right)) {
            (frame[0], frame[1]) = (*left, *right);
        }
        self.place = Some(place + BLOCK * step);
        Ok(())
    }

    fn jump(&mut self, _to_secs: f64) {
        self.is_moved = true;
    }

    fn is_over(&self, at: Position) -> bool {
        at.secs() >= self.samples.end_secs()
    }
}
