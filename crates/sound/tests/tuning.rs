//! The generated piano is in tune, by the spectrum of what it plays.
#![allow(clippy::unwrap_used)]

#[path = "common/spectrum.rs"]
mod spectrum;

use std::ops::ControlFlow;

use sound::{Events, Piano, SoundEvent, SoundEventKind};
use spectrum::line_hz;

#[test]
fn every_sampled_and_transposed_key_is_within_3_cents() {
    let piano = Piano::generated().unwrap();
    for sample_rate in [44_100, 48_000] {
        for key in [33_u8, 45, 51, 52, 57, 60, 61, 62, 63, 69, 72, 81, 93, 105] {
            let events = [
                SoundEvent { time_secs: 0.0, kind: SoundEventKind::NoteOn { pitch: key, velocity: 80 } },
                SoundEvent { time_secs: 4.0, kind: SoundEventKind::NoteOff { pitch: key } },
            ];
            let audio = sound::render(&Events::new(events.to_vec()), &piano, sample_rate, &mut |_| {
                ControlFlow::Continue(())
            })
            .unwrap();
            let seconds = if key < 90 { 3 } else { 1 };
            let left: Vec<f32> = audio
                .samples
                .iter()
                .step_by(2)
                .skip(2_000)
                .take(seconds * sample_rate as usize)
                .copied()
                .collect();
            let expected = 440.0 * ((f64::from(key) - 69.0) / 12.0).exp2();
            let cents = 1200.0 * (line_hz(&left, f64::from(sample_rate), expected) / expected).log2();
            assert!(cents.abs() < 3.0, "key {key} is {cents:.2} cents off");
        }
    }
}
