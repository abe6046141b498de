//! The one transport, which all windows use as its clients.
//!
//! The versions of all windows are loaded; the transport has the settings of the active client, the window
//! that started playing last. Requests of the others are stored until they become active. Without a
//! transport all requests are stored: it needs a piano, and loading one takes a while.

use std::collections::BTreeMap;

use protocol::{OutputView, PlayState, VersionId};
use sound::keyboard::{KeyboardState, SystemKeyboards};
use sound::transport::{self, Loudness, Midi, OutputChoice, Transport};
use sound::{Keyboard, MidiPort, Piano};

use super::client::{Client, Prepared, Requested};
use crate::playback::{KeyboardStatus, LostPort, PlaybackStatus, PlayedKey};

/// The transport and the windows that share it.
pub(super) struct SharedTransport {
    output: OutputChoice,
    transport: Option<Transport>,
    piano: Option<Piano>,
    clients: BTreeMap<u32, Client>,
    next: u32,
    /// The client that the transport is set for; none before the first one selects a version.
    active: Option<u32>,
    /// Played as soon as there is a piano.
    plays_soon: bool,
    /// The MIDI port that notes go to or that is being opened.
    midi_port: Option<String>,
    /// How many ports were requested; the result of an older request is dropped.
    port_requests: u64,
    /// The MIDI port that cannot be used, until it is reported.
    lost_port: Option<LostPort>,
    /// The MIDI keyboard that is listened to.
    keyboard: Option<Keyboard>,
    /// Its name, and whether it is heard on the piano.
    played_on: (Option<String>, bool),
    /// The client that records it.
    recorder: Option<u32>,
}

/// A MIDI port that is to be opened.
pub(super) struct PortRequest {
    number: u64,
    pub(super) name: String,
}

impl SharedTransport {
    pub(super) fn new(output: OutputChoice) -> Self {
        Self {
            output,
            transport: None,
            piano: None,
            clients: BTreeMap::new(),
            next: 0,
            active: None,
            plays_soon: false,
            midi_port: None,
            port_requests: 0,
            lost_port: None,
            keyboard: None,
            played_on: (None, true),
            recorder: None,
        }
    }

    /// Adds a window; its number.
    pub(super) fn add_client(&mut self) -> u32 {
        let number = self.next;
        self.next += 1;
        self.clients.insert(number, Client::new(number));
        number
    }

    /// Removes a window that is closed.
    pub(super) fn remove_client(&mut self, number: u32) {
        let Some(client) = self.clients.remove(&number) else { return };
        if let Some(transport) = &self.transport {
            client.unload_all(transport);
        }
        if self.active == Some(number) {
            self.active = None;
            self.plays_soon = false;
        }
        self.record_keys(number, false);
    }

    /// The transport, if this client is active.
    fn if_active(&self, number: u32) -> Option<&Transport> {
        self.transport.as_ref().filter(|_| self.active == Some(number))
    }

    fn requested(&mut self, number: u32) -> Option<&mut Requested> {
        self.clients.get_mut(&number).map(|client| &mut client.requested)
    }

    /// Stores a setting of a client, and applies it to the transport if the client is active.
    pub(super) fn set(
        &mut self,
        number: u32,
        store: impl FnOnce(&mut Requested),
        apply: impl FnOnce(&Transport),
    ) {
        if let Some(requested) = self.requested(number) {
            store(requested);
        }
        if let Some(transport) = self.if_active(number) {
            apply(transport);
        }
    }

    /// Makes a client the active one; the one before rests where it is.
    fn activate(&mut self, number: u32) {
        if self.active == Some(number) {
            return;
        }
        if let Some(other) = self.active {
            let there = self.status(other);
            if let Some(requested) = self.requested(other) {
                requested.quarters = there.position_quarters;
                let is_at_rest = there.state == PlayState::Stopped;
                requested.state = if is_at_rest { PlayState::Stopped } else { PlayState::Paused };
            }
        }
        self.active = Some(number);
        self.plays_soon = false;
        if let (Some(transport), Some(client)) = (&self.transport, self.clients.get(&number)) {
            transport.pause();
            client.apply_to(transport);
        }
    }

    pub(super) fn load(&mut self, number: u32, id: VersionId, prepared: Prepared) {
        let Some(client) = self.clients.get_mut(&number) else { return };
        let name = client.number(id);
        let (track, there) = client.load(id, prepared);
        let Some(transport) = &self.transport else { return };
        match there.filter(|_| self.active == Some(number)) {
            Some(there) => transport.load_at(name, track, move |here| there.place(here)),
            None => transport.load(name, track),
        }
    }

    pub(super) fn forget(&mut self, number: u32, id: VersionId) {
        let Some(client) = self.clients.get_mut(&number) else { return };
        if client.forget(id)
            && let Some(transport) = &self.transport
        {
            transport.unload(client.number(id));
        }
    }

