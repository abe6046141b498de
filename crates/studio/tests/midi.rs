//! Notes for one's own instrument: the port is chosen, kept, and given up when it is lost.
#![allow(clippy::unwrap_used)]

mod support;

use protocol::{Command, Level, Settings};
use studio::playback::LostPort;
use support::Harness;

fn with_port(name: &str) -> Command {
    Command::Settings(Settings { midi_port: Some(name.to_owned()), ..Settings::default() })
}

fn chosen_port(harness: &Harness) -> Option<String> {
    harness.playback.0.lock().unwrap().midi_port.clone()
}

/// The playback finds that a port is lost.
fn lose(harness: &Harness, name: &str) {
    let why = format!("the MIDI port {name} was lost: it is off");
    harness.playback.0.lock().unwrap().lost_port = Some(LostPort { name: name.to_owned(), why });
}

#[test]
fn a_port_is_chosen_and_used_the_next_time_too() {
    let mut harness = Harness::new();
    assert_eq!(harness.face.settings.midi_ports, Vec::<String>::new());
    harness.ask(Command::FindMidiPorts);
    assert_eq!(harness.face.settings.midi_ports, ["Digital piano", "Synth"]);
    harness.ask(with_port("Synth"));
    assert_eq!(chosen_port(&harness).as_deref(), Some("Synth"));
    let folder = harness.folder.clone();
    drop(harness);
    let mut harness = Harness::in_folder(folder);
    assert_eq!(chosen_port(&harness).as_deref(), Some("Synth"));
    harness.ask(Command::Settings(Settings::default()));
    assert_eq!(chosen_port(&harness), None);
}

#[test]
fn the_piano_plays_again_when_the_port_is_lost() {
    let mut harness = Harness::new();
    harness.ask(with_port("Synth"));
    lose(&harness, "Synth");
    harness
        .until(|_, event| matches!(event, protocol::Event::Message(m) if m.text.contains("Synth was lost")));
    harness.settle();
    assert_eq!(harness.last_message().level, Level::Warning);
    assert_eq!(chosen_port(&harness), None);
    assert_eq!(harness.face.settings.settings.midi_port, None);
    let folder = harness.folder.clone();
    drop(harness);
    assert_eq!(chosen_port(&Harness::in_folder(folder)), None, "nor is it looked for the next time");
}

#[test]
fn a_port_that_is_lost_is_told_of_once_and_takes_no_other_port_along() {
    let mut harness = Harness::new();
    harness.ask(with_port("Synth"));
    lose(&harness, "Digital piano");
    harness
        .until(|_, event| matches!(event, protocol::Event::Message(m) if m.text.contains("piano was lost")));
    harness.settle();
    assert_eq!(chosen_port(&harness).as_deref(), Some("Synth"));
    assert_eq!(harness.face.settings.settings.midi_port.as_deref(), Some("Synth"));
    harness.ask(Command::Audition(60, 64));
    harness.ask(Command::Audition(62, 64));
    let told = harness.face.messages.iter().filter(|m| m.text.contains("was lost")).count();
    assert_eq!(told, 1);
}
