//! The state of the scheduler, and the steps that all of its work is made of.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use super::link::Link;
use crate::error::SoundError;
use crate::piano::Piano;
use crate::transport::audition::Audition;
use crate::transport::clicker::Clicker;
use crate::transport::command::{Command, Tools};
use crate::transport::live::Live;
use crate::transport::message::Message;
use crate::transport::midi::{MidiCommand, MidiOut};
use crate::transport::status::PlayState;
use crate::transport::track::Track;

/// What is still to be done; a later request replaces it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pending {
    Nothing,
    /// A deck at rest.
    Cue,
    /// A deck that sounds at once, elsewhere.
    Jump(f64),
    /// A deck of what is listened to now, at the same place.
    Follow,
}

/// Turns messages into commands and decks.
pub(crate) struct Scheduler {
    pub(super) messages: Receiver<Message>,
    pub(super) link: Link,
    pub(super) piano: Piano,
    pub(super) sample_rate: u32,
    pub(super) versions: BTreeMap<u64, Arc<Track>>,
    pub(super) listening: Option<u64>,
    pub(super) state: PlayState,
    pub(super) pending: Pending,
    /// Where it rests; nothing for where the engine stopped.
    pub(super) rest_quarters: Option<f64>,
    /// Where playing began.
    pub(super) origin_quarters: f64,
    pub(super) looped: Option<(f64, f64)>,
    pub(super) rate: f64,
    pub(super) count_in_bars: u8,
    pub(super) last_id: u64,
    /// Decks that the engine has: version and track.
    pub(super) decks: BTreeMap<u64, (u64, Arc<Track>)>,
    /// The deck that sounds or is about to, and where it starts, in quarters.
    pub(super) expected: (u64, f64),
    /// A deck that will take over at the same place.
    pub(super) follower: Option<u64>,
    /// A deck that will play the next pass of the loop.
    pub(super) loop_deck: Option<u64>,
    /// The last deck whose end was noticed.
    pub(super) seen_end: u64,
    /// How long a deck takes to prepare, on average.
    pub(super) prepare_secs: f64,
    /// Where notes go instead of the piano.
    pub(super) midi: Option<MidiOut>,
    /// Whether the notes of what plays are not heard, wherever they go.
    pub(super) is_hushed: bool,
    /// Those who wait until all is done.
    pub(super) settling: Vec<Sender<()>>,
}

impl Scheduler {
    pub(crate) fn new(messages: Receiver<Message>, link: Link, piano: Piano, sample_rate: u32) -> Self {
        let mut scheduler = Self {
            messages,
            link,
            piano,
            sample_rate,
            versions: BTreeMap::new(),
            listening: None,
            state: PlayState::Stopped,
            pending: Pending::Nothing,
            rest_quarters: Some(0.0),
            origin_quarters: 0.0,
            looped: None,
            rate: 1.0,
            count_in_bars: 0,
            last_id: 0,
            decks: BTreeMap::new(),
            expected: (0, 0.0),
            follower: None,
            loop_deck: None,
            seen_end: 0,
            prepare_secs: 0.02,
            midi: None,
            is_hushed: false,
            settling: Vec::new(),
        };
        scheduler.send_tools();
        scheduler
    }

    pub(super) fn is_playing(&self) -> bool {
        self.state == PlayState::Playing
    }

    /// What is listened to, if it is there.
    pub(super) fn track(&self) -> Option<(u64, &Arc<Track>)> {
        let version = self.listening?;
        Some((version, self.versions.get(&version)?))
    }

    /// The loop, as far as what is listened to has it.
    pub(super) fn looped_part(&self) -> Option<(f64, f64)> {
        self.track()?.1.part_of_loop(self.looped?)
    }

    /// Where the playhead is, or will be when the engine has carried out its commands.
    pub(super) fn here(&self) -> f64 {
        let snapshot = self.link.status.read();
        match (self.is_playing(), self.rest_quarters) {
            (true, _) if snapshot.deck < self.expected.0 => self.expected.1,
            (true, _) | (false, None) => snapshot.quarters,
            (false, Some(quarters)) => quarters,
        }
    }

    /// Where the playhead will be when all requests are carried out.
    pub(super) fn heading(&self) -> f64 {
        if let Pending::Jump(quarters) = self.pending { quarters } else { self.here() }
    }

    /// The deck that sounds or is about to.
    pub(super) fn current_id(&self) -> u64 {
        self.link.status.read().deck.max(self.expected.0)
    }

    /// Whether the engine has a deck to play, or will when it has read its commands.
    pub(super) fn has_deck(&self) -> bool {
        self.decks.contains_key(&self.current_id())
    }

    /// Asks for a deck for what is listened to now, wherever that is.
    pub(super) fn renew(&mut self) {
        if self.track().is_none() || matches!(self.pending, Pending::Jump(_)) {
            return;
        }
        self.pending = if self.is_playing() { Pending::Follow } else { Pending::Cue };
    }

    /// Rests at a place, without a deck.
    pub(super) fn halt(&mut self, quarters: f64) {
        self.state = PlayState::Stopped;
        self.rest_quarters = Some(quarters);
        self.pending = Pending::Nothing;
        self.link.send(Command::Halt { version: self.listening, quarters });
    }

    /// Sends notes to a port from now on, which learns what the engine has, or to the piano.
    pub(super) fn set_midi(&mut self, midi: Option<MidiOut>) {
        self.midi = midi;
        self.mute();
        let is_hushed = self.is_hushed;
        self.send_midi(|| MidiCommand::Hush(is_hushed));
        for (id, (_, track)) in &self.decks {
            self.send_midi(|| MidiCommand::Deck(*id, Arc::clone(track)));
        }
    }

    /// The notes of what plays are not heard from now on, or are again. The metronome is heard in any case.
    pub(super) fn set_hushed(&mut self, on: bool) {
        self.is_hushed = on;
        self.mute();
        self.send_midi(|| MidiCommand::Hush(on));
    }

    /// The decks are heard where notes do not go to a port and are not hushed.
    fn mute(&mut self) {
        self.link.send(Command::Mute(self.midi.is_some() || self.is_hushed));
    }

    pub(super) fn send_midi(&self, command: impl FnOnce() -> MidiCommand) {
        if let Some(midi) = &self.midi {
            midi.send(command());
        }
    }

    /// Without its port the piano is heard again.
    pub(super) fn notice_lost_port(&mut self) {
        if self.midi.take_if(|midi| midi.is_lost()).is_some() {
            self.mute();
        }
    }

    /// Gives the engine what belongs to the piano and the sample rate beside decks.
    pub(super) fn send_tools(&mut self) {
        match self.tools() {
            Ok(tools) => self.link.send(Command::Tools(Box::new(tools))),
            Err(error) => self.link.status.set_error(Some(error.to_string())),
        }
    }

    fn tools(&self) -> Result<Tools, SoundError> {
        Ok(Tools {
            audition: Audition::new(&self.piano, self.sample_rate)?,
            live: Live::new(&self.piano, self.sample_rate)?,
            clicker: Clicker::new(self.sample_rate),
        })
    }
}
