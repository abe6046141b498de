//! The last step of mixing: volume, and a limiter that keeps the sound within full scale.

use super::ramp::Ramp;
use crate::format::CEILING;

/// Volume and limiter.
pub(crate) struct Limiter {
    volume: Ramp,
}

impl Limiter {
    pub(crate) fn new() -> Self {
        Self { volume: Ramp::at(1.0) }
    }

    /// Moves to another volume, a factor, within so many frames.
    pub(crate) fn set_volume(&mut self, volume: f32, frames: f32) {
        self.volume.go_to(volume, frames);
    }

    /// Changes frames, left and right by turns, in place.
    pub(crate) fn apply(&mut self, out: &mut [f32]) {
        let is_full = self.volume.is_steady_at(1.0);
        for frame in out.chunks_exact_mut(2) {
            let volume = if is_full { 1.0 } else { self.volume.next() };
            frame.iter_mut().for_each(|s| *s = soft_clip(volume * *s));
        }
    }
}

/// Keeps a sample within full scale: untouched up to the ceiling, bent above it.
fn soft_clip(sample: f32) -> f32 {
    let over = sample.abs() - CEILING;
    if over <= 0.0 {
        return sample;
    }
    let room = 1.0 - CEILING;
    (CEILING + room * (over / room).tanh()).copysign(sample)
}
