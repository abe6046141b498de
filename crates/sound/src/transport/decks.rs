//! The decks in the engine: the one that plays, those that fade out and those that wait to take over.

use std::sync::Arc;

use super::command::{Returned, Returns};
use super::deck::Deck;
use super::track::Track;

/// Decks that may fade out at once; of more, the softest is cut off.
const MOST_FADING: usize = 4;

/// All decks of the engine. Those that are done with go back to the scheduler.
pub(crate) struct Decks {
    /// The one that plays, or will after a command to play.
    pub current: Option<Box<Deck>>,
    fading: [Option<Box<Deck>>; MOST_FADING],
    /// Takes over when the current one comes to a place, in quarters.
    next: Option<(Box<Deck>, f64)>,
    /// The next pass of the loop: takes over so many seconds before the loop's end.
    next_pass: Option<(Box<Deck>, f64)>,
    pub returns: Returns,
}

impl Decks {
    pub(crate) fn new(returns: Returns) -> Self {
        Self { current: None, fading: [const { None }; MOST_FADING], next: None, next_pass: None, returns }
    }

    /// Frees all decks; not for the callback.
    pub(crate) fn clear(&mut self) {
        (self.current, self.next, self.next_pass) = (None, None, None);
        self.fading = [const { None }; MOST_FADING];
    }

    /// Lets a deck take over at a place of the current one.
    pub(crate) fn set_next(&mut self, deck: Box<Deck>, leave_quarters: f64) {
        let old = self.next.replace((deck, leave_quarters));
        self.spend(old.map(|(deck, _)| deck));
    }

    /// Lets a deck take over so many seconds before the end of the loop.
    pub(crate) fn set_next_pass(&mut self, deck: Box<Deck>, before_secs: f64) {
        let old = self.next_pass.replace((deck, before_secs));
        self.spend(old.map(|(deck, _)| deck));
    }

    pub(crate) fn has_next(&self) -> bool {
        self.next.is_some()
    }

    pub(crate) fn take_next(&mut self) -> Option<Box<Deck>> {
        self.next.take().map(|(deck, _)| deck)
    }

    pub(crate) fn take_next_pass(&mut self) -> Option<Box<Deck>> {
        self.next_pass.take().map(|(deck, _)| deck)
    }

    /// Where in the current deck the next one takes over, in seconds.
    pub(crate) fn next_secs(&self, current: &Deck) -> Option<f64> {
        self.next.as_ref().map(|(_, quarters)| current.track().clock.secs_at(*quarters))
    }

    /// Where in the current deck the next pass of a loop takes over that ends at `loop_end_secs`.
    pub(crate) fn next_pass_secs(&self, loop_end_secs: Option<f64>) -> Option<f64> {
        let (_, before_secs) = self.next_pass.as_ref()?;
        loop_end_secs.map(|end| end - before_secs)
    }

    /// The next deck cannot take over any more: its moment has passed.
    pub(crate) fn miss_next(&mut self) {
        if let Some(deck) = self.take_next() {
            self.returns.send(Returned::Late(deck));
        }
    }

    pub(crate) fn drop_next_pass(&mut self) {
        let deck = self.take_next_pass();
        self.spend(deck);
    }

    pub(crate) fn drop_waiting(&mut self) {
        let deck = self.take_next();
        self.spend(deck);
        self.drop_next_pass();
    }

    /// Puts a deck in the place of the current one, which fades out if it is heard.
    pub(crate) fn replace(&mut self, deck: Box<Deck>, is_heard: bool, fade_frames: f32) {
        let old = self.current.replace(deck);
        self.retire(old, is_heard, fade_frames);
    }

    /// Leaves no current deck.
    pub(crate) fn remove(&mut self, is_heard: bool, fade_frames: f32) {
        let old = self.current.take();
        self.retire(old, is_heard, fade_frames);
    }

    fn retire(&mut self, deck: Option<Box<Deck>>, is_heard: bool, fade_frames: f32) {
        match deck {
            Some(deck) if is_heard || deck.fade.is_fading_out() => self.fade_out(deck, fade_frames),
            silent => self.spend(silent),
        }
    }

    fn fade_out(&mut self, mut deck: Box<Deck>, frames: f32) {
        deck.fade.fade_out(frames);
        let phase = |slot: &Option<Box<Deck>>| slot.as_ref().map_or(-1.0, |deck| deck.fade.phase());
        let softest = self.fading.iter_mut().min_by(|a, b| phase(a).total_cmp(&phase(b)));
        let old = softest.and_then(|slot| slot.replace(deck));
        self.spend(old);
    }

    fn spend(&mut self, deck: Option<Box<Deck>>) {
        if let Some(deck) = deck {
            self.returns.send(Returned::Spent(deck));
        }
    }

    /// Goes on with a track that has been the same up to here; gives it back if it is too late.
    pub(crate) fn continue_with(&mut self, version: u64, track: Arc<Track>, until_secs: f64) {
        self.drop_next_pass();
        let returned = match &mut self.current {
            Some(deck) if deck.version == version && deck.secs() + 0.01 < until_secs => {
                Returned::Track(deck.continue_with(track))
            }
            _ => Returned::Refused { version, track },
        };
        self.returns.send(returned);
    }

    pub(crate) fn set_rate(&mut self, rate: f64) {
        self.fading.iter_mut().flatten().for_each(|deck| deck.set_rate(rate));
        self.current_and_waiting().for_each(|deck| deck.set_rate(rate));
    }

    pub(crate) fn match_loudness(&mut self, is_on: bool, frames: f32) {
        self.current_and_waiting().for_each(|deck| deck.match_loudness(is_on, frames));
    }

    fn current_and_waiting(&mut self) -> impl Iterator<Item = &mut Box<Deck>> {
        let waiting = [&mut self.next, &mut self.next_pass].into_iter().flatten().map(|(deck, _)| deck);
        waiting.chain(&mut self.current)
    }

    /// Adds the next frames of all decks that are heard to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32], is_playing: bool) {
        if let Some(deck) = &mut self.current
            && (is_playing || deck.fade.is_fading_out())
        {
            deck.add_to(out);
        }
        for slot in &mut self.fading {
            if let Some(deck) = slot {
                deck.add_to(out);
            }
            if let Some(deck) = slot.take_if(|deck| deck.fade.is_out()) {
                self.returns.send(Returned::Spent(deck));
            }
        }
    }
}
