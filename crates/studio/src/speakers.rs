//! The real [`Playback`]: the transport of the sound crate, which all windows share.

mod client;
mod shared_transport;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::VersionId;
use sound::transport::{Loudness, OutputChoice};
use sound::{Piano, open_midi_port};

use crate::playback::{KeyboardStatus, LostPort, PlayableVersion, Playback, PlaybackStatus, PlayedKey};
use client::Prepared;
use shared_transport::{PortRequest, SharedTransport};

/// The sound device, or silence, as one window has it.
pub struct Speakers {
    transport: Arc<Mutex<SharedTransport>>,
    /// The number of the window among the clients of the transport.
    client: u32,
}

impl Speakers {
    /// Sound on the device of the system, or silence for tests and machines that must be quiet.
    pub fn new(output: OutputChoice) -> Self {
        let mut transport = SharedTransport::new(output);
        let client = transport.add_client();
        Self { transport: Arc::new(Mutex::new(transport)), client }
    }

    /// Locks what windows share. Slow work is done before: every window reads the status often.
    fn transport(&self) -> MutexGuard<'_, SharedTransport> {
        self.transport.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a port that was requested and sends notes there.
    fn connect(&self, request: Option<PortRequest>) {
        let Some(request) = request else { return };
        let opened = open_midi_port(&request.name);
        self.transport().connect(request, opened);
    }
}

impl Drop for Speakers {
    fn drop(&mut self) {
        let client = self.client;
        self.transport().remove_client(client);
    }
}

impl Playback for Speakers {
    fn beside(&mut self) -> Box<dyn Playback> {
        let client = self.transport().add_client();
        Box::new(Self { transport: self.transport.clone(), client })
    }

    fn load(&mut self, id: VersionId, heard: PlayableVersion) {
        let prepared = Prepared::of(heard);
        self.transport().load(self.client, id, prepared);
    }

    fn forget(&mut self, id: VersionId) {
        self.transport().forget(self.client, id);
    }

    fn listen(&mut self, id: VersionId, looped: Option<(f64, f64)>) {
        self.transport().listen(self.client, id, looped);
    }

    fn play(&mut self) {
        self.transport().play(self.client);
    }

    fn pause(&mut self) {
        self.transport().pause(self.client);
    }

    fn stop(&mut self) {
        self.transport().stop(self.client);
    }

    fn seek_quarters(&mut self, quarters: f64) {
        self.transport().seek(self.client, quarters);
    }

    fn set_loop(&mut self, quarters: Option<(f64, f64)>) {
        self.transport().set(self.client, |r| r.looped = quarters, |t| t.set_loop(quarters));
    }

    fn set_rate(&mut self, rate: f64) {
        self.transport().set(self.client, |r| r.rate = rate, |t| t.set_rate(rate));
    }

    fn set_volume(&mut self, volume: f64) {
        self.transport().set(self.client, |r| r.volume = volume, |t| t.set_volume(volume as f32));
    }

    fn set_metronome(&mut self, on: bool) {
        self.transport().set(self.client, |r| r.metronome = on, |t| t.set_metronome(on));
    }

    fn set_count_in(&mut self, on: bool) {
        self.transport().set(self.client, |r| r.count_in = on, |t| t.set_count_in(u8::from(on)));
    }

    fn set_loudness_matching(&mut self, on: bool) {
        self.transport().set(self.client, |r| r.is_matching = on, |t| t.set_loudness_matching(on));
    }

    fn set_loudness(&mut self, id: VersionId, loudness: Loudness) {
        self.transport().set_loudness(self.client, id, loudness);
    }

    fn audition(&mut self, pitch: u8, velocity: u8) {
        self.transport().audition(pitch, velocity);
    }

    fn set_piano(&mut self, piano: Piano) {
        let request = self.transport().set_piano(piano);
        self.connect(request);
    }

    fn set_midi_port(&mut self, name: Option<&str>) {
        let request = self.transport().set_midi_port(name);
        self.connect(request);
    }

    fn lost_port(&mut self) -> Option<LostPort> {
        self.transport().take_lost_port()
    }

    fn midi_ports(&mut self) -> Result<Vec<String>, String> {
        sound::midi_ports()
    }

    fn keyboards(&mut self) -> Result<Vec<String>, String> {
        sound::keyboard::keyboards()
    }

    fn set_keyboard(&mut self, name: Option<&str>, thru: bool) {
        // The one before ends without the lock: its thread may be busy for a moment.
        let old = self.transport().set_keyboard(name, thru);
        drop(old);
    }

    fn lost_keyboard(&mut self) -> Option<LostPort> {
        self.transport().take_lost_keyboard()
    }

    fn keyboard(&mut self) -> KeyboardStatus {
        self.transport().keyboard()
    }

    fn record_keys(&mut self, on: bool) -> bool {
        self.transport().record_keys(self.client, on)
    }

    fn played_keys(&mut self) -> Vec<PlayedKey> {
        self.transport().played_keys(self.client)
    }

    fn set_hushed(&mut self, on: bool) {
        self.transport().set(self.client, |r| r.is_hushed = on, |t| t.set_hushed(on));
    }

    fn status(&mut self) -> PlaybackStatus {
        self.transport().status(self.client)
    }
}