    pub(super) fn listen(&mut self, number: u32, id: VersionId, looped: Option<(f64, f64)>) {
        if self.active.is_none() {
            self.activate(number);
        }
        let Some(client) = self.clients.get_mut(&number) else { return };
        let name = client.number(id);
        let there = client.listen(id);
        let is_new_loop = client.requested.looped != looped;
        client.requested.looped = looped;
        let Some(transport) = self.if_active(number) else { return };
        match there {
            Some(there) => transport.listen_at(name, move |here| there.place(here)),
            None => transport.listen(name),
        }
        if is_new_loop {
            transport.set_loop(looped);
        }
    }

    pub(super) fn play(&mut self, number: u32) {
        self.activate(number);
        let here = self.status(number).position_quarters;
        if let Some(requested) = self.requested(number) {
            requested.began_quarters = here;
        }
        match &self.transport {
            Some(transport) => transport.play(),
            None => self.plays_soon = true,
        }
    }

    pub(super) fn pause(&mut self, number: u32) {
        if self.active == Some(number) {
            self.plays_soon = false;
        }
        if let Some(transport) = self.if_active(number) {
            transport.pause();
        }
    }

    pub(super) fn stop(&mut self, number: u32) {
        if self.active == Some(number) {
            self.plays_soon = false;
            if let Some(transport) = &self.transport {
                transport.stop();
            }
        } else if let Some(client) = self.clients.get_mut(&number) {
            client.stop();
        }
    }

    pub(super) fn seek(&mut self, number: u32, quarters: f64) {
        let store = |requested: &mut Requested| {
            (requested.quarters, requested.began_quarters) = (quarters, quarters);
        };
        self.set(number, store, |transport| transport.seek_quarters(quarters));
    }

    pub(super) fn set_loudness(&mut self, number: u32, id: VersionId, loudness: Loudness) {
        let Some(client) = self.clients.get_mut(&number) else { return };
        for (name, track) in client.match_gains(id, loudness) {
            if let Some(transport) = &self.transport {
                transport.load(name, track);
            }
        }
    }

    pub(super) fn audition(&self, pitch: u8, velocity: u8) {
        if let Some(transport) = &self.transport {
            transport.audition(pitch, velocity);
        }
    }

    /// Plays on another piano. Every window sets the same one, so one that is set already changes nothing. The
    /// first one starts the transport; returned is the MIDI port that is to be opened then, if any.
    pub(super) fn set_piano(&mut self, piano: Piano) -> Option<PortRequest> {
        if self.piano.as_ref().is_some_and(|old| old.is_same(&piano)) {
            return None;
        }
        self.piano = Some(piano.clone());
        if let Some(transport) = &self.transport {
            transport.set_piano(piano);
            return None;
        }
        let transport = Transport::start(piano, self.output);
        self.clients.values().for_each(|client| client.load_all(&transport));
        if let Some(client) = self.active.and_then(|number| self.clients.get(&number)) {
            client.apply_to(&transport);
        }
        if std::mem::take(&mut self.plays_soon) {
            transport.play();
        }
        self.transport = Some(transport);
        self.listen_to_keyboard();
        self.port_to_open()
    }

    /// Sends notes to a port from now on, once it is open, or to the piano. Every window sets the same one, so
    /// one that is set already changes nothing.
    pub(super) fn set_midi_port(&mut self, name: Option<&str>) -> Option<PortRequest> {
        if self.midi_port.as_deref() == name {
            return None;
        }
        self.midi_port = name.map(str::to_owned);
        self.lost_port = None;
        self.port_requests += 1;
        if let (Some(transport), None) = (&self.transport, name) {
            transport.set_midi(None);
        }
        self.port_to_open()
    }

    fn port_to_open(&self) -> Option<PortRequest> {
        let name = self.midi_port.clone().filter(|_| self.transport.is_some())?;
        Some(PortRequest { number: self.port_requests, name })
    }

    /// A port was opened, or cannot be.
    pub(super) fn connect(&mut self, request: PortRequest, opened: Result<Box<dyn MidiPort>, String>) {
        let Some(transport) = self.transport.as_ref().filter(|_| request.number == self.port_requests) else {
            return;
        };
        match opened {
            Ok(port) => transport.set_midi(Some((request.name, port))),
            Err(why) => {
                transport.set_midi(None);
                self.midi_port = None;
                self.lost_port = Some(LostPort { name: request.name, why });
            }
        }
    }

    /// The port that cannot be used or was lost, if it was not reported yet.
    pub(super) fn take_lost_port(&mut self) -> Option<LostPort> {
        if let Some(transport) = &self.transport
            && let Midi::Lost { name, reason } = transport.status().midi
        {
            transport.set_midi(None);
            // Another one may be about to be opened.
            if self.midi_port.as_deref() == Some(&*name) {
                self.midi_port = None;
                let why = format!("the MIDI port {name} was lost: {reason}");
                self.lost_port = Some(LostPort { name, why });
            }
        }
        self.lost_port.take()
    }

