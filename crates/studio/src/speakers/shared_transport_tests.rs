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

/// A shared transport and the request for a port.
fn requesting(port: &str) -> (SharedTransport, PortRequest) {
    let mut shared = SharedTransport::new(OutputChoice::Silent);
    shared.add_client();
    assert!(shared.set_midi_port(Some(port)).is_none(), "there is no transport yet");
    let request = shared.set_piano(Piano::generated().unwrap()).unwrap();
    assert_eq!(request.name, port);
    (shared, request)
}

#[test]
fn a_port_that_cannot_be_opened_is_reported_once_and_may_be_tried_again() {
    let (mut shared, request) = requesting("Synth");
    assert!(shared.set_midi_port(Some("Synth")).is_none(), "another window requests the same");
    shared.connect(request, Err("the MIDI port Synth is not connected".to_owned()));
    let lost = shared.take_lost_port().unwrap();
    assert_eq!((lost.name.as_str(), lost.why.as_str()), ("Synth", "the MIDI port Synth is not connected"));
    assert_eq!(shared.take_lost_port(), None);
    assert!(shared.set_midi_port(None).is_none(), "it is given up already");
    assert!(shared.set_midi_port(Some("Synth")).is_some());
}

#[test]
fn a_port_that_goes_away_is_reported_once() {
    let (mut shared, request) = requesting("Synth");
    shared.connect(request, Ok(Box::new(Port { is_there: false })));
    let begin = Instant::now();
    let lost = loop {
        if let Some(lost) = shared.take_lost_port() {
            break lost;
        }
        assert!(begin.elapsed() < Duration::from_secs(20), "it is never missed");
        thread::sleep(Duration::from_millis(10));
    };
    assert!(lost.name == "Synth" && lost.why.contains("was lost"), "{lost:?}");
    thread::sleep(Duration::from_millis(50));
    assert_eq!(shared.take_lost_port(), None);
}

#[test]
fn only_the_last_port_that_is_requested_counts() {
    let (mut shared, first) = requesting("Synth");
    let second = shared.set_midi_port(Some("Digital piano")).unwrap();
    shared.connect(second, Ok(Box::new(Port { is_there: true })));
    shared.connect(first, Err("the MIDI port Synth is not connected".to_owned()));
    assert_eq!(shared.take_lost_port(), None, "it is not requested any more");
}
