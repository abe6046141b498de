//! MIDI ports that come and go.
#![allow(clippy::unwrap_used)]

use std::thread;
use std::time::{Duration, Instant};

use super::*;

/// A port that was opened and is there, or is gone by now.
struct Port {
    is_there: bool,
}

impl MidiPort for Port {
    fn send(&mut self, _: &[u8]) -> Result<(), String> {
        if self.is_there { Ok(()) } else { Err("it is off".to_owned()) }
    }

    fn is_connected(&mut self) -> bool {
        self.is_there
    }
}

/// A stand with a transport, on which a port was wanted.
fn wanting(port: &str) -> (Stand, PortWish) {
    let mut stand = Stand::new(OutputChoice::Silent);
    stand.sit_down();
    assert!(stand.set_midi_port(Some(port)).is_none(), "there is no transport yet");
    let wish = stand.set_piano(Piano::generated().unwrap()).unwrap();
    assert_eq!(wish.name, port);
    (stand, wish)
}

#[test]
fn a_port_that_cannot_be_opened_is_told_of_once_and_may_be_tried_again() {
    let (mut stand, wish) = wanting("Synth");
    assert!(stand.set_midi_port(Some("Synth")).is_none(), "another window wants the same");
    stand.connect(wish, Err("the MIDI port Synth is not connected".to_owned()));
    let lost = stand.take_lost_port().unwrap();
    assert_eq!((lost.name.as_str(), lost.why.as_str()), ("Synth", "the MIDI port Synth is not connected"));
    assert_eq!(stand.take_lost_port(), None);
    assert!(stand.set_midi_port(None).is_none(), "it is given up already");
    assert!(stand.set_midi_port(Some("Synth")).is_some());
}

#[test]
fn a_port_that_goes_away_is_told_of_once() {
    let (mut stand, wish) = wanting("Synth");
    stand.connect(wish, Ok(Box::new(Port { is_there: false })));
    let begin = Instant::now();
    let lost = loop {
        if let Some(lost) = stand.take_lost_port() {
            break lost;
        }
        assert!(begin.elapsed() < Duration::from_secs(20), "it is never missed");
        thread::sleep(Duration::from_millis(10));
    };
    assert!(lost.name == "Synth" && lost.why.contains("was lost"), "{lost:?}");
    thread::sleep(Duration::from_millis(50));
    assert_eq!(stand.take_lost_port(), None);
}

#[test]
fn only_the_last_port_that_is_wanted_counts() {
    let (mut stand, first) = wanting("Synth");
    let second = stand.set_midi_port(Some("Digital piano")).unwrap();
    stand.connect(second, Ok(Box::new(Port { is_there: true })));
    stand.connect(first, Err("the MIDI port Synth is not connected".to_owned()));
    assert_eq!(stand.take_lost_port(), None, "nobody waits for it any more");
}
