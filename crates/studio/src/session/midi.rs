//! Notes for one's own instrument: which MIDI ports there are, and what happens when one goes.

use protocol::{Level, Settings};

use super::Session;

impl Session {
    pub(super) fn find_midi_ports(&mut self) {
        self.midi_ports = self.player.midi_ports();
        self.tell_settings();
    }

    /// The port cannot be used: the piano plays again, also the next time.
    pub(super) fn port_lost(&mut self, why: &str) {
        self.player.set_midi_port(None);
        let settings = Settings { midi_port: None, ..self.settings.clone() };
        let (settings, failed) = self.shared.change_settings(self.id, &self.settings, settings);
        self.settings = settings;
        self.say_if(failed);
        self.say(
            Level::Warning,
            format!(
                "{why}; this computer's piano plays again. Connect the instrument and choose its port in the settings"
            ),
        );
        self.tell_settings();
    }
}
