#![allow(clippy::unwrap_used)]

use std::f32::consts::TAU;

use super::*;

const RATE: u32 = 48_000;

fn tone(hertz: f32, secs: f32) -> Stereo {
    let count = (secs * RATE as f32) as usize;
    let at = |k: usize| 0.5 * (TAU * ((f64::from(hertz) * k as f64 / f64::from(RATE)).fract() as f32)).sin();
    let left: Vec<f32> = (0..count).map(at).collect();
    Stereo { rate: RATE, right: left.iter().map(|s| -0.5 * s).collect(), left }
}

#[test]
fn all_stages_hold_the_same_sound() {
    let sound = tone(441.0, 6.0);
    let recording = Recording::cut(&sound, 0, 15.0);
    for stage in 0..3 {
        let bounds = Bounds::of(stage, f64::from(RATE));
        let (mut left, mut right) = ([0.0; 64], [0.0; 64]);
        recording.add_to(stage, 100, 1.0, &mut left, &mut right);
        for (k, (l, r)) in left.iter().zip(&right).enumerate() {
            let frame = bounds.origin as usize + (100 + k) * bounds.factor as usize;
            assert!((l - sound.left[frame]).abs() < 1.5e-3, "stage {stage}: {l} at {frame}");
            assert!((r - sound.right[frame]).abs() < 1.5e-3, "stage {stage}: {r} at {frame}");
        }
    }
    assert!(recording.bytes() as f64 <= Recording::most_bytes(6.0, f64::from(RATE)) + 64.0);
}

#[test]
fn nothing_is_added_outside() {
    let recording = Recording::cut(&tone(441.0, 1.0), 0, 15.0);
    let (mut left, mut right) = ([0.0; 64], [0.0; 64]);
    recording.add_to(0, -64, 1.0, &mut left, &mut right);
    recording.add_to(0, 48_000, 1.0, &mut left, &mut right);
    recording.add_to(1, 0, 1.0, &mut left, &mut right);
    recording.add_to(2, i64::MAX, 1.0, &mut left, &mut right);
    assert!(left.iter().chain(&right).all(|s| *s == 0.0));
}

#[test]
fn it_begins_and_ends_in_silence_and_is_cut_where_it_is_silent() {
    let mut sound = tone(441.0, 2.0);
    sound.left[48_000..].fill(0.0);
    sound.right[48_000..].fill(0.0);
    let recording = Recording::cut(&sound, -100, 15.0);
    assert!((recording.frames - 48_100.0).abs() < 3.0, "{}", recording.frames);
    // The first sample of the tone is 0, too.
    let (mut left, mut right) = ([0.0; 101], [0.0; 101]);
    recording.add_to(0, 0, 1.0, &mut left, &mut right);
    assert!(left.iter().chain(&right).all(|s| s.abs() < 1e-3));
    let (mut left, mut right) = ([0.0; 4], [0.0; 4]);
    recording.add_to(0, recording.frames as i64 - 4, 1.0, &mut left, &mut right);
    assert!(left.iter().chain(&right).all(|s| s.abs() < 1e-3), "{left:?}");
    assert!(recording.rest(0.0) > 0.45 && recording.rest(50_000.0) == 0.0);
    assert!(Recording::cut(&tone(441.0, 6.0), 0, 2.0).frames <= 96_000.0);
}
