//! A sample in memory: 16 bits, in stages of falling bandwidth.
//!
//! High partials of a string die away first. After [`STAGE_SECS`] a stage keeps half, later a quarter of the
//! samples. What lies above that is then 75 dB below the note in the middle and loud layers of the Salamander
//! piano, and 55 to 80 dB in the softest, where it is as loud as the noise of the recording. So 15 s take the
//! memory of 5.5 s.

use crate::decode::Stereo;

use super::decimate::Decimator;

/// When the stages begin, in seconds.
const STAGE_SECS: [f64; 3] = [0.0, 1.5, 4.0];

/// How many frames of the recording each stage keeps one of.
const FACTORS: [f64; 3] = [1.0, 2.0, 4.0];

/// Frames that a stage has before its beginning, for the taps of the resampler.
const BEFORE: f64 = 64.0;

/// Frames that a stage has after its end: a block at the highest transposition, two times, and taps.
const AFTER: f64 = 1536.0;

/// What a sample is cut at, against its peak: -60 dB.
const SILENT: f32 = 0.001;

/// How long the beginning fades in, in seconds.
const FADE_IN_SECS: f64 = 0.001;

/// The largest of the rest of a recording is known for every so many frames.
const SPAN: usize = 2048;

/// Where a stage lies, in frames of the recording.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// The frame of its first sample.
    pub(super) origin: f64,
    /// Frames a sample.
    pub(super) factor: f64,
    /// The frame from which the next stage is played.
    pub(super) until: f64,
}

impl Bounds {
    /// Those of stage 0, 1 or 2 at so many frames a second. The same for all recordings, so that layers of one
    /// key change at the same time.
    pub(super) fn of(stage: usize, rate: f64) -> Self {
        let begin = |stage: usize| (STAGE_SECS[stage.min(2)] * rate / 4.0).floor() * 4.0;
        let origin = if stage == 0 { 0.0 } else { begin(stage) - BEFORE };
        let until = if stage < 2 { begin(stage + 1) } else { f64::INFINITY };
        Self { origin, factor: FACTORS[stage.min(2)], until }
    }
}

/// Samples of a stage, times `scale` full scale being 1.
#[derive(Debug)]
struct Stage {
    left: Box<[i16]>,
    right: Box<[i16]>,
    scale: f32,
}

/// A sample of a key that is struck, or comes up.
#[derive(Debug)]
pub(super) struct Recording {
    /// Frames a second.
    pub(super) rate: f64,
    stages: Vec<Stage>,
    /// How long it is, in frames.
    pub(super) frames: f64,
    /// The largest value from every [`SPAN`] frames on to the end.
    rest: Vec<f32>,
}

impl Recording {
    /// The sound from frame `start` on, which may lie before the first, until it is silent or `most_secs` long.
    pub(super) fn cut(sound: &Stereo, start: i64, most_secs: f64) -> Self {
        let rate = f64::from(sound.rate);
        let most = (most_secs * rate) as usize;
        let mut channels = [from(&sound.left, start, most), from(&sound.right, start, most)];
        let sizes = |channels: &[Vec<f32>; 2], k: usize| channels[0][k].abs().max(channels[1][k].abs());
        let whole = channels[0].len().min(channels[1].len());
        let peak = (0..whole).map(|k| sizes(&channels, k)).fold(0.0, f32::max);
        let end = (0..whole).rfind(|k| sizes(&channels, *k) > SILENT * peak).map_or(0, |k| k + 1);
        // What is cut off while it sounds is let die away; the rest ends where it is silent.
        let fade_secs = if end + 1 >= most { 0.15 * most_secs } else { 0.05 };
        for channel in &mut channels {
            channel.truncate(end);
            fade(channel, (FADE_IN_SECS * rate) as usize, (fade_secs * rate) as usize);
        }
        let mut rest: Vec<f32> = (0..end.div_ceil(SPAN))
            .map(|span| {
                (span * SPAN..((span + 1) * SPAN).min(end)).map(|k| sizes(&channels, k)).fold(0.0, f32::max)
            })
            .collect();
        for span in (1..rest.len()).rev() {
            rest[span - 1] = rest[span - 1].max(rest[span]);
        }
        let stages = (0..STAGE_SECS.len()).map_while(|stage| cut_stage(&channels, Bounds::of(stage, rate)));
        Self { rate, stages: stages.collect(), frames: end as f64, rest }
    }

