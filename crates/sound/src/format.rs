//! The format of sound in this crate: stereo in 32-bit floats, left and right by turns, rendered in
//! blocks.

use std::ops::RangeInclusive;

/// Frames rendered at once. Events move to the nearest block, so by at most half of this: 0.7 ms.
pub const BLOCK_FRAMES: usize = 64;

/// [`BLOCK_FRAMES`] as a number to calculate with.
pub(crate) const BLOCK: f64 = BLOCK_FRAMES as f64;

/// [`BLOCK_FRAMES`] frames, left and right by turns.
pub type Block = [f32; 2 * BLOCK_FRAMES];

/// Sample rates that can be rendered.
pub const RATES_HZ: RangeInclusive<u32> = 44_100..=192_000;

/// Peaks above this are brought down to it: -1 dBFS, room for the peaks between two samples.
pub const CEILING: f32 = 0.891_250_9;

/// Below this (-90 dBFS), a block counts as silent.
pub(crate) const SILENCE: f32 = 3.2e-5;

/// The largest absolute value, or infinity if any value is not a number.
pub(crate) fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, s| {
        let size = s.abs();
        if size.is_nan() { f32::INFINITY } else { size.max(peak) }
    })
}

/// The factor that keeps a peak within the ceiling: 1 unless it is too loud.
pub(crate) fn gain_for(peak: f32) -> f32 {
    if peak > CEILING { CEILING / peak } else { 1.0 }
}
