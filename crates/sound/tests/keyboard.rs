//! What a person plays on a keyboard is heard through the transport.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/plug.rs"]
mod plug;

use common::{Harness, arc, on, ticks, track};
use plug::Plug;
use sound::transport::PlayState;

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, s| s.abs().max(peak))
}

/// The peak of the next seconds.
fn heard(harness: &mut Harness, secs: f64) -> f32 {
    let start = harness.heard.len();
    harness.pass(secs);
    peak(&harness.heard[start..])
}

#[test]
fn a_key_is_heard_with_the_next_buffer_and_held_by_the_pedal() {
    let mut harness = Harness::new();
    let plug = Plug::default();
    let keyboard = plug.start(&harness.transport);
    assert_eq!(heard(&mut harness, 0.1), 0.0);
    plug.send(&[0x90, 60, 100]);
    assert!(heard(&mut harness, 0.01) > 0.01);
    assert_eq!(harness.status().state, PlayState::Stopped, "the transport rests");
    plug.send(&[0xb0, 64, 100]);
    plug.send(&[0x80, 60, 64]);
    let held = heard(&mut harness, 0.8);
    let held = peak(&harness.heard[harness.heard.len() - 4800..]).min(held);
    plug.send(&[0xb0, 64, 0]);
    heard(&mut harness, 1.0);
    let released = heard(&mut harness, 0.1);
    assert!(held > 0.003 && released < 0.1 * held, "{held} held, {released} released");

    plug.send(&[0x90, 62, 100]);
    heard(&mut harness, 0.1);
    keyboard.set_thru(false);
    heard(&mut harness, 1.5);
    assert!(heard(&mut harness, 0.1) < 0.002, "what is down comes up");
    plug.send(&[0x90, 64, 100]);
    assert!(heard(&mut harness, 0.1) < 0.002, "and keys are silent");
    keyboard.set_thru(true);
    plug.send(&[0x90, 65, 100]);
    assert!(heard(&mut harness, 0.05) > 0.01);
    drop(keyboard);
    heard(&mut harness, 1.5);
    assert!(heard(&mut harness, 0.1) < 0.002, "no key stays down when nobody listens any more");
}

#[test]
fn a_version_can_be_hushed_while_the_metronome_and_the_keyboard_are_heard() {
    let mut harness = Harness::new();
    let plug = Plug::default();
    let _keyboard = plug.start(&harness.transport);
    harness.transport.load(1, arc(ticks(16, 0.5)));
    harness.transport.listen(1);
    harness.transport.set_hushed(true);
    // What sounds fades out.
    heard(&mut harness, 0.1);
    harness.transport.play();
    assert_eq!(heard(&mut harness, 1.0), 0.0);
    assert!(harness.status().position_quarters > 1.5, "time passes in its tempo");
    plug.send(&[0x90, 60, 100]);
    assert!(heard(&mut harness, 0.02) > 0.01);
    plug.send(&[0x80, 60, 64]);
    heard(&mut harness, 1.5);
    harness.transport.set_metronome(true);
    assert!(heard(&mut harness, 0.6) > 0.05, "the metronome is heard");
    harness.transport.set_metronome(false);
    harness.transport.set_hushed(false);
    assert!(heard(&mut harness, 0.6) > 0.05);
}

#[test]
fn another_piano_plays_the_keys_too() {
    let mut harness = Harness::new();
    let plug = Plug::default();
    let _keyboard = plug.start(&harness.transport);
    harness.transport.load(1, arc(track(vec![on(0.0, 60, 1)], 4, 0.5)));
    plug.send(&[0x90, 60, 100]);
    heard(&mut harness, 0.2);
    harness.transport.set_piano(common::PIANO.clone());
    heard(&mut harness, 0.1);
    plug.send(&[0x90, 72, 100]);
    assert!(heard(&mut harness, 0.02) > 0.01);
}
