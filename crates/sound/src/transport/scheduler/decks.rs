//! Preparing decks and sending them to the engine.

use std::sync::Arc;
use std::time::Instant;

use super::state::{Pending, Scheduler};
use crate::transport::command::{Command, Handover};
use crate::transport::midi::MidiCommand;
use crate::transport::prepare::{Plan, prepare};
use crate::transport::status::PlayState;

/// Loops shorter than this start again in place.
const SHORTEST_PREPARED_LOOP_SECS: f64 = 0.4;

/// How far ahead of the playhead another version takes over, beside the time it takes to prepare.
const LEAD_SECS: f64 = 0.035;

/// The longest that the switch waits for its preparation; if that does not do, it is tried again.
pub(super) const LONGEST_LEAD_SECS: f64 = 0.5;

impl Scheduler {
    /// Does what is pending. Until what is listened to is there, it stays pending.
    pub(super) fn fulfil(&mut self) {
        let Some((_, track)) = self.track() else { return };
        let end = track.end_quarters;
        match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => {}
            Pending::Cue => {
                let here = self.rest_quarters.unwrap_or_else(|| self.here()).min(end);
                self.rest_quarters = self.rest_quarters.map(|_| here);
                self.start_deck(here);
            }
            Pending::Jump(quarters) => self.start_deck(quarters.min(end)),
            Pending::Follow => self.follow(),
        }
    }

    /// A deck that takes over at once, or waits for playing to begin.
    fn start_deck(&mut self, quarters: f64) {
        (self.follower, self.loop_deck) = (None, None);
        if let Some((id, _)) = self.make_deck(quarters, false, |_| Handover::Now) {
            self.expected = (id, quarters);
        }
    }

    /// A deck that takes over a little later at the same place in the score.
    fn follow(&mut self) {
        let here = self.here();
        let snapshot = self.link.status.read();
        let old = self.decks.get(&snapshot.deck.max(self.expected.0));
        let Some((_, old)) = old.filter(|_| snapshot.state == PlayState::Playing) else {
            return self.start_deck(here);
        };
        let lead_secs = (LEAD_SECS + 1.5 * self.prepare_secs).min(LONGEST_LEAD_SECS) * self.rate;
        let meeting = old.clock.quarters_at(old.clock.secs_at(here) + lead_secs);
        let end = self.track().map_or(meeting, |(_, track)| track.end_quarters);
        let meeting = meeting.min(end);
        let id = match self.looped_part() {
            // The loop ends before: the next pass is of the new version.
            Some((start, end)) if here < end && meeting >= end => self.make_loop_deck(start),
            _ => {
                let at_meeting = |deck_quarters| Handover::At { leave_quarters: deck_quarters };
                self.make_deck(meeting, true, at_meeting).map(|(id, _)| id)
            }
        };
        self.follower = id;
    }

    fn make_loop_deck(&mut self, start_quarters: f64) -> Option<u64> {
        let (_, track) = self.track()?;
        let clock = track.clock.clone();
        let start_secs = clock.secs_at(start_quarters);
        let before =
            |quarters: f64| Handover::Loop { before_secs: (start_secs - clock.secs_at(quarters)).max(0.0) };
        let (id, _) = self.make_deck(start_quarters, false, before)?;
        self.loop_deck = Some(id);
        Some(id)
    }

    /// Makes a deck of what is listened to and sends it; returns its number and where it starts, in
    /// quarters. `handover` gets that place.
    fn make_deck(
        &mut self,
        quarters: f64,
        joins: bool,
        handover: impl FnOnce(f64) -> Handover,
    ) -> Option<(u64, f64)> {
        let (version, track) = self.track()?;
        let track = Arc::clone(track);
        let id = self.last_id + 1;
        let plan = Plan {
            id,
            version,
            track: &track,
            piano: &self.piano,
            sample_rate: self.sample_rate,
            rate: self.rate,
            quarters,
            joins,
        };
        let begin = Instant::now();
        let deck = match prepare(&plan) {
            Ok(deck) => deck,
            Err(error) => {
                self.link.status.set_error(Some(error.to_string()));
                return None;
            }
        };
        self.prepare_secs = 0.5 * (self.prepare_secs + begin.elapsed().as_secs_f64());
        self.link.status.set_error(None);
        self.last_id = id;
        let start_quarters = track.clock.quarters_at(deck.secs());
        self.send_midi(|| MidiCommand::Deck(id, Arc::clone(&track)));
        self.decks.insert(id, (version, track));
        self.link.send(Command::Deck(deck, handover(start_quarters)));
        Some((id, start_quarters))
    }

    /// The next pass of the loop is made while this one plays.
    pub(super) fn prepare_loop(&mut self) {
        let Some((start, end)) = self.looped_part() else { return };
        let is_busy = self.loop_deck.is_some() || self.follower.is_some() || self.pending != Pending::Nothing;
        if !self.is_playing() || is_busy {
            return;
        }
        let Some((_, track)) = self.track() else { return };
        let length_secs = (track.clock.secs_at(end) - track.clock.secs_at(start)) / self.rate;
        if length_secs >= SHORTEST_PREPARED_LOOP_SECS && self.here() < end {
            self.make_loop_deck(start);
        }
    }
}
