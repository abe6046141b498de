//! Notes for one's own instrument: the port is chosen, kept, and given up when it is lost.
#![allow(clippy::unwrap_used)]

mod support;

use protocol::{Command, Level, Settings};
use studio::playback::LostPort;
use support::Desk;

fn with_port(name: &str) -> Command {
    Command::Settings(Settings { midi_port: Some(name.to_owned()), ..Settings::default() })
}

fn told_port(desk: &Desk) -> Option<String> {
    desk.playback.0.lock().unwrap().midi_port.clone()
}

/// The playback finds that a port is lost.
fn lose(desk: &Desk, name: &str) {
    let why = format!("the MIDI port {name} was lost: it is off");
    desk.playback.0.lock().unwrap().lost_port = Some(LostPort { name: name.to_owned(), why });
}

#[test]
fn a_port_is_chosen_and_used_the_next_time_too() {
    let mut desk = Desk::new();
    assert_eq!(desk.face.settings.midi_ports, Vec::<String>::new());
    desk.ask(Command::FindMidiPorts);
    assert_eq!(desk.face.settings.midi_ports, ["Digital piano", "Synth"]);
    desk.ask(with_port("Synth"));
    assert_eq!(told_port(&desk).as_deref(), Some("Synth"));
    let folder = desk.folder.clone();
    drop(desk);
    let mut desk = Desk::in_folder(folder);
    assert_eq!(told_port(&desk).as_deref(), Some("Synth"));
    desk.ask(Command::Settings(Settings::default()));
    assert_eq!(told_port(&desk), None);
}

#[test]
fn the_piano_plays_again_when_the_port_is_lost() {
    let mut desk = Desk::new();
    desk.ask(with_port("Synth"));
    lose(&desk, "Synth");
    desk.until(|_, event| matches!(event, protocol::Event::Message(m) if m.text.contains("Synth was lost")));
    desk.settle();
    assert_eq!(desk.last_message().level, Level::Warning);
    assert_eq!(told_port(&desk), None);
    assert_eq!(desk.face.settings.settings.midi_port, None);
    let folder = desk.folder.clone();
    drop(desk);
    assert_eq!(told_port(&Desk::in_folder(folder)), None, "nor is it looked for the next time");
}

#[test]
fn a_port_that_is_lost_is_told_of_once_and_takes_no_other_port_along() {
    let mut desk = Desk::new();
    desk.ask(with_port("Synth"));
    lose(&desk, "Digital piano");
    desk.until(|_, event| matches!(event, protocol::Event::Message(m) if m.text.contains("piano was lost")));
    desk.settle();
    assert_eq!(told_port(&desk).as_deref(), Some("Synth"));
    assert_eq!(desk.face.settings.settings.midi_port.as_deref(), Some("Synth"));
    desk.ask(Command::Audition(60, 64));
    desk.ask(Command::Audition(62, 64));
    let told = desk.face.messages.iter().filter(|m| m.text.contains("was lost")).count();
    assert_eq!(told, 1);
}
