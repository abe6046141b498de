#![allow(clippy::unwrap_used)]

use super::*;
use crate::decode::Stereo;
use crate::format::BLOCK_FRAMES;
use crate::sampler::key::{Key, Layer};
use crate::sampler::recording::Recording;

const RATE_HZ: u32 = 44_100;

/// A tone that dies away by so many nepers a second, as it would be recorded.
fn tone(hertz: f32, nepers_a_sec: f32, secs: f32) -> Recording {
    let at = |k: u32| {
        let secs = k as f32 / RATE_HZ as f32;
        0.5 * (-nepers_a_sec * secs).exp() * (std::f32::consts::TAU * (hertz * secs).fract()).sin()
    };
    let left: Vec<f32> = (0..(secs * RATE_HZ as f32) as u32).map(at).collect();
    Recording::cut(&Stereo { rate: RATE_HZ, right: left.clone(), left }, 0, 15.0)
}

/// A piano of one key, whose coming up sounds on for a while.
fn piano(pitch: u8) -> Box<dyn Instrument> {
    let hertz = 440.0 * ((f32::from(pitch) - 69.0) / 12.0).exp2();
    let recording = tone(hertz, 1.0, 3.0);
    let layer = Layer { recording, begin: 0.0, level_db: -12.0, velocity: 127.0, likeness: 1.0 };
    let releases = vec![(pitch, tone(290.0, 2.0, 2.0))];
    let samples = Samples::new(vec![Key { pitch, layers: vec![layer] }], releases);
    SampledFactory { samples: Arc::new(samples) }.open(RATE_HZ, 16).unwrap()
}

/// The level of so many blocks, in decibels.
fn level_db(instrument: &mut dyn Instrument, blocks: usize) -> f64 {
    let mut power = 0.0;
    for _ in 0..blocks {
        let mut block: Block = [0.0; 2 * BLOCK_FRAMES];
        instrument.render(&mut block);
        power += block.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    }
    10.0 * power.max(1e-15).log10()
}

/// Where the damper takes a high note away at once, the sound of the key that comes up is what is left of it: a pedal
/// that is a little down must not leave less than none.
#[test]
fn the_deeper_the_pedal_the_more_of_a_high_note_is_left() {
    // A twentieth of a second.
    const MOMENT: usize = 34;
    for pitch in [72, 84] {
        let lost_db = |value: u8| {
            let mut instrument = piano(pitch);
            instrument.sustain(value);
            instrument.note_on(pitch, 80);
            level_db(&mut *instrument, 9 * MOMENT);
            let before = level_db(&mut *instrument, MOMENT);
            instrument.note_off(pitch);
            level_db(&mut *instrument, 4 * MOMENT);
            before - level_db(&mut *instrument, MOMENT)
        };
        let lost: Vec<f64> = (0..=127).step_by(4).map(lost_db).collect();
        assert!(lost[0] > 25.0 && lost.last().is_some_and(|lost| *lost < 5.0), "key {pitch}: {lost:?}");
        let mut least = f64::INFINITY;
        for lost_now in &lost {
            assert!(*lost_now < least + 0.02, "key {pitch}: {lost:?}");
            least = least.min(*lost_now);
        }
    }
}
