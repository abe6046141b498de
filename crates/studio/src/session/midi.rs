//! Notes for one's own instrument: which MIDI ports there are, and what happens when one goes.

use protocol::Level;

use super::Session;
use crate::playback::LostPort;

impl Session {
    pub(super) fn find_midi_ports(&mut self) {
        self.midi_ports = self.playback.midi_ports();
        self.tell_settings();
        self.find_keyboards();
    }

    /// The port cannot be used: the piano plays again, also the next time.
    pub(super) fn port_lost(&mut self, lost: &LostPort) {
        self.change_settings_now(|now| {
            // Another window may have chosen another port meanwhile.
            if now.midi_port.as_deref() == Some(&*lost.name) {
                now.midi_port = None;
            }
        });
        let why = &lost.why;
        self.say(
            Level::Warning,
            format!(
                "{why}; this computer's piano plays again. Connect the instrument and choose its port in the settings"
            ),
        );
    }
}
