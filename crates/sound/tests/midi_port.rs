//! A MIDI port of the system, where there is one.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use midir::MidiInput;
use midir::os::unix::VirtualInput;
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
