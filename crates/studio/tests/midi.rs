//! Notes for one's own instrument: the port is chosen, kept, and given up when it is lost.
#![allow(clippy::unwrap_used)]

mod support;

use protocol::{Command, Level, Settings};
use support::Desk;

fn with_port(name: &str) -> Command {
    Command::Settings(Settings { midi_port: Some(name.to_owned()), ..Settings::default() })
}

fn told_port(desk: &Desk) -> Option<String> {
    desk.player.0.lock().unwrap().midi_port.clone()
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
    desk.player.0.lock().unwrap().lost_port = Some("the MIDI port Synth was lost: it is off".to_owned());
    desk.until(|_, event| matches!(event, protocol::Event::Message(m) if m.text.contains("Synth was lost")));
    desk.settle();
    assert_eq!(desk.last_message().level, Level::Warning);
    assert_eq!(told_port(&desk), None);
    assert_eq!(desk.face.settings.settings.midi_port, None);
    let folder = desk.folder.clone();
    drop(desk);
    assert_eq!(told_port(&Desk::in_folder(folder)), None, "nor is it looked for the next time");
}
