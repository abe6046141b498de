//! Where keyboards are plugged in.

use std::any::Any;

use midir::{Ignore, MidiInput};

use crate::midi_port::{CLIENT, named_ports, no_midi};
use crate::quiet::quiet;

/// Called for every message, with its stamp in microseconds since a moment that stays the same as long as the
/// connection lasts.
pub type Hear = Box<dyn FnMut(u64, &[u8]) + Send>;

/// The keyboards there are, and connections to them; tests bring their own.
pub trait KeyboardPorts: Send {
    /// Their names, each once.
    ///
    /// # Errors
    /// The system has no MIDI; in words.
    fn names(&mut self) -> Result<Vec<String>, String>;

    /// Connects to one; until what is returned is dropped its messages are heard, on a thread of the system.
    ///
    /// # Errors
    /// It is not there or does not let itself be used; in words that name it.
    fn open(&mut self, name: &str, hear: Hear) -> Result<Box<dyn Any>, String>;
}

/// The keyboards of the system.
#[derive(Default)]
pub struct SystemKeyboards {
    /// Lists them.
    list: Option<MidiInput>,
}

/// The names of the MIDI keyboards that are connected, and of programs that send notes.
///
/// # Errors
/// The system has no MIDI; in words.
pub fn keyboards() -> Result<Vec<String>, String> {
    SystemKeyboards::default().names()
}

impl KeyboardPorts for SystemKeyboards {
    fn names(&mut self) -> Result<Vec<String>, String> {
        let input = match self.list.take() {
            Some(input) => input,
            None => client()?,
        };
        let names =
            named_ports(&input).into_iter().map(|(name, _)| name).filter(|name| !is_ours(name)).collect();
        self.list = Some(input);
        Ok(names)
    }

    fn open(&mut self, name: &str, mut hear: Hear) -> Result<Box<dyn Any>, String> {
        let mut input = client()?;
        input.ignore(Ignore::All);
        let port = named_ports(&input).into_iter().find(|(found, _)| found == name).map(|(_, port)| port);
        let port = port.ok_or_else(|| format!("the MIDI keyboard {name} is not connected"))?;
        let called = move |stamp: u64, message: &[u8], _: &mut ()| hear(stamp, message);
        let connection = input.connect(&port, "in", called, ());
        Ok(Box::new(connection.map_err(|e| format!("the MIDI keyboard {name} cannot be used ({e})"))?))
    }
}

fn client() -> Result<MidiInput, String> {
    quiet();
    MidiInput::new(CLIENT).map_err(no_midi)
}

/// Whether a port is one that we send notes from.
fn is_ours(name: &str) -> bool {
    name.strip_prefix(CLIENT).is_some_and(|rest| rest.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_send_ourselves_is_no_keyboard() {
        assert!(is_ours("Espressivo:out"));
        assert!(!is_ours("Espressivo test:out"));
        assert!(!is_ours("Digital Piano:Digital Piano MIDI 1"));
    }
}
