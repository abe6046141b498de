//! The one transport, and whose turn it is.
//!
//! The versions of all windows are loaded; the transport is set for the window that was told to play
//! last. The others only keep what they are asked for until it is their turn, as all do while there is
//! no transport yet: it needs a piano, and loading one takes a while.

use std::collections::BTreeMap;

use protocol::{OutputView, PlayState, VersionId};
use sound::transport::{self, Loudness, Midi, OutputChoice, Transport};
use sound::{MidiPort, Piano};

use super::seat::{Prepared, Requested, Seat};
use crate::playback::{LostPort, PlaybackStatus};

/// The transport and the windows that share it.
pub(super) struct Stand {
    output: OutputChoice,
    transport: Option<Transport>,
    piano: Option<Piano>,
    seats: BTreeMap<u32, Seat>,
    next: u32,
    /// Whose turn it is; nobody's before anybody listens.
    turn: Option<u32>,
    /// Played as soon as there is a piano.
    plays_soon: bool,
    /// The MIDI port that notes go to or that is being opened.
    midi_port: Option<String>,
    /// Counts the wishes for ports; only the last one counts.
    port_wishes: u64,
    /// The MIDI port that cannot be used, until somebody is told.
    lost_port: Option<LostPort>,
}

/// A MIDI port that is to be opened.
pub(super) struct PortWish {
    number: u64,
    pub(super) name: String,
}

impl Stand {
    pub(super) fn new(output: OutputChoice) -> Self {
        Self {
            output,
            transport: None,
            piano: None,
            seats: BTreeMap::new(),
            next: 0,
            turn: None,
            plays_soon: false,
            midi_port: None,
            port_wishes: 0,
            lost_port: None,
        }
    }

    /// A seat for one more window.
    pub(super) fn sit_down(&mut self) -> u32 {
        let number = self.next;
        self.next += 1;
        self.seats.insert(number, Seat::new(number));
        number
    }

    /// A window is closed.
    pub(super) fn get_up(&mut self, number: u32) {
        let Some(seat) = self.seats.remove(&number) else { return };
        if let Some(transport) = &self.transport {
            seat.unload_all(transport);
        }
        if self.turn == Some(number) {
            self.turn = None;
            self.plays_soon = false;
        }
    }

    /// The transport, if it is this window's turn.
    fn own(&self, number: u32) -> Option<&Transport> {
        self.transport.as_ref().filter(|_| self.turn == Some(number))
    }

    fn requested(&mut self, number: u32) -> Option<&mut Requested> {
        self.seats.get_mut(&number).map(|seat| &mut seat.requested)
    }

    /// Keeps something that a window asks for, and tells the transport if it is its turn.
    pub(super) fn set(
        &mut self,
        number: u32,
        keep: impl FnOnce(&mut Requested),
        tell: impl FnOnce(&Transport),
    ) {
        if let Some(requested) = self.requested(number) {
            keep(requested);
        }
        if let Some(transport) = self.own(number) {
            tell(transport);
        }
    }

    /// Gives the turn to a window; the one that had it rests where it is.
    fn take_turn(&mut self, number: u32) {
        if self.turn == Some(number) {
            return;
        }
        if let Some(other) = self.turn {
            let there = self.status(other);
            if let Some(requested) = self.requested(other) {
                requested.quarters = there.position_quarters;
                let is_at_rest = there.state == PlayState::Stopped;
                requested.state = if is_at_rest { PlayState::Stopped } else { PlayState::Paused };
            }
        }
        self.turn = Some(number);
        self.plays_soon = false;
        if let (Some(transport), Some(seat)) = (&self.transport, self.seats.get(&number)) {
            transport.pause();
            seat.tell_all(transport);
        }
    }

