//! The one transport, and whose turn it is.
//!
//! The versions of all windows are loaded; the transport is set for the window that was told to play
//! last. The others only keep what they are asked for until it is their turn, as all do while there is
//! no transport yet: it needs a piano, and loading one takes a while.

use std::collections::BTreeMap;

use protocol::{OutputView, PlayState, VersionId};
use sound::transport::{self, Loudness, Midi, OutputChoice, Transport};
use sound::{Piano, open_midi_port};

use super::seat::{Requested, Seat};
use crate::playback::{PlayableVersion, PlaybackStatus};

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
    midi_port: Option<String>,
    /// Why the MIDI port that was set cannot be used.
    lost_port: Option<String>,
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

    pub(super) fn load(&mut self, number: u32, id: VersionId, heard: PlayableVersion) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let name = seat.number(id);
        let (track, there) = seat.load(id, heard);
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

    /// Every window tells of its piano; only another one counts.
    pub(super) fn set_piano(&mut self, piano: Piano) {
        if self.piano.as_ref().is_some_and(|old| old.is_same(&piano)) {
            return;
        }
        self.piano = Some(piano.clone());
        if let Some(transport) = &self.transport {
            return transport.set_piano(piano);
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
        self.connect();
    }

    /// Sends notes to a port from now on. Every window tells of its port; only another one counts.
    pub(super) fn set_midi_port(&mut self, name: Option<&str>) {
        if self.midi_port.as_deref() != name || self.lost_port.is_some() {
            self.midi_port = name.map(str::to_owned);
            self.connect();
        }
    }

    /// Sends notes where they are wanted.
    fn connect(&mut self) {
        let Some(transport) = &self.transport else { return };
        self.lost_port = None;
        let port = self.midi_port.as_deref().map(|name| (name.to_owned(), open_midi_port(name)));
        match port {
            Some((name, Ok(port))) => transport.set_midi(Some((name, port))),
            Some((_, Err(why))) => {
                self.lost_port = Some(why);
                transport.set_midi(None);
            }
            None => transport.set_midi(None),
        }
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
        let (port, lost) = match status.midi {
            Midi::Off => (None, None),
            Midi::Port { name } => (Some(name), None),
            Midi::Lost { name, reason } => (None, Some(format!("the MIDI port {name} was lost: {reason}"))),
        };
        let output = match (port, status.output) {
            (Some(name), _) | (None, transport::Output::Device { name }) => OutputView::Device(name),
            (None, transport::Output::Silent { reason }) => OutputView::Silent(reason),
        };
        let lost_port = self.lost_port.clone().or(lost);
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
            return PlaybackStatus { output, lost_port, plays_elsewhere, ..at_rest };
        }
        PlaybackStatus {
            state,
            version,
            position_quarters: status.position_quarters,
            position_secs: status.position_secs,
            output,
            lost_port,
            plays_elsewhere,
        }
    }
}