    /// The largest value that is still to come at a frame.
    pub(super) fn rest(&self, at: f64) -> f32 {
        self.rest.get(at.max(0.0) as usize / SPAN).copied().unwrap_or(0.0)
    }

    /// Adds samples of a stage, from its sample `first` on, to both channels; nothing outside of it.
    pub(super) fn add_to(&self, stage: usize, first: i64, gain: f32, left: &mut [f32], right: &mut [f32]) {
        let Some(stage) = self.stages.get(stage) else { return };
        let gain = gain * stage.scale;
        add(&stage.left, first, gain, left);
        add(&stage.right, first, gain, right);
    }

    /// Memory that it takes, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let samples: usize = self.stages.iter().map(|stage| stage.left.len() + stage.right.len()).sum();
        (2 * samples + 4 * self.rest.len()) as u64
    }

    /// The most that a recording of some length can take, in bytes.
    pub(super) fn most_bytes(secs: f64, rate: f64) -> f64 {
        let stage = |k: usize| {
            let end = STAGE_SECS.get(k + 1).copied().unwrap_or(f64::INFINITY).min(secs);
            ((end - STAGE_SECS[k]).max(0.0) * rate + BEFORE + AFTER) / FACTORS[k]
        };
        4.0 * (0..STAGE_SECS.len()).map(stage).sum::<f64>() + 4.0 * secs * rate / SPAN as f64
    }
}

/// A stretch of samples; silence where there are none before the first.
fn from(samples: &[f32], start: i64, most: usize) -> Vec<f32> {
    let missing = usize::try_from(-start).unwrap_or(0).min(most);
    let skipped = usize::try_from(start).unwrap_or(0);
    let there = samples.iter().skip(skipped).take(most - missing);
    std::iter::repeat_n(0.0, missing).chain(there.copied()).collect()
}

fn fade(samples: &mut [f32], fade_in: usize, fade_out: usize) {
    let shape = |share: f32| 0.5 - 0.5 * (std::f32::consts::PI * share).cos();
    for (k, sample) in samples.iter_mut().take(fade_in).enumerate() {
        *sample *= shape(k as f32 / fade_in as f32);
    }
    let fade_out = fade_out.min(samples.len());
    for (k, sample) in samples.iter_mut().rev().take(fade_out).enumerate() {
        *sample *= shape(k as f32 / fade_out as f32);
    }
}

/// A stage of a sound; none if the sound ends before it.
fn cut_stage(channels: &[Vec<f32>; 2], bounds: Bounds) -> Option<Stage> {
    let whole = channels[0].len() as f64;
    if bounds.origin >= whole {
        return None;
    }
    let end = whole.min(bounds.until + AFTER);
    let count = ((end - bounds.origin) / bounds.factor).ceil() as usize;
    let decimator = Decimator::new(bounds.factor as usize);
    let [left, right] = [0, 1].map(|c| decimator.every(&channels[c], bounds.origin as usize, count));
    let peak = left.iter().chain(&right).fold(0.0_f32, |peak, s| peak.max(s.abs()));
    let scale = peak.max(1e-9) / f32::from(i16::MAX);
    let whole_numbers =
        |samples: Vec<f32>| -> Box<[i16]> { samples.iter().map(|s| (s / scale).round() as i16).collect() };
    Some(Stage { left: whole_numbers(left), right: whole_numbers(right), scale })
}

fn add(samples: &[i16], first: i64, gain: f32, to: &mut [f32]) {
    let missing = usize::try_from(-first).unwrap_or(0).min(to.len());
    let skipped = usize::try_from(first).unwrap_or(0);
    let there = samples.get(skipped..).unwrap_or(&[]);
    for (to, sample) in to[missing..].iter_mut().zip(there) {
        *to += gain * f32::from(*sample);
    }
}

#[cfg(test)]
#[path = "recording_tests.rs"]
mod tests;
