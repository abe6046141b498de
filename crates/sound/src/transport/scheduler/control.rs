//! What each request means, given what is going on.

use std::sync::Arc;

use super::state::{Pending, Scheduler};
use crate::transport::command::Command;
use crate::transport::count_in::CountIn;
use crate::transport::midi::MidiCommand;
use crate::transport::status::PlayState;
use crate::transport::track::Track;

/// A version may go on changed in place if it is the same for this long yet.
const SAME_SECS: f64 = 0.4;

impl Scheduler {
    pub(super) fn load(&mut self, version: u64, track: Arc<Track>) {
        self.versions.insert(version, Arc::clone(&track));
        if self.listening != Some(version) || self.continue_in_place(version, &track) {
            return;
        }
        self.renew();
    }

    /// A track that has only grown, or changed far from here, goes on without a new deck.
    fn continue_in_place(&mut self, version: u64, track: &Arc<Track>) -> bool {
        if self.pending != Pending::Nothing || self.follower.is_some() {
            return false;
        }
        let (id, here) = (self.current_id(), self.here());
        let Some((_, old)) = self.decks.get_mut(&id).filter(|(v, _)| *v == version) else { return false };
        let until_secs = old.clock.secs_at(here) + SAME_SECS * self.rate;
        if !old.begins_like(track, until_secs) {
            return false;
        }
        *old = Arc::clone(track);
        self.loop_deck = None;
        self.send_midi(|| MidiCommand::Continue(id, Arc::clone(track)));
        self.link.send(Command::Continue { version, track: Arc::clone(track), until_secs });
        true
    }

    pub(super) fn unload(&mut self, version: u64) {
        self.versions.remove(&version);
        if self.listening == Some(version) {
            let here = self.here();
            self.listening = None;
            self.halt(here);
        }
    }

    pub(super) fn clear(&mut self) {
        self.versions.clear();
        self.listening = None;
        self.origin_quarters = 0.0;
        self.set_loop(None);
        self.halt(0.0);
    }

    pub(super) fn listen(&mut self, version: u64) {
        if self.listening != Some(version) {
            self.listening = Some(version);
            self.renew();
        }
    }

    pub(super) fn play(&mut self) {
        let Some((_, track)) = self.track() else { return };
        if self.is_playing() {
            return;
        }
        let track = Arc::clone(track);
        let here = self.here();
        let start = match self.looped_part() {
            Some((start, end)) if here < start || here >= end - 1e-6 => start,
            None if here >= track.end_quarters - 1e-6 => 0.0,
            _ => here,
        };
        if start != here || (self.pending == Pending::Nothing && !self.has_deck()) {
            self.rest_quarters = Some(start);
            self.pending = Pending::Cue;
        }
        self.fulfil();
        if !self.has_deck() {
            return;
        }
        self.origin_quarters = start;
        self.state = PlayState::Playing;
        let count = CountIn::before(&track, start, self.count_in_bars);
        self.link.send(Command::Play(count));
    }

    pub(super) fn pause(&mut self) {
        if !self.is_playing() {
            return;
        }
        self.state = PlayState::Paused;
        self.link.send(Command::Pause);
        self.rest_quarters = None;
        match self.pending {
            Pending::Jump(quarters) => {
                self.rest_quarters = Some(quarters);
                self.pending = Pending::Cue;
            }
            Pending::Follow => self.pending = Pending::Cue,
            Pending::Nothing | Pending::Cue => {}
        }
    }

    pub(super) fn stop(&mut self) {
        let target = if self.state == PlayState::Stopped { 0.0 } else { self.origin_quarters };
        self.origin_quarters = target;
        self.halt(target);
        self.renew();
    }

    pub(super) fn seek(&mut self, quarters: f64) {
        let quarters = if quarters.is_finite() { quarters.max(0.0) } else { 0.0 };
        let end = self.track().map_or(f64::INFINITY, |(_, track)| track.end_quarters);
        let quarters = quarters.min(end);
        self.origin_quarters = quarters;
        if self.is_playing() {
            self.pending = Pending::Jump(quarters);
            return;
        }
        self.rest_quarters = Some(quarters);
        if self.track().is_some() {
            self.pending = Pending::Cue;
        } else {
            self.halt(quarters);
        }
    }

    pub(super) fn move_to(&mut self, place: impl FnOnce(f64) -> f64) {
        let mut from = self.heading();
        if self.is_playing()
            && let Some((_, sounding)) = self.decks.get(&self.current_id())
        {
            let ahead_secs = self.prepare_secs * self.rate;
            from = sounding.clock.quarters_at(sounding.clock.secs_at(from) + ahead_secs);
        }
        self.seek(place(from));
    }

    pub(super) fn set_loop(&mut self, looped: Option<(f64, f64)>) {
        let is_usable = |(start, end): &(f64, f64)| start.is_finite() && end.is_finite();
        self.looped = looped.filter(is_usable).map(|(start, end)| (start.max(0.0), end));
        self.loop_deck = None;
        self.link.send(Command::Loop(self.looped));
        if let Some((start, end)) = self.looped_part()
            && self.is_playing()
            && self.heading() >= end
        {
            self.pending = Pending::Jump(start);
        }
    }

    /// The engine has another sample rate, so it has lost its decks and rests.
    pub(super) fn set_sample_rate(&mut self, sample_rate: u32) {
        self.sample_rate = sample_rate;
        self.decks.clear();
        (self.follower, self.loop_deck) = (None, None);
        self.send_tools();
        if self.track().is_none() {
            // What is listened to is not there yet, so nothing can go on.
            return self.pause();
        }
        let quarters = match self.pending {
            Pending::Jump(quarters) => quarters,
            _ if self.is_playing() => self.link.status.read().quarters,
            _ => self.here(),
        };
        if self.is_playing() {
            self.resume_at(quarters);
        } else {
            self.rest_quarters = Some(quarters);
            self.pending = Pending::Cue;
        }
    }
}
