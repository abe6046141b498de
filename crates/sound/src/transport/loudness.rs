//! How loud a version is as a whole, so that versions can be compared at equal loudness.
//!
//! Only the whole is matched: what is louder within a version is what the pianist meant.

use std::sync::atomic::{AtomicBool, Ordering};

use ebur128::{EbuR128, Mode};

use crate::format::CEILING;
use crate::piano::Piano;
use crate::source::Content;
use crate::stream::Stream;

/// The sample rate that loudness is measured at; it does not depend on it.
const SAMPLE_RATE: u32 = 44_100;

/// Loudness of a version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// Integrated loudness after EBU R 128, in LUFS.
    pub lufs: f64,
    /// The largest sample.
    pub peak: f32,
}

impl Loudness {
    /// The factor that brings this version to a loudness.
    pub fn gain_to(self, lufs: f64) -> f32 {
        10_f64.powf((lufs - self.lufs) / 20.0) as f32
    }

    /// The factor for each version that makes all equally loud: as loud as the loudest, or all softer
    /// by as much as the one that would clip most needs.
    pub fn matching_gains(versions: &[Self]) -> Vec<f32> {
        let loudest = versions.iter().map(|v| v.lufs).fold(f64::NEG_INFINITY, f64::max);
        let clips = |v: &Self| v.peak * v.gain_to(loudest) / CEILING;
        let over = versions.iter().map(clips).fold(1.0, f32::max);
        versions.iter().map(|v| v.gain_to(loudest) / over).collect()
    }
}

/// Renders a version and measures it, on any thread; nothing if cancelled, silent or unplayable.
pub fn loudness(content: &dyn Content, piano: &Piano, cancel: &AtomicBool) -> Option<Loudness> {
    let mut stream = Stream::new(content, piano, SAMPLE_RATE).ok()?;
    let mut meter = EbuR128::new(2, SAMPLE_RATE, Mode::I | Mode::SAMPLE_PEAK).ok()?;
    while let Some(block) = stream.next_block().ok()? {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        meter.add_frames_f32(block).ok()?;
    }
    let lufs = meter.loudness_global().ok().filter(|l| l.is_finite())?;
    let peak = meter.sample_peak(0).ok()?.max(meter.sample_peak(1).ok()?) as f32;
    Some(Loudness { lufs, peak })
}
