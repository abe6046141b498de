//! Sends events when they are heard.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use super::command::MidiCommand;
use super::keyboard::{Hands, Keyboard};
use crate::events::{Events, SoundEventKind};
use crate::midi_port::MidiPort;
use crate::transport::line::{Line, Stretch};
use crate::transport::shared_status::SharedStatus;
use crate::transport::track::Track;

/// How often the status of the transport is read while it plays, and at rest.
const POLL: Duration = Duration::from_millis(2);
const POLL_AT_REST: Duration = Duration::from_millis(5);

/// An engine that writes nothing for so long plays no more.
const STALL: Duration = Duration::from_millis(300);

/// A key that should have gone down earlier than this, while the machine was busy, stays up.
const LATE_SECS: f64 = 0.15;

/// What lies no further than this before the start of a stretch belongs to it.
const ROUNDING_SECS: f64 = 0.0005;

/// Two versions are at the same place if they are no further apart than this.
const SAME_QUARTERS: f64 = 0.1;

/// How often the connection of the port is checked, and for how long no event may be due then: a check takes
/// a while.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
const CHECK_ROOM: Duration = Duration::from_millis(30);

/// Follows the transport's clock and plays on a port.
pub(super) struct MidiSequencer {
    keyboard: Keyboard,
    status: Arc<SharedStatus>,
    /// What decks play.
    tracks: BTreeMap<u64, Arc<Track>>,
    /// What is heard.
    playing: Option<Playing>,
    /// What is heard next: the engine is ahead of the ear.
    next: Option<Line>,
    /// The last that the engine wrote, and when that was seen first.
    revision: (u64, Duration),
    checked_at: Duration,
    /// What plays is not sent.
    is_hushed: bool,
}

/// A stretch that is heard.
struct Playing {
    line: Line,
    track: Arc<Track>,
    /// Events that were sent.
    done: usize,
}

impl Playing {
    fn events(&self) -> Option<&Events> {
        self.track.content.events()
    }
}

impl MidiSequencer {
    pub fn new(port: Box<dyn MidiPort>, status: Arc<SharedStatus>) -> Self {
        Self {
            keyboard: Keyboard::new(port),
            status,
            tracks: BTreeMap::new(),
            playing: None,
            next: None,
            revision: (0, Duration::ZERO),
            checked_at: Duration::ZERO,
            is_hushed: false,
        }
    }

    /// The time of the status' clock.
    pub fn now(&self) -> Duration {
        self.status.since_epoch()
    }

    /// Carries out a command of the scheduler.
    pub fn handle(&mut self, command: MidiCommand, now: Duration) -> Result<(), String> {
        match command {
            MidiCommand::Deck(id, track) => drop(self.tracks.insert(id, track)),
            MidiCommand::Continue(id, track) => {
                if let Some(playing) = self.playing.as_mut().filter(|p| p.line.stretch.deck == id) {
                    playing.track = Arc::clone(&track);
                }
                self.tracks.insert(id, track);
            }
            MidiCommand::Hush(on) => self.is_hushed = on,
            MidiCommand::Strike { pitch, velocity } => self.keyboard.strike(pitch, velocity, now)?,
        }
        Ok(())
    }

    /// Sends what is due. Returns how long to wait for the next time; the error is the reason why the port
    /// is lost.
    pub fn step(&mut self, now: Duration, commands: &Receiver<MidiCommand>) -> Result<Duration, String> {
        // In this order: the command that names a deck is sent before the engine gets the deck.
        let revision = self.status.revision();
        let line = Line::of(&self.status.read(), now);
        while let Ok(command) = commands.try_recv() {
            self.handle(command, now)?;
        }
        if revision != self.revision.0 {
            self.revision = (revision, now);
        }
        let is_stalled = now.saturating_sub(self.revision.1) > STALL;
        self.follow(line.filter(|_| !is_stalled && !self.is_hushed))?;
        if let Some(next) = self.next.take_if(|next| next.from <= now) {
            self.play_until(next.from)?;
            self.go_over(next)?;
        }
        self.play_until(now)?;
        self.keyboard.pass_time(now)?;
        self.check_connection(now)?;
        Ok(self.wait(now))
    }

