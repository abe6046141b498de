//! What comes back from the engine.

use super::decks::LONGEST_LEAD_SECS;
use super::state::{Pending, Scheduler};
use crate::transport::command::{Command, Returned};

impl Scheduler {
    /// Takes back what the engine has done with; here it may be dropped.
    pub(super) fn collect(&mut self) {
        while let Ok(thing) = self.link.returned.pop() {
            match thing {
                Returned::Spent(deck) => self.collect_deck(deck.id, false),
                Returned::Late(deck) => self.collect_deck(deck.id, true),
                Returned::Refused { version, track } => {
                    drop(track);
                    if self.listening == Some(version) {
                        self.renew();
                    }
                }
                Returned::Track(track) => drop(track),
                Returned::Tools(tools) => drop(tools),
            }
        }
        let sounding = self.link.status.read().deck;
        self.follower.take_if(|id| *id <= sounding);
        self.loop_deck.take_if(|id| *id <= sounding);
    }

    fn collect_deck(&mut self, id: u64, is_late: bool) {
        self.decks.remove(&id);
        if self.loop_deck == Some(id) {
            self.loop_deck = None;
        }
        if self.follower != Some(id) {
            return;
        }
        self.follower = None;
        let has_sounded = self.link.status.read().deck >= id;
        if !has_sounded {
            if is_late {
                self.prepare_secs = (2.0 * self.prepare_secs).min(LONGEST_LEAD_SECS);
            }
            self.renew();
        }
    }

    /// Looks whether the version has come to its end.
    pub(super) fn notice_end(&mut self) {
        let snapshot = self.link.status.read();
        if snapshot.ended <= self.seen_end {
            return;
        }
        self.seen_end = snapshot.ended;
        if !self.is_playing() {
            return;
        }
        if self.expected.0 > snapshot.ended {
            // A jump came just after the end and waits there.
            self.link.send(Command::Play(None));
        } else if let Pending::Jump(quarters) = self.pending {
            // The version ended while a jump was pending.
            self.resume_at(quarters);
        } else {
            self.halt(self.origin_quarters);
            self.renew();
        }
    }

    /// Plays on from a place after the engine has come to rest by itself.
    pub(super) fn resume_at(&mut self, quarters: f64) {
        self.rest_quarters = Some(quarters);
        self.pending = Pending::Cue;
        self.fulfil();
        if self.has_deck() {
            self.link.send(Command::Play(None));
        } else {
            self.halt(quarters);
        }
    }
}
