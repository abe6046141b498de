//! What the wishes of the control side mean for the engine. Runs on a thread of its own and makes
//! the decks, so that the callback finds them ready.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use rtrb::{Consumer, Producer};

use super::audition::Audition;
use super::clicks::{Clicker, CountIn};
use super::engine::{Order, Returned, Takeover, Tools};
use super::prepare::{Plan, prepare};
use super::programme::Programme;
use super::status::{Board, PlayState};
use crate::soundfont::Piano;

/// What the control side says.
pub(crate) enum Message {
    Load(u64, Arc<Programme>),
    Unload(u64),
    Clear,
    Listen(u64),
    Play,
    Pause,
    Stop,
    Seek(f64),
    Loop(Option<(f64, f64)>),
    Rate(f64),
    Volume(f32),
    Metronome(bool),
    CountIn(u8),
    Matching(bool),
    Audition {
        pitch: u8,
        velocity: u8,
    },
    Piano(Box<Piano>),
    /// The engine has another sample rate from now on and stands still.
    Retuned(u32),
    /// Answered when all that was said before has been done.
    Settle(Sender<()>),
    Quit,
}

/// Slowest and fastest tempo, as factors.
pub(crate) const RATES: (f64, f64) = (0.25, 2.0);

/// Loops shorter than this start again in place.
const SHORTEST_PREPARED_LOOP_SECS: f64 = 0.4;

/// How far ahead of the playhead another version takes over, beside the time it takes to prepare.
const LEAD_SECS: f64 = 0.035;

/// The longest that the switch waits for its preparation; if that does not do, it is tried again.
const LONGEST_LEAD_SECS: f64 = 0.5;

/// A version may go on changed in place if it is the same for this long yet.
const SAME_SECS: f64 = 0.4;

/// How often the engine is looked at while it plays.
const LOOK: Duration = Duration::from_millis(5);

#[derive(Clone, Copy, PartialEq)]
enum Wish {
    Nothing,
    /// A deck at rest.
    Cue,
    /// A deck that sounds at once, elsewhere.
    Jump(f64),
    /// A deck of what is listened to now, at the same place.
    Follow,
}

pub(crate) struct Conductor {
    messages: Receiver<Message>,
    orders: Producer<Order>,
    backlog: VecDeque<Order>,
    returned: Consumer<Returned>,
    board: Arc<Board>,
    piano: Piano,
    sample_rate: u32,
    versions: BTreeMap<u64, Arc<Programme>>,
    listening: Option<u64>,
    state: PlayState,
    wish: Wish,
    /// Where it rests; nothing for where the engine stopped.
    rest_quarters: Option<f64>,
    /// Where playing began.
    origin_quarters: f64,
    looped: Option<(f64, f64)>,
    rate: f64,
    count_in_bars: u8,
    last_id: u64,
    /// Decks that the engine has.
    decks: BTreeMap<u64, (u64, Arc<Programme>)>,
    /// The deck that sounds or is about to, and where it starts.
    expected: (u64, f64),
    /// A deck that will take over at the same place.
    follower: Option<u64>,
    loop_deck: Option<u64>,
    seen_end: u64,
    prepare_secs: f64,
    settling: Vec<Sender<()>>,
}

impl Conductor {
    pub(crate) fn new(
        messages: Receiver<Message>,
        (orders, returned): (Producer<Order>, Consumer<Returned>),
        board: Arc<Board>,
        piano: Piano,
        sample_rate: u32,
    ) -> Self {
        let mut conductor = Self {
            messages,
            orders,
            backlog: VecDeque::new(),
            returned,
            board,
            piano,
            sample_rate,
            versions: BTreeMap::new(),
            listening: None,
            state: PlayState::Stopped,
            wish: Wish::Nothing,
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
            settling: Vec::new(),
        };
        conductor.send_tools();
        conductor
    }