    /// All keys come up.
    pub fn end(&mut self) -> Result<(), String> {
        self.keyboard.lift_single()?;
        self.keyboard.release_all()
    }

    /// Takes in where the engine is.
    fn follow(&mut self, line: Option<Line>) -> Result<(), String> {
        let Some(line) = line else {
            (self.playing, self.next) = (None, None);
            return self.keyboard.release_all();
        };
        let is_same = |other: Stretch| other == line.stretch;
        match (&mut self.playing, &mut self.next) {
            (Some(playing), _) if is_same(playing.line.stretch) => {
                playing.line = playing.line.renewed(&line);
            }
            (_, Some(next)) if is_same(next.stretch) => *next = next.renewed(&line),
            _ => self.next = Some(line),
        }
        Ok(())
    }

    /// Another stretch is heard from now on.
    fn go_over(&mut self, line: Line) -> Result<(), String> {
        let Some(track) = self.tracks.get(&line.stretch.deck).cloned() else { return Ok(()) };
        self.tracks.retain(|id, _| *id >= line.stretch.deck);
        let start_secs = line.secs_at(line.from);
        let place = track.clock.quarters_at(start_secs);
        let goes_on = self.playing.take().is_some_and(|old| {
            let old_place = old.track.clock.quarters_at(old.line.secs_at(line.from));
            old.line.stretch.deck != line.stretch.deck && (old_place - place).abs() < SAME_QUARTERS
        });
        if !goes_on {
            self.keyboard.release_all()?;
        }
        let mut playing = Playing { line, track, done: 0 };
        if let Some(events) = playing.events() {
            let done = events.index_at(start_secs - ROUNDING_SECS);
            let hands = Hands::after(events.as_slice()[..done].iter().map(|event| event.kind));
            self.keyboard.hold(&hands)?;
            playing.done = done;
        }
        self.playing = Some(playing);
        Ok(())
    }

    fn play_until(&mut self, time: Duration) -> Result<(), String> {
        let Some(playing) = &mut self.playing else { return Ok(()) };
        let secs = playing.line.secs_at(time);
        let Some(events) = playing.track.content.events() else { return Ok(()) };
        while let Some(event) = events.as_slice().get(playing.done).filter(|e| e.time_secs <= secs) {
            playing.done += 1;
            let is_strike = matches!(event.kind, SoundEventKind::NoteOn { .. });
            if !is_strike || secs - event.time_secs < LATE_SECS {
                self.keyboard.play(event.kind)?;
            }
        }
        Ok(())
    }

    /// How long nothing is due.
    fn wait(&self, now: Duration) -> Duration {
        let poll = if self.playing.is_some() { POLL } else { POLL_AT_REST };
        let jump = self.next.map_or(poll, |next| next.from.saturating_sub(now));
        self.until_event(now).unwrap_or(poll).min(jump).min(poll)
    }

    /// How long until the next event, if one is to come.
    fn until_event(&self, now: Duration) -> Option<Duration> {
        let playing = self.playing.as_ref()?;
        let event = playing.events()?.as_slice().get(playing.done)?;
        Some(playing.line.until(event.time_secs, now))
    }

    /// Checks now and then, while nothing is due, whether the port is still connected.
    fn check_connection(&mut self, now: Duration) -> Result<(), String> {
        let has_room = self.until_event(now).is_none_or(|until| until > CHECK_ROOM);
        if !has_room || now.saturating_sub(self.checked_at) < CHECK_INTERVAL {
            return Ok(());
        }
        self.checked_at = now;
        if self.keyboard.is_connected() { Ok(()) } else { Err("it is not connected any more".to_owned()) }
    }
}
