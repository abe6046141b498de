//! A recorded key: its layers, laid on each other and ordered.

use std::path::{Path, PathBuf};

use rustfft::FftPlanner;

use super::curve;
use super::error::SamplerError;
use super::measure::{Head, first_above};
use super::recording::Recording;
use crate::decode::{Stereo, read_stereo};

/// The lowest sample rate of samples.
const LOWEST_RATE_HZ: u32 = 8_000;

/// The highest sample rate of samples, in hertz.
pub(super) const HIGHEST_RATE_HZ: u32 = 48_000;

/// How much is kept before the stroke of the loudest layer, in seconds: layers that are laid on each other do
/// not begin at one time.
const LEAD_SECS: f64 = 0.020;

/// How much of that is played before a layer becomes audible, in seconds.
const SILENT_SECS: f64 = 0.002;

/// A layer is audible from this share of its peak on.
const AUDIBLE: f32 = 0.02;

/// A layer louder by less than this than the one below it is left out, in decibels.
const LEAST_LOUDER_DB: f32 = 0.5;

/// A layer whose spectrum's centre is higher by less than this factor than that of the one below is left out.
const LEAST_BRIGHTER: f32 = 1.01;

/// A recorded key.
#[derive(Debug)]
pub(super) struct Key {
    /// Its MIDI pitch.
    pub(super) pitch: u8,
    /// Its layers, from soft to loud; one at least. Each is louder and brighter than the one before.
    pub(super) layers: Vec<Layer>,
}

/// A recorded key, struck with some force.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) recording: Recording,
    /// The frame where playing it begins.
    pub(super) begin: f64,
    /// Its level, in decibels below full scale.
    pub(super) level_db: f32,
    /// The velocity that is played by it alone.
    pub(super) velocity: f32,
    /// How alike it is to the next louder layer, from -1 to 1.
    pub(super) likeness: f32,
}

/// A layer before it is known whether it is kept.
struct Candidate {
    recording: Recording,
    begin: f64,
    head: Head,
    level_db: f32,
    brightness_hz: f32,
}

impl Key {
    /// Reads the samples of a key, from soft to loud, and cuts them after `most_secs`. Gives up when `stop` says so.
    pub(super) fn read(
        pitch: u8,
        files: &[PathBuf],
        most_secs: f64,
        stop: &dyn Fn() -> bool,
    ) -> Result<Self, SamplerError> {
        let mut planner = FftPlanner::new();
        let mut candidates: Vec<Candidate> = Vec::with_capacity(files.len());
        let mut lead = 0;
        let mut rate = None;
        // From the loudest, in which the stroke is plainest.
        for path in files.iter().rev() {
            if stop() {
                return Err(SamplerError::Cancelled);
            }
            let sound = read_sample(path, most_secs)?;
            if *rate.get_or_insert(sound.rate) != sound.rate {
                let reason = "its sample rate is not that of the key's other samples".to_owned();
                return Err(SamplerError::Unfit { path: path.clone(), reason });
            }
            let start = if let Some(louder) = candidates.last() {
                louder.head.start_of(&sound, first_above(&sound, 0.1) - lead, &mut planner)
            } else {
                let start = first_above(&sound, AUDIBLE) - (LEAD_SECS * f64::from(sound.rate)) as i64;
                lead = first_above(&sound, 0.1) - start;
                start
            };
            let head = Head::of(&sound, start);
            let silent = (SILENT_SECS * f64::from(sound.rate)) as i64;
            let begin = (first_above(&sound, AUDIBLE) - silent - start).max(0) as f64;
            candidates.push(Candidate {
                recording: Recording::cut(&sound, start, most_secs),
                begin,
                level_db: head.level_db(),
                brightness_hz: head.brightness_hz(f64::from(sound.rate), &mut planner),
                head,
            });
        }
        candidates.reverse();
        Ok(Self { pitch, layers: layers(candidates) })
    }

    /// The level of its loudest layer.
    pub(super) fn top_db(&self) -> f32 {
        self.layers.last().map_or(0.0, |layer| layer.level_db)
    }

    /// Frames a second of its samples.
    pub(super) fn rate(&self) -> f64 {
        self.layers.first().map_or(1.0, |layer| layer.recording.rate)
    }
}

/// Reads a sample and checks that there is something in it.
pub(super) fn read_sample(path: &Path, most_secs: f64) -> Result<Stereo, SamplerError> {
    // A little more, for what lies before the stroke.
    let sound = read_stereo(path, most_secs + 0.5)
        .map_err(|source| SamplerError::Sample { path: path.to_owned(), source })?;
    let unfit = |reason: String| SamplerError::Unfit { path: path.to_owned(), reason };
    if !(LOWEST_RATE_HZ..=HIGHEST_RATE_HZ).contains(&sound.rate) {
        let rate = sound.rate;
        return Err(unfit(format!(
            "it has {rate} samples a second, {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} are played"
        )));
    }
    let peak = sound.left.iter().chain(&sound.right).fold(0.0_f32, |peak, s| peak.max(s.abs()));
    if !sound.left.iter().chain(&sound.right).all(|s| s.is_finite()) {
        return Err(unfit("it holds numbers that are no sound".to_owned()));
    }
    if peak < 1e-6 { Err(unfit("it is silent".to_owned())) } else { Ok(sound) }
}

/// The layers that make louder and brighter at each step: as many as can be, the loudest among them.
fn layers(candidates: Vec<Candidate>) -> Vec<Layer> {
    let kept = rising(&candidates.iter().map(|c| (c.level_db, c.brightness_hz)).collect::<Vec<_>>());
    let top_db = candidates.last().map_or(0.0, |c| c.level_db);
    let heads: Vec<f32> = kept
        .iter()
        .zip(kept.iter().skip(1))
        .map(|(a, b)| candidates[*a].head.likeness(&candidates[*b].head))
        .collect();
    let mut likeness = heads.into_iter();
    let candidates = candidates.into_iter().enumerate().filter(|(k, _)| kept.contains(k));
    candidates
        .map(|(_, c)| Layer {
            recording: c.recording,
            begin: c.begin,
            level_db: c.level_db,
            velocity: curve::velocity_of(c.level_db - top_db),
            likeness: likeness.next().unwrap_or(1.0),
        })
        .collect()
}

/// The longest selection that rises in both values from one to the next and ends with the last, by indices.
fn rising(values: &[(f32, f32)]) -> Vec<usize> {
    let mut longest: Vec<Vec<usize>> = Vec::with_capacity(values.len());
    for (k, (level_db, brightness_hz)) in values.iter().enumerate() {
        let rises = |before: &&Vec<usize>| {
            before.last().and_then(|j| values.get(*j)).is_some_and(|(softer_db, darker_hz)| {
                *level_db > softer_db + LEAST_LOUDER_DB && *brightness_hz > darker_hz * LEAST_BRIGHTER
            })
        };
        let mut chain =
            longest.iter().filter(rises).max_by_key(|chain| chain.len()).cloned().unwrap_or_default();
        chain.push(k);
        longest.push(chain);
    }
    longest.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_that_are_not_louder_and_brighter_are_left_out() {
        let values = [(-30.0, 300.0), (-29.8, 310.0), (-25.0, 290.0), (-20.0, 400.0), (-15.0, 500.0)];
        assert_eq!(rising(&values).len(), 3);
        assert_eq!(rising(&values)[1..], [3, 4]);
        assert_eq!(rising(&[(-10.0, 500.0), (-12.0, 700.0)]), [1]);
        assert!(rising(&[]).is_empty());
    }
}
