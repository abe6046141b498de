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

/// Measures sound that comes block by block.
pub(crate) struct Meter(EbuR128);

impl Meter {
    /// Of sound in two channels with so many frames a second; nothing if that is no rate of sound.
    pub(crate) fn new(sample_rate: u32) -> Option<Self> {
        EbuR128::new(2, sample_rate, Mode::I | Mode::SAMPLE_PEAK).ok().map(Self)
    }

    /// Takes in frames, left and right by turns; nothing if they are no sound.
    pub(crate) fn add(&mut self, frames: &[f32]) -> Option<()> {
        self.0.add_frames_f32(frames).ok()
    }

    /// The loudness of all that came; nothing if it is silent.
    pub(crate) fn loudness(&self) -> Option<Loudness> {
        let lufs = self.0.loudness_global().ok().filter(|l| l.is_finite())?;
        let peak = self.0.sample_peak(0).ok()?.max(self.0.sample_peak(1).ok()?) as f32;
        Some(Loudness { lufs, peak })
    }
}

/// Renders a version and measures it, on any thread; nothing if cancelled, silent or unplayable.
pub fn loudness(content: &dyn Content, piano: &Piano, cancel: &AtomicBool) -> Option<Loudness> {
    let mut stream = Stream::new(content, piano, SAMPLE_RATE).ok()?;
    let mut meter = Meter::new(SAMPLE_RATE)?;
    while let Some(block) = stream.next_block().ok()? {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        meter.add(block)?;
    }
    meter.loudness()
}
