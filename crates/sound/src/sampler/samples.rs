//! A sampled piano in memory.

use super::curve;
use super::key::Key;
use super::recording::Recording;
use crate::sinc::Sinc;

/// How much darker the softest layer becomes below its own velocity, in decibels a velocity, and at most.
const DARKER_DB: f32 = 0.4;
const DARKEST_DB: f32 = 18.0;

/// All samples of a piano, and what is known of them.
#[derive(Debug)]
pub(super) struct Samples {
    /// The recorded keys by pitch, one at least.
    pub(super) keys: Vec<Key>,
    /// The sounds of keys that come up, by pitch.
    pub(super) releases: Vec<(u8, Recording)>,
    pub(super) sinc: Sinc,
    /// For each MIDI pitch the nearest recorded key.
    nearest: Vec<usize>,
    /// For each MIDI pitch the level of its loudest note, in decibels.
    tops_db: Vec<f32>,
}

/// What a note is made of: one layer, or two neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Blend {
    /// Index of the softer layer, and its factor.
    pub(super) softer: (usize, f32),
    /// Index of the louder layer, and its factor; the same index and 0 where one is enough.
    pub(super) louder: (usize, f32),
    /// Factor for what lies above the lowest partials, at most 1.
    pub(super) shelf: f32,
}

impl Samples {
    /// Of at least one key, ordered by pitch.
    pub(super) fn new(keys: Vec<Key>, releases: Vec<(u8, Recording)>) -> Self {
        let distance = |key: &Key, pitch: u8| key.pitch.abs_diff(pitch);
        let nearest = (0..128).map(|pitch| {
            let nearest = keys.iter().enumerate().min_by_key(|(_, key)| distance(key, pitch));
            nearest.map_or(0, |(index, _)| index)
        });
        let nearest: Vec<usize> = nearest.collect();
        let tops_db = tops(&keys);
        Self { keys, releases, sinc: Sinc::new(), nearest, tops_db }
    }

    /// The index of the recorded key that plays a pitch.
    pub(super) fn key_of(&self, pitch: u8) -> usize {
        self.nearest.get(usize::from(pitch)).copied().unwrap_or(0)
    }

    /// The sound of a key that comes up: its own, or that of a key no more than two semitones away.
    pub(super) fn release_of(&self, pitch: u8) -> Option<usize> {
        let near = self.releases.iter().enumerate().filter(|(_, (key, _))| key.abs_diff(pitch) <= 2);
        near.min_by_key(|(_, (key, _))| key.abs_diff(pitch)).map(|(index, _)| index)
    }

    /// How a pitch is played at a velocity. Its level lies on the curve, whatever the layers' levels.
    pub(super) fn blend(&self, pitch: u8, velocity: f32) -> Blend {
        let layers = self.keys.get(self.key_of(pitch)).map_or(&[][..], |key| key.layers.as_slice());
        let target_db =
            self.tops_db.get(usize::from(pitch)).copied().unwrap_or(0.0) + curve::level_db(velocity);
        let gain = |k: usize| layers.get(k).map_or(0.0, |layer| decibels(target_db - layer.level_db));
        let above = layers.partition_point(|layer| layer.velocity < velocity);
        if above == 0 || above >= layers.len() {
            let only = if above == 0 { 0 } else { layers.len().saturating_sub(1) };
            let below = layers.first().map_or(0.0, |layer| (layer.velocity - velocity).max(0.0));
            let darker_db = DARKEST_DB * (1.0 - (-DARKER_DB * below / DARKEST_DB).exp());
            return Blend { softer: (only, gain(only)), louder: (only, 0.0), shelf: decibels(-darker_db) };
        }
        let (softer, louder) = (&layers[above - 1], &layers[above]);
        let share = (velocity - softer.velocity) / (louder.velocity - softer.velocity).max(1e-3);
        let (b, a) = (std::f32::consts::FRAC_PI_2 * share.clamp(0.0, 1.0)).sin_cos();
        // As loud as each of them alone, as alike as they are.
        let size = (1.0 + 2.0 * softer.likeness * a * b).max(0.05).sqrt();
        let factors = (gain(above - 1) * a / size, gain(above) * b / size);
        Blend { softer: (above - 1, factors.0), louder: (above, factors.1), shelf: 1.0 }
    }

    /// Memory that the samples take, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let layers = self.keys.iter().flat_map(|key| &key.layers).map(|layer| layer.recording.bytes());
        layers.sum::<u64>() + self.releases.iter().map(|(_, recording)| recording.bytes()).sum::<u64>()
    }
}

/// The factor of a difference in level.
pub(super) fn decibels(db: f32) -> f32 {
    10_f32.powf(db / 20.0)
}

/// The level of each pitch's loudest note: those of the recorded keys, evened out a little among neighbours,
/// and along a straight line between them.
fn tops(keys: &[Key]) -> Vec<f32> {
    let at = |k: usize| keys[k].top_db();
    let last = keys.len().saturating_sub(1);
    let even: Vec<f32> = (0..keys.len())
        .map(|k| 0.25 * at(k.saturating_sub(1)) + 0.5 * at(k) + 0.25 * at((k + 1).min(last)))
        .collect();
    let top = |pitch: u8| {
        let above = keys.partition_point(|key| key.pitch < pitch);
        let (below, above) = (above.saturating_sub(1).min(last), above.min(last));
        let (Some(low), Some(high)) = (keys.get(below), keys.get(above)) else { return 0.0 };
        let width = f32::from(high.pitch) - f32::from(low.pitch);
        let share = if width > 0.0 {
            ((f32::from(pitch) - f32::from(low.pitch)) / width).clamp(0.0, 1.0)
        } else {
            0.0
        };
        even[below] + share * (even[above] - even[below])
    };
    (0..128).map(top).collect()
}