    /// Listens to another keyboard from now on, or to none; what is left of the one before. Every window sets the
    /// same one, so one that is set already changes nothing.
    pub(super) fn set_keyboard(&mut self, name: Option<&str>, thru: bool) -> Option<Keyboard> {
        let is_new = self.played_on.0.as_deref() != name;
        self.played_on = (name.map(str::to_owned), thru);
        let old = if is_new { self.keyboard.take() } else { None };
        if is_new {
            // Nothing comes any more of what was recorded.
            self.recorder = None;
        }
        self.listen_to_keyboard();
        old
    }

    /// Starts what is missing: keyboards are heard through the transport, which needs a piano.
    fn listen_to_keyboard(&mut self) {
        let (Some(transport), (Some(name), thru)) = (&self.transport, &self.played_on) else { return };
        let start = || Keyboard::start(name, Box::new(SystemKeyboards::default()), transport);
        self.keyboard.get_or_insert_with(start).set_thru(*thru);
    }

    pub(super) fn take_lost_keyboard(&self) -> Option<LostPort> {
        let why = self.keyboard.as_ref()?.take_lost()?;
        Some(LostPort { name: self.played_on.0.clone().unwrap_or_default(), why })
    }

    pub(super) fn keyboard(&self) -> KeyboardStatus {
        let Some(keyboard) = &self.keyboard else { return KeyboardStatus::default() };
        KeyboardStatus {
            is_connected: keyboard.state() == KeyboardState::Connected,
            latency: keyboard.latency(),
            now_secs: keyboard.now_secs(),
        }
    }

    /// Whether the keyboard is recorded for a client from now on, if no other does that.
    pub(super) fn record_keys(&mut self, number: u32, on: bool) -> bool {
        if self.recorder.is_some_and(|other| other != number) {
            return false;
        }
        self.recorder = on.then_some(number);
        if let Some(keyboard) = &self.keyboard {
            keyboard.record(on);
        }
        self.keyboard.is_some()
    }

    /// What was played since the last call, for the client that records it.
    pub(super) fn played_keys(&self, number: u32) -> Vec<PlayedKey> {
        let (Some(keyboard), Some(client)) = (&self.keyboard, self.clients.get(&number)) else {
            return Vec::new();
        };
        if self.recorder != Some(number) {
            return Vec::new();
        }
        let told = |key: sound::keyboard::PlayedKey| PlayedKey {
            at_secs: key.at_secs,
            action: key.action,
            heard: key.heard.and_then(|heard| client.place(heard)),
        };
        keyboard.played().into_iter().map(told).collect()
    }

    pub(super) fn status(&self, number: u32) -> PlaybackStatus {
        let Some(client) = self.clients.get(&number) else { return PlaybackStatus::default() };
        let at_rest = PlaybackStatus {
            state: client.requested.state,
            version: client.requested.listening,
            position_quarters: client.requested.quarters,
            position_secs: client.secs(),
            ..PlaybackStatus::default()
        };
        let Some(transport) = &self.transport else {
            let output = OutputView::Silent("the piano is being loaded".to_owned());
            return PlaybackStatus { output, position_secs: 0.0, ..at_rest };
        };
        let status = transport.status();
        let port = match status.midi {
            Midi::Port { name } => Some(name),
            Midi::Off | Midi::Lost { .. } => None,
        };
        let output = match (port, status.output) {
            (Some(name), _) | (None, transport::Output::Device { name }) => OutputView::Device(name),
            (None, transport::Output::Silent { reason }) => OutputView::Silent(reason),
        };
        let state = match status.state {
            transport::PlayState::Stopped => PlayState::Stopped,
            transport::PlayState::CountIn => PlayState::CountIn,
            transport::PlayState::Playing => PlayState::Playing,
            transport::PlayState::Paused => PlayState::Paused,
        };
        let is_own = self.active == Some(number);
        let plays = matches!(state, PlayState::Playing | PlayState::CountIn);
        let plays_elsewhere = plays && !is_own && self.active.is_some();
        // Right after another client became active, the status is still of the one before.
        let version = status.version.and_then(|name| client.version(name));
        if !is_own || (version.is_none() && status.version.is_some()) {
            return PlaybackStatus { output, plays_elsewhere, ..at_rest };
        }
        PlaybackStatus {
            state,
            version,
            position_quarters: status.position_quarters,
            position_secs: status.position_secs,
            output,
            plays_elsewhere,
        }
    }
}

#[cfg(test)]
#[path = "shared_transport_tests.rs"]
mod tests;