    pub(super) fn load(&mut self, number: u32, id: VersionId, prepared: Prepared) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let name = seat.number(id);
        let (track, there) = seat.load(id, prepared);
        let Some(transport) = &self.transport else { return };
        match there.filter(|_| self.turn == Some(number)) {
            Some(there) => transport.load_at(name, track, move |here| there.place(here)),
            None => transport.load(name, track),
        }
    }

    pub(super) fn forget(&mut self, number: u32, id: VersionId) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        if seat.forget(id)
            && let Some(transport) = &self.transport
        {
            transport.unload(seat.number(id));
        }
    }

    pub(super) fn listen(&mut self, number: u32, id: VersionId, looped: Option<(f64, f64)>) {
        if self.turn.is_none() {
            self.take_turn(number);
        }
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let name = seat.number(id);
        let there = seat.listen(id);
        let is_new_loop = seat.requested.looped != looped;
        seat.requested.looped = looped;
        let Some(transport) = self.own(number) else { return };
        match there {
            Some(there) => transport.listen_at(name, move |here| there.place(here)),
            None => transport.listen(name),
        }
        if is_new_loop {
            transport.set_loop(looped);
        }
    }

    pub(super) fn play(&mut self, number: u32) {
        self.take_turn(number);
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
        if self.turn == Some(number) {
            self.plays_soon = false;
        }
        if let Some(transport) = self.own(number) {
            transport.pause();
        }
    }

    pub(super) fn stop(&mut self, number: u32) {
        if self.turn == Some(number) {
            self.plays_soon = false;
            if let Some(transport) = &self.transport {
                transport.stop();
            }
        } else if let Some(seat) = self.seats.get_mut(&number) {
            seat.stop();
        }
    }

    pub(super) fn seek(&mut self, number: u32, quarters: f64) {
        let keep = |requested: &mut Requested| {
            (requested.quarters, requested.began_quarters) = (quarters, quarters);
        };
        self.set(number, keep, |transport| transport.seek_quarters(quarters));
    }

    pub(super) fn set_loudness(&mut self, number: u32, id: VersionId, loudness: Loudness) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        for (name, track) in seat.match_gains(id, loudness) {
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

    /// Every window tells of its piano; only another one counts. With the first one there is a transport,
    /// and the MIDI port that it needs, if any, is to be opened.
    pub(super) fn set_piano(&mut self, piano: Piano) -> Option<PortWish> {
        if self.piano.as_ref().is_some_and(|old| old.is_same(&piano)) {
            return None;
        }
        self.piano = Some(piano.clone());
        if let Some(transport) = &self.transport {
            transport.set_piano(piano);
            return None;
        }
        let transport = Transport::start(piano, self.output);
        self.seats.values().for_each(|seat| seat.load_all(&transport));
        if let Some(seat) = self.turn.and_then(|number| self.seats.get(&number)) {
            seat.tell_all(&transport);
        }
        if std::mem::take(&mut self.plays_soon) {
            transport.play();
        }
        self.transport = Some(transport);
        self.port_to_open()
    }

    /// Sends notes to a port from now on, once it is open, or to the piano. Every window tells of its port;
    /// only another one counts.
    pub(super) fn set_midi_port(&mut self, name: Option<&str>) -> Option<PortWish> {
        if self.midi_port.as_deref() == name {
            return None;
        }
        self.midi_port = name.map(str::to_owned);
        self.lost_port = None;
        self.port_wishes += 1;
        if let (Some(transport), None) = (&self.transport, name) {
            transport.set_midi(None);
        }
        self.port_to_open()
    }

    fn port_to_open(&self) -> Option<PortWish> {
        let name = self.midi_port.clone().filter(|_| self.transport.is_some())?;
        Some(PortWish { number: self.port_wishes, name })
    }

    /// A port was opened, or cannot be.
    pub(super) fn connect(&mut self, wish: PortWish, opened: Result<Box<dyn MidiPort>, String>) {
        let Some(transport) = self.transport.as_ref().filter(|_| wish.number == self.port_wishes) else {
            return;
        };
        match opened {
            Ok(port) => transport.set_midi(Some((wish.name, port))),
            Err(why) => {
                transport.set_midi(None);
                self.midi_port = None;
                self.lost_port = Some(LostPort { name: wish.name, why });
            }
        }
    }

    /// The port that cannot be used or was lost, if nobody was told yet.
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

    pub(super) fn status(&self, number: u32) -> PlaybackStatus {
        let Some(seat) = self.seats.get(&number) else { return PlaybackStatus::default() };
        let at_rest = PlaybackStatus {
            state: seat.requested.state,
            version: seat.requested.listening,
            position_quarters: seat.requested.quarters,
            position_secs: seat.secs(),
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
        let is_own = self.turn == Some(number);
        let plays = matches!(state, PlayState::Playing | PlayState::CountIn);
        let plays_elsewhere = plays && !is_own && self.turn.is_some();
        // Right after the turn has changed the transport still tells of the other window.
        let version = status.version.and_then(|name| seat.version(name));
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
#[path = "stand_tests.rs"]
mod tests;