    /// Works until told to quit, or until nobody is left to tell.
    pub(crate) fn run(mut self) {
        loop {
            let patience = if self.is_playing() { LOOK } else { 20 * LOOK };
            match self.messages.recv_timeout(patience) {
                Ok(Message::Quit) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(message) => self.hear(message),
                Err(RecvTimeoutError::Timeout) => {}
            }
            // All that was said at once, so that dragging in the ruler makes one deck, not fifty.
            while let Ok(message) = self.messages.try_recv() {
                if matches!(message, Message::Quit) {
                    return;
                }
                self.hear(message);
            }
            self.collect();
            self.notice_end();
            self.fulfil();
            self.prepare_loop();
            self.flush();
            for settled in self.settling.drain(..) {
                // Nobody waits any more: nothing is lost.
                let _ = settled.send(());
            }
        }
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Load(version, programme) => self.load(version, programme),
            Message::Unload(version) => self.unload(version),
            Message::Clear => self.clear(),
            Message::Listen(version) => self.listen(version),
            Message::Play => self.play(),
            Message::Pause => self.pause(),
            Message::Stop => self.stop(),
            Message::Seek(quarters) => self.seek(quarters),
            Message::Loop(looped) => self.set_loop(looped),
            Message::Rate(rate) => {
                self.rate = if rate.is_finite() { rate.clamp(RATES.0, RATES.1) } else { 1.0 };
                self.order(Order::Rate(self.rate));
            }
            Message::Volume(volume) => {
                let volume = if volume.is_finite() { volume.clamp(0.0, 2.0) } else { 1.0 };
                self.order(Order::Volume(volume));
            }
            Message::Metronome(on) => self.order(Order::Metronome(on)),
            Message::CountIn(bars) => self.count_in_bars = bars.min(4),
            Message::Matching(on) => self.order(Order::Matching(on)),
            Message::Audition { pitch, velocity } => self.order(Order::Strike { pitch, velocity }),
            Message::Piano(piano) => {
                self.piano = *piano;
                self.send_tools();
                self.renew();
            }
            Message::Retuned(sample_rate) => self.retuned(sample_rate),
            Message::Settle(settled) => self.settling.push(settled),
            Message::Quit => {}
        }
    }

    fn is_playing(&self) -> bool {
        self.state == PlayState::Playing
    }

    fn programme(&self) -> Option<(u64, &Arc<Programme>)> {
        let version = self.listening?;
        Some((version, self.versions.get(&version)?))
    }

    /// The loop, as far as what is listened to has it.
    fn looped_part(&self) -> Option<(f64, f64)> {
        self.programme()?.1.part_of_loop(self.looped?)
    }

    /// Where the playhead is, or will be when the engine has done what it was told.
    fn here(&self) -> f64 {
        let report = self.board.read();
        match (self.is_playing(), self.rest_quarters) {
            (true, _) if report.deck < self.expected.0 => self.expected.1,
            (true, _) | (false, None) => report.quarters,
            (false, Some(quarters)) => quarters,
        }
    }

    /// Whether the engine has a deck to play, or will when it has looked.
    fn has_deck(&self) -> bool {
        self.decks.contains_key(&self.board.read().deck.max(self.expected.0))
    }

    /// A deck for what is listened to now, wherever that is.
    fn renew(&mut self) {
        if self.programme().is_none() || matches!(self.wish, Wish::Jump(_)) {
            return;
        }
        self.wish = if self.is_playing() { Wish::Follow } else { Wish::Cue };
    }

    fn load(&mut self, version: u64, programme: Arc<Programme>) {
        self.versions.insert(version, Arc::clone(&programme));
        if self.listening != Some(version) || self.go_on_in_place(version, &programme) {
            return;
        }
        self.renew();
    }

    /// A programme that has only grown, or changed far from here, goes on without a new deck.
    fn go_on_in_place(&mut self, version: u64, programme: &Arc<Programme>) -> bool {
        if self.wish != Wish::Nothing || self.follower.is_some() {
            return false;
        }
        let id = self.board.read().deck.max(self.expected.0);
        let here = self.here();
        let Some((_, old)) = self.decks.get_mut(&id).filter(|(v, _)| *v == version) else { return false };
        let until_secs = old.clock.secs_at(here) + SAME_SECS * self.rate;
        if !old.begins_like(programme, until_secs) {
            return false;
        }
        *old = Arc::clone(programme);
        self.loop_deck = None;
        self.order(Order::GoOn { version, programme: Arc::clone(programme), until_secs });
        true
    }

    fn unload(&mut self, version: u64) {
        self.versions.remove(&version);
        if self.listening == Some(version) {
            let here = self.here();
            self.listening = None;
            self.halt(here);
        }
    }

    fn clear(&mut self) {
        self.versions.clear();
        self.listening = None;
        self.origin_quarters = 0.0;
        self.set_loop(None);
        self.halt(0.0);
    }

    fn listen(&mut self, version: u64) {
        if self.listening != Some(version) {
            self.listening = Some(version);
            self.renew();
        }
    }

    fn play(&mut self) {
        let Some((_, programme)) = self.programme() else { return };
        if self.is_playing() {
            return;
        }
        let programme = Arc::clone(programme);
        let here = self.here();
        let start = match self.looped_part() {
            Some((start, end)) if here < start || here >= end - 1e-6 => start,
            None if here >= programme.end_quarters - 1e-6 => 0.0,
            _ => here,
        };
        if start != here {
            self.rest_quarters = Some(start);
            self.wish = Wish::Cue;
        }
        if self.wish == Wish::Nothing && !self.has_deck() {
            self.rest_quarters = Some(start);
            self.wish = Wish::Cue;
        }
        self.fulfil();
        if !self.has_deck() {
            return;
        }
        self.origin_quarters = start;
        self.state = PlayState::Playing;
        let count = CountIn::before(&programme, start, self.count_in_bars);
        self.order(Order::Play(count));
    }

    fn pause(&mut self) {
        if !self.is_playing() {
            return;
        }
        self.state = PlayState::Paused;
        self.order(Order::Pause);
        self.rest_quarters = None;
        match self.wish {
            Wish::Jump(quarters) => {
                self.rest_quarters = Some(quarters);
                self.wish = Wish::Cue;
            }
            Wish::Follow => self.wish = Wish::Cue,
            Wish::Nothing | Wish::Cue => {}
        }
    }

    fn stop(&mut self) {
        let target = if self.state == PlayState::Stopped { 0.0 } else { self.origin_quarters };
        self.origin_quarters = target;
        self.halt(target);
        self.renew();
    }

    /// Rests at a place, without a deck.
    fn halt(&mut self, quarters: f64) {
        self.state = PlayState::Stopped;
        self.rest_quarters = Some(quarters);
        self.wish = Wish::Nothing;
        self.order(Order::Halt { version: self.listening, quarters });
    }

    fn seek(&mut self, quarters: f64) {
        let quarters = if quarters.is_finite() { quarters.max(0.0) } else { 0.0 };
        let end = self.programme().map_or(f64::INFINITY, |(_, p)| p.end_quarters);
        let quarters = quarters.min(end);
        self.origin_quarters = quarters;
        if self.is_playing() {
            self.wish = Wish::Jump(quarters);
            return;
        }
        self.rest_quarters = Some(quarters);
        if self.programme().is_some() {
            self.wish = Wish::Cue;
        } else {
            self.halt(quarters);
        }
    }

    fn set_loop(&mut self, looped: Option<(f64, f64)>) {
        let is_usable = |(start, end): &(f64, f64)| start.is_finite() && end.is_finite();
        self.looped = looped.filter(is_usable).map(|(start, end)| (start.max(0.0), end));
        self.loop_deck = None;
        self.order(Order::Loop(self.looped));
        if let Some((start, end)) = self.looped_part()
            && self.is_playing()
            && self.here() >= end
        {
            self.wish = Wish::Jump(start);
        }
    }

    fn retuned(&mut self, sample_rate: u32) {
        self.sample_rate = sample_rate;
        self.send_tools();
        if self.programme().is_none() {
            return;
        }
        let was_playing = self.is_playing();
        self.rest_quarters = Some(self.board.read().quarters);
        self.wish = Wish::Cue;
        self.fulfil();
        if was_playing {
            self.order(Order::Play(None));
        }
    }

    fn send_tools(&mut self) {
        match Audition::new(&self.piano, self.sample_rate) {
            Ok(audition) => {
                let clicker = Clicker::new(self.sample_rate);
                self.order(Order::Tools(Box::new(Tools { audition, clicker })));
            }
            Err(error) => self.board.set_trouble(Some(error.to_string())),
        }
    }

    fn order(&mut self, order: Order) {
        self.backlog.push_back(order);
        self.flush();
    }

    /// Hands over what there is room for; the rest later.
    fn flush(&mut self) {
        while let Some(order) = self.backlog.pop_front() {
            if let Err(rtrb::PushError::Full(order)) = self.orders.push(order) {
                self.backlog.push_front(order);
                return;
            }
        }
    }

    /// Takes back what the engine has done with; here it may be dropped.
    fn collect(&mut self) {
        while let Ok(thing) = self.returned.pop() {
            let (deck, is_late) = match thing {
                Returned::Spent(deck) => (deck, false),
                Returned::Late(deck) => (deck, true),
                Returned::Refused { version, programme } => {
                    drop(programme);
                    if self.listening == Some(version) {
                        self.renew();
                    }
                    continue;
                }
                Returned::Programme(programme) => {
                    drop(programme);
                    continue;
                }
                Returned::Tools(tools) => {
                    drop(tools);
                    continue;
                }
            };
            self.decks.remove(&deck.id);
            if self.loop_deck == Some(deck.id) {
                self.loop_deck = None;
            }
            if self.follower == Some(deck.id) {
                self.follower = None;
                // It never sounded.
                if self.board.read().deck < deck.id {
                    if is_late {
                        self.prepare_secs = (2.0 * self.prepare_secs).min(LONGEST_LEAD_SECS);
                    }
                    self.renew();
                }
            }
        }
        let sounding = self.board.read().deck;
        self.follower.take_if(|id| *id <= sounding);
        self.loop_deck.take_if(|id| *id <= sounding);
    }

    fn notice_end(&mut self) {
        let report = self.board.read();
        if report.ended <= self.seen_end {
            return;
        }
        self.seen_end = report.ended;
        if !self.is_playing() {
            return;
        }
        if self.expected.0 > report.ended {
            // A jump came just after the end and waits there.
            self.order(Order::Play(None));
        } else if let Wish::Jump(quarters) = self.wish {
            self.resume_at(quarters);
        } else {
            let origin = self.origin_quarters;
            self.halt(origin);
            self.renew();
        }
    }

    /// The version ended while a jump was being wished for: play on from there.
    fn resume_at(&mut self, quarters: f64) {
        self.rest_quarters = Some(quarters);
        self.wish = Wish::Cue;
        self.fulfil();
        if self.has_deck() {
            self.order(Order::Play(None));
        } else {
            self.halt(quarters);
        }
    }

    fn fulfil(&mut self) {
        // Until what is listened to is there, the wish stays one.
        let Some((_, programme)) = self.programme() else { return };
        let end = programme.end_quarters;
        match std::mem::replace(&mut self.wish, Wish::Nothing) {
            Wish::Nothing => {}
            Wish::Cue => {
                let here = self.rest_quarters.unwrap_or_else(|| self.here()).min(end);
                self.rest_quarters = self.rest_quarters.map(|_| here);
                self.start_deck(here);
            }
            Wish::Jump(quarters) => self.start_deck(quarters.min(end)),
            Wish::Follow => self.follow(),
        }
    }

    /// A deck that takes over at once, or waits for playing to begin.
    fn start_deck(&mut self, quarters: f64) {
        (self.follower, self.loop_deck) = (None, None);
        if let Some((id, _)) = self.make_deck(quarters, false, |_| Takeover::Now) {
            self.expected = (id, quarters);
        }
    }

    /// A deck that takes over a little later at the same place in the score.
    fn follow(&mut self) {
        let here = self.here();
        let report = self.board.read();
        let old = self.decks.get(&report.deck.max(self.expected.0));
        let Some((_, old)) = old.filter(|_| report.state == PlayState::Playing) else {
            return self.start_deck(here);
        };
        let lead_secs = (LEAD_SECS + 1.5 * self.prepare_secs).min(LONGEST_LEAD_SECS) * self.rate;
        let meeting = old.clock.quarters_at(old.clock.secs_at(here) + lead_secs);
        let end = self.programme().map_or(meeting, |(_, p)| p.end_quarters);
        let meeting = meeting.min(end);
        let id = match self.looped_part() {
            // The loop ends before: the next pass is of the new version.
            Some((start, end)) if here < end && meeting >= end => self.make_loop_deck(start),
            _ => {
                let at_meeting = |deck_quarters| Takeover::At { leave_quarters: deck_quarters };
                self.make_deck(meeting, true, at_meeting).map(|(id, _)| id)
            }
        };
        self.follower = id;
    }

    fn make_loop_deck(&mut self, start_quarters: f64) -> Option<u64> {
        let (_, programme) = self.programme()?;
        let clock = programme.clock.clone();
        let start_secs = clock.secs_at(start_quarters);
        let before =
            |quarters: f64| Takeover::Loop { before_secs: (start_secs - clock.secs_at(quarters)).max(0.0) };
        let (id, _) = self.make_deck(start_quarters, false, before)?;
        self.loop_deck = Some(id);
        Some(id)
    }

    /// Makes a deck of what is listened to and sends it. `takeover` is told where it starts.
    fn make_deck(
        &mut self,
        quarters: f64,
        joins: bool,
        takeover: impl FnOnce(f64) -> Takeover,
    ) -> Option<(u64, f64)> {
        let (version, programme) = self.programme()?;
        let programme = Arc::clone(programme);
        let id = self.last_id + 1;
        let plan = Plan {
            id,
            version,
            programme: &programme,
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
                self.board.set_trouble(Some(error.to_string()));
                return None;
            }
        };
        self.prepare_secs = 0.5 * (self.prepare_secs + begin.elapsed().as_secs_f64());
        self.board.set_trouble(None);
        self.last_id = id;
        let start_quarters = programme.clock.quarters_at(deck.secs());
        self.decks.insert(id, (version, programme));
        self.order(Order::Deck(deck, takeover(start_quarters)));
        Some((id, start_quarters))
    }

    /// The next pass of the loop is made while this one plays.
    fn prepare_loop(&mut self) {
        let Some((start, end)) = self.looped_part() else { return };
        let is_busy = self.loop_deck.is_some() || self.follower.is_some() || self.wish != Wish::Nothing;
        if !self.is_playing() || is_busy {
            return;
        }
        let Some((_, programme)) = self.programme() else { return };
        let length_secs = (programme.clock.secs_at(end) - programme.clock.secs_at(start)) / self.rate;
        if length_secs >= SHORTEST_PREPARED_LOOP_SECS && self.here() < end {
            self.make_loop_deck(start);
        }
    }
}
