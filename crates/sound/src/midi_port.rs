//! MIDI ports: other instruments and programs that take notes instead of sound.

use midir::{InitError, MidiIO, MidiOutput, MidiOutputConnection};

use crate::quiet::quiet;

/// Our name among the system's MIDI programs.
pub(crate) const CLIENT: &str = "Espressivo";

/// Something that takes MIDI messages.
pub trait MidiPort: Send {
    /// Sends one message at once. The error is the reason why the port is of no use any more.
    fn send(&mut self, message: &[u8]) -> Result<(), String>;

    /// Whether it is still connected. Systems do not report a lost connection when something is sent; this
    /// is called now and then while nothing is due, since it may take a while.
    fn is_connected(&mut self) -> bool;
}

/// The names of all ports that take notes, each once.
///
/// # Errors
/// The system has no MIDI; in words.
pub fn midi_ports() -> Result<Vec<String>, String> {
    Ok(named_ports(&client()?).into_iter().map(|(name, _)| name).collect())
}

/// Connects to a port by its name in [`midi_ports`].
///
/// # Errors
/// The port is not there or does not let itself be used; in words.
pub fn open_midi_port(name: &str) -> Result<Box<dyn MidiPort>, String> {
    let (output, list) = (client()?, client()?);
    let port = named_ports(&output).into_iter().find(|(found, _)| found == name).map(|(_, port)| port);
    let port = port.ok_or_else(|| format!("the MIDI port {name} is not connected"))?;
    let connection =
        output.connect(&port, "out").map_err(|e| format!("the MIDI port {name} cannot be used ({e})"))?;
    Ok(Box::new(SystemPort { name: name.to_owned(), connection, list }))
}

fn client() -> Result<MidiOutput, String> {
    quiet();
    MidiOutput::new(CLIENT).map_err(no_midi)
}

/// Why there are no ports, in words.
pub(crate) fn no_midi(error: InitError) -> String {
    format!("the system has no MIDI ({error})")
}

/// The ports of one direction, each with a name that no other has.
pub(crate) fn named_ports<T: MidiIO>(client: &T) -> Vec<(String, T::Port)> {
    let mut named: Vec<(String, T::Port)> = Vec::new();
    for port in client.ports() {
        let Ok(name) = client.port_name(&port) else { continue };
        let name = without_address(&name).to_owned();
        let same = named.iter().filter(|(other, _)| *other == name).count();
        let name = if same == 0 { name } else { format!("{name} ({})", same + 1) };
        named.push((name, port));
    }
    named
}

/// A name without the numbers that ALSA puts behind it (` 128:0`), which change from day to day.
fn without_address(name: &str) -> &str {
    let is_address = |text: &str| {
        let is_number = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
        text.split_once(':').is_some_and(|(client, port)| is_number(client) && is_number(port))
    };
    match name.rsplit_once(' ') {
        Some((name, address)) if is_address(address) => name.trim_end(),
        _ => name,
    }
}

/// A port of the system.
struct SystemPort {
    name: String,
    connection: MidiOutputConnection,
    /// Lists the ports, to see whether this one is still among them.
    list: MidiOutput,
}

impl MidiPort for SystemPort {
    fn send(&mut self, message: &[u8]) -> Result<(), String> {
        self.connection.send(message).map_err(|e| e.to_string())
    }

    fn is_connected(&mut self) -> bool {
        named_ports(&self.list).iter().any(|(name, _)| *name == self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_without_addresses() {
        assert_eq!(without_address("Synth:input 128:0"), "Synth:input");
        assert_eq!(without_address("Digital Piano"), "Digital Piano");
        assert_eq!(without_address("Port 12:a"), "Port 12:a");
        assert_eq!(without_address("Port 2"), "Port 2");
    }
}
