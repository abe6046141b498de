//! A MIDI port of the system, where there is one.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use midir::os::unix::{VirtualInput, VirtualOutput};
use midir::{MidiInput, MidiOutput};
use sound::Keyboard;
use sound::keyboard::{KeyAction, KeyboardState, SystemKeyboards, keyboards};
use sound::transport::{OutputChoice, Transport};
use sound::{midi_ports, open_midi_port};

mod common;

/// Run it where the system has MIDI: `cargo test -p sound --test midi_port -- --ignored`.
#[test]
#[ignore = "needs the MIDI of a system"]
fn another_program_hears_the_notes_in_time_on_demand() {
    let (sender, heard) = channel();
    let hear = move |_: u64, message: &[u8], _: &mut ()| {
        sender.send((Instant::now(), message.to_vec())).ok();
    };
    let input = MidiInput::new("Espressivo test").unwrap().create_virtual("in", hear, ()).unwrap();
    let name = midi_ports().unwrap().into_iter().find(|name| name.contains("Espressivo test")).unwrap();
    let transport = Transport::start(common::PIANO.clone(), OutputChoice::Silent);
    transport.load(1, Arc::new(common::ticks(16, 0.25)));
    transport.listen(1);
    transport.set_midi(Some((name.clone(), open_midi_port(&name).unwrap())));
    transport.play();
    let strikes: Vec<Instant> = std::iter::from_fn(|| heard.recv_timeout(Duration::from_secs(5)).ok())
        .filter(|(_, message)| message[0] == 0x90)
        .map(|(at, _)| at)
        .take(8)
        .collect();
    for (k, at) in strikes.iter().enumerate() {
        let off = (*at - strikes[0]).abs_diff(Duration::from_millis(250 * k as u64));
        assert!(off < Duration::from_millis(5), "note {k} is {off:?} off");
    }
    drop(input);
    assert!(open_midi_port(&name).is_err(), "the port is gone");
}

fn wait_for(keyboard: &Keyboard, is_it: impl Fn(&KeyboardState) -> bool) {
    let begin = Instant::now();
    while !is_it(&keyboard.state()) {
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", keyboard.state());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[ignore = "needs the MIDI of a system"]
fn a_keyboard_is_listened_to_in_time_and_may_be_unplugged_on_demand() {
    let mut output = MidiOutput::new("Espressivo keys").unwrap().create_virtual("out").unwrap();
    let name = keyboards().unwrap().into_iter().find(|name| name.contains("Espressivo keys")).unwrap();
    let transport = Transport::start(common::PIANO.clone(), OutputChoice::Silent);
    transport.load(1, Arc::new(common::ticks(16, 0.25)));
    transport.listen(1);
    let keyboard = Keyboard::start(&name, Box::new(SystemKeyboards::default()), &transport);
    wait_for(&keyboard, |state| *state == KeyboardState::Connected);
    keyboard.record(true);
    transport.play();
    std::thread::sleep(Duration::from_millis(300));
    let begin = Instant::now();
    for k in 0..8 {
        std::thread::sleep(
            (begin + Duration::from_millis(100 * k)).saturating_duration_since(Instant::now()),
        );
        output.send(&[0x90, 60 + k as u8, 80]).unwrap();
    }
    std::thread::sleep(Duration::from_millis(100));
    let played = keyboard.played();
    assert_eq!(played.len(), 8, "{played:?}");
    let first = played[0].heard.expect("something was heard");
    for (k, key) in played.iter().enumerate() {
        assert_eq!(key.action, KeyAction::Down { pitch: 60 + k as u8, velocity: 80 });
        let (late_secs, heard) = (key.at_secs - played[0].at_secs - 0.1 * k as f64, key.heard.unwrap());
        assert!(late_secs.abs() < 0.005, "key {k} is {late_secs} s off");
        assert!((heard.secs - first.secs - 0.1 * k as f64).abs() < 0.005, "key {k}: {heard:?}");
    }
    drop(output);
    wait_for(&keyboard, |state| matches!(state, KeyboardState::Missing { .. }));
    assert!(keyboard.take_lost().unwrap().contains(&name));
}
