//! The audio callback: mixes decks, clicks and single notes, and hands over from deck to deck.
//!
//! Nothing here allocates, frees, locks or waits. Orders come in and spent decks go out through
//! wait-free queues; the state goes out through the atomics of [`Board`].

use std::sync::Arc;
use std::time::Duration;

use rtrb::{Consumer, Producer};

use super::audition::Audition;
use super::clicks::{Clicker, CountIn};
use super::deck::Deck;
use super::prepare::FADE_SECS;
use super::programme::Programme;
use super::ramp::Ramp;
use super::status::{Board, PlayState, Report};
use crate::instrument::BLOCK_FRAMES;
use crate::synth::CEILING;

/// What the engine is told.
pub(crate) enum Order {
    Deck(Box<Deck>, Takeover),
    /// The programme of a version grows or changes later than `until_secs` only.
    GoOn {
        version: u64,
        programme: Arc<Programme>,
        until_secs: f64,
    },
    Play(Option<CountIn>),
    Pause,
    /// At rest, without a deck, at a place.
    Halt {
        version: Option<u64>,
        quarters: f64,
    },
    Loop(Option<(f64, f64)>),
    Rate(f64),
    Volume(f32),
    Metronome(bool),
    Matching(bool),
    Tools(Box<Tools>),
    Strike {
        pitch: u8,
        velocity: u8,
    },
}

/// When a deck takes over.
pub(crate) enum Takeover {
    /// At once; if at rest it waits there for [`Order::Play`].
    Now,
    /// When the one that sounds comes to this place in the score.
    At { leave_quarters: f64 },
    /// At the end of the loop, so many seconds before it.
    Loop { before_secs: f64 },
}

/// What comes back to be dropped, or to be made further on.
pub(crate) enum Returned {
    Spent(Box<Deck>),
    /// It came after its moment.
    Late(Box<Deck>),
    /// The version is too far on to grow in place.
    Refused {
        version: u64,
        programme: Arc<Programme>,
    },
    Programme(Arc<Programme>),
    Tools(Box<Tools>),
}

/// What belongs to a piano and a sample rate beside the decks.
pub(crate) struct Tools {
    pub audition: Audition,
    pub clicker: Clicker,
}

#[derive(Clone, Copy)]
enum Motion {
    Rest,
    CountIn { count: CountIn, done_secs: f64, next_click: u32 },
    Playing,
}

/// Makes the sound, buffer by buffer.
pub struct Engine {
    orders: Consumer<Order>,
    returned: Producer<Returned>,
    board: Arc<Board>,
    sample_rate: u32,
    motion: Motion,
    current: Option<Box<Deck>>,
    fading: [Option<Box<Deck>>; 4],
    next: Option<(Box<Deck>, f64)>,
    looping: Option<(Box<Deck>, f64)>,
    looped: Option<(f64, f64)>,
    rest: (Option<u64>, f64),
    is_paused: bool,
    ended: u64,
    rate: f64,
    volume: Ramp,
    metronome: bool,
    /// The metronome has clicked up to here.
    clicked_quarters: f64,
    matching: bool,
    tools: Option<Box<Tools>>,
    /// Since this position there was no jump in this buffer.
    since_secs: f64,
}

/// A deck comes later than its moment if it is behind by more than this.
const LATE_SECS: f64 = 0.004;

/// Volume and loudness matching change within this.
const RAMP_SECS: f64 = 0.02;

impl Engine {
    pub(crate) fn new(
        orders: Consumer<Order>,
        returned: Producer<Returned>,
        board: Arc<Board>,
        sample_rate: u32,
    ) -> Self {
        Self {
            orders,
            returned,
            board,
            sample_rate,
            motion: Motion::Rest,
            current: None,
            fading: [None, None, None, None],
            next: None,
            looping: None,
            looped: None,
            rest: (None, 0.0),
            is_paused: false,
            ended: 0,
            rate: 1.0,
            volume: Ramp::at(1.0),
            metronome: false,
            clicked_quarters: 0.0,
            matching: true,
            tools: None,
            since_secs: 0.0,
        }
    }

    /// Frames a second.
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Fills a buffer, left and right by turns; heard at once, as the virtual clock has it.
    pub fn fill(&mut self, out: &mut [f32]) {
        self.fill_for(out, None);
    }

    /// Fills a buffer whose first frame is heard so much later than now.
    pub(crate) fn fill_heard_in(&mut self, out: &mut [f32], latency: Duration) {
        let length = Duration::from_secs_f64(out.len() as f64 / 2.0 / f64::from(self.sample_rate));
        let end = self.board.since_epoch() + latency + length;
        self.fill_for(out, Some(end));
    }

    pub(crate) fn board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }

    /// Changes the sample rate; not for the callback. Decks are made for one rate, so all go, and it
    /// rests where it was.
    pub(crate) fn retune(&mut self, sample_rate: u32) {
        self.sample_rate = sample_rate;
        if let Some(deck) = self.current.take() {
            self.rest = (Some(deck.version), deck.shown().0);
        }
        self.fading = [None, None, None, None];
        (self.next, self.looping, self.tools) = (None, None, None);
        self.motion = Motion::Rest;
        self.is_paused = true;
        self.report(None);
    }

    fn fill_for(&mut self, out: &mut [f32], heard_at: Option<Duration>) {
        while let Ok(order) = self.orders.pop() {
            self.obey(order);
        }
        self.since_secs = self.current.as_ref().map_or(0.0, |d| d.shown().1);
        out.fill(0.0);
        let mut rest = out;
        while rest.len() >= 2 {
            let frames = self.step_frames((rest.len() / 2).min(BLOCK_FRAMES));
            let (now, later) = rest.split_at_mut(2 * frames);
            self.mix(now);
            rest = later;
            self.hand_over();
        }
        self.report(heard_at);
    }

    fn frames(&self, secs: f64) -> f32 {
        (secs * f64::from(self.sample_rate)) as f32
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Deck(deck, takeover) => self.receive(deck, takeover),
            Order::GoOn { version, programme, until_secs } => self.go_on(version, programme, until_secs),
            Order::Play(count) => self.play(count),
            Order::Pause => self.pause(),
            Order::Halt { version, quarters } => self.halt(version, quarters),
            Order::Loop(looped) => {
                self.looped = looped;
                let waiting = self.looping.take();
                self.give_back(waiting.map(|(deck, _)| Returned::Spent(deck)));
            }
            Order::Rate(rate) => self.set_rate(rate),
            Order::Volume(volume) => self.volume.go_to(volume, self.frames(RAMP_SECS)),
            Order::Metronome(on) => self.metronome = on,
            Order::Matching(on) => {
                self.matching = on;
                self.match_loudness();
            }
            Order::Tools(tools) => {
                let old = self.tools.replace(tools);
                self.give_back(old.map(Returned::Tools));
            }
            Order::Strike { pitch, velocity } => {
                if let Some(tools) = &mut self.tools {
                    tools.audition.strike(pitch, velocity);
                }
            }
        }
    }

    fn give_back(&mut self, thing: Option<Returned>) {
        if let Some(Err(rtrb::PushError::Full(thing))) = thing.map(|thing| self.returned.push(thing)) {
            // Nobody collects, which ends with the program: to leak here is better than to free.
            std::mem::forget(thing);
        }
    }

    fn receive(&mut self, mut deck: Box<Deck>, takeover: Takeover) {
        if deck.sample_rate() != f64::from(self.sample_rate) {
            return self.give_back(Some(Returned::Late(deck)));
        }
        deck.set_rate(self.rate);
        deck.begin_at_gain(gain(self.matching, &deck));
        let leave_secs = |current: &Option<Box<Deck>>, quarters: f64| {
            current.as_ref().map(|deck| deck.programme().clock.secs_at(quarters) - deck.secs())
        };
        match (takeover, self.motion) {
            (Takeover::At { leave_quarters }, Motion::Playing) if self.current.is_some() => {
                let wait_secs = leave_secs(&self.current, leave_quarters);
                if wait_secs.is_some_and(|wait| wait < -LATE_SECS * self.rate) {
                    return self.give_back(Some(Returned::Late(deck)));
                }
                let old = self.next.replace((deck, leave_quarters));
                self.give_back(old.map(|(deck, _)| Returned::Spent(deck)));
            }
            (Takeover::Loop { before_secs }, _) => {
                let old = self.looping.replace((deck, before_secs));
                self.give_back(old.map(|(deck, _)| Returned::Spent(deck)));
            }
            (Takeover::Now | Takeover::At { .. }, _) => self.take_over(deck, true),
        }
    }

    /// Puts a deck in the place of the one that sounds.
    fn take_over(&mut self, mut deck: Box<Deck>, is_jump: bool) {
        if is_jump {
            self.clicked_quarters = deck.shown().0;
        }
        self.since_secs = deck.shown().1;
        let is_at_rest = matches!(self.motion, Motion::Rest | Motion::CountIn { .. });
        if !is_at_rest && !deck.fade.is_in() {
            deck.fade.come_in(self.frames(FADE_SECS));
        }
        let waiting = [self.next.take(), self.looping.take()];
        waiting.into_iter().flatten().for_each(|(deck, _)| self.give_back(Some(Returned::Spent(deck))));
        if let Some(old) = self.current.replace(deck) {
            let is_heard = !is_at_rest || old.fade.is_going_out();
            if is_heard { self.fade_out(old) } else { self.give_back(Some(Returned::Spent(old))) }
        }
    }

    fn fade_out(&mut self, mut deck: Box<Deck>) {
        deck.fade.go_out(self.frames(FADE_SECS));
        let softest = |a: &&mut Option<Box<Deck>>, b: &&mut Option<Box<Deck>>| {
            let phase = |slot: &Option<Box<Deck>>| slot.as_ref().map_or(-1.0, |d| d.fade.phase());
            phase(a).total_cmp(&phase(b))
        };
        let old = self.fading.iter_mut().min_by(softest).and_then(|slot| slot.replace(deck));
        self.give_back(old.map(Returned::Spent));
    }

    fn go_on(&mut self, version: u64, programme: Arc<Programme>, until_secs: f64) {
        let waiting = self.looping.take();
        self.give_back(waiting.map(|(deck, _)| Returned::Spent(deck)));
        let returned = match &mut self.current {
            Some(deck) if deck.version == version && deck.secs() + 0.01 < until_secs => {
                Returned::Programme(deck.go_on_with(programme))
            }
            _ => Returned::Refused { version, programme },
        };
        self.give_back(Some(returned));
        self.match_loudness();
    }

    fn play(&mut self, count: Option<CountIn>) {
        let fade_frames = self.frames(FADE_SECS);
        let Some(deck) = &mut self.current else { return };
        self.is_paused = false;
        match count {
            Some(count) => self.motion = Motion::CountIn { count, done_secs: 0.0, next_click: 0 },
            None => {
                self.motion = Motion::Playing;
                if !deck.fade.is_in() {
                    deck.fade.come_in(fade_frames);
                }
            }
        }
    }

    fn pause(&mut self) {
        let fade_frames = self.frames(FADE_SECS);
        if let Some(deck) = &mut self.current
            && matches!(self.motion, Motion::Playing)
        {
            deck.fade.go_out(fade_frames);
        }
        self.is_paused = true;
        self.motion = Motion::Rest;
    }

    fn halt(&mut self, version: Option<u64>, quarters: f64) {
        let is_heard = |motion, deck: &Deck| matches!(motion, Motion::Playing) || deck.fade.is_going_out();
        if let Some(deck) = self.current.take() {
            let is_heard = is_heard(self.motion, &deck);
            if is_heard { self.fade_out(deck) } else { self.give_back(Some(Returned::Spent(deck))) }
        }
        let waiting = [self.next.take(), self.looping.take()];
        waiting.into_iter().flatten().for_each(|(deck, _)| self.give_back(Some(Returned::Spent(deck))));
        self.motion = Motion::Rest;
        self.is_paused = false;
        self.rest = (version, quarters);
    }

    fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
        let waiting = [&mut self.next, &mut self.looping].into_iter().flatten().map(|(deck, _)| deck);
        let decks = waiting.chain(&mut self.current).chain(self.fading.iter_mut().flatten());
        decks.for_each(|deck| deck.set_rate(rate));
    }

    fn match_loudness(&mut self) {
        let (frames, matching) = (self.frames(RAMP_SECS), self.matching);
        let waiting = [&mut self.next, &mut self.looping].into_iter().flatten().map(|(deck, _)| deck);
        for deck in waiting.chain(&mut self.current) {
            deck.set_gain(gain(matching, deck), frames);
        }
    }

    /// The most frames that may be mixed before something changes.
    fn step_frames(&mut self, most: usize) -> usize {
        let until = match (&self.motion, &self.current) {
            (Motion::CountIn { count, done_secs, .. }, Some(deck)) => {
                let lead_secs = (deck.shown_from_secs - deck.secs()).max(0.0);
                let left_secs = count.length_secs - lead_secs - done_secs;
                (left_secs * f64::from(self.sample_rate) / self.rate - 1e-3).ceil().max(0.0) as usize
            }
            (Motion::Playing, Some(deck)) => {
                let places = [self.next_secs(deck), self.loop_secs(deck), self.loop_end_secs(deck)];
                let ahead = places.into_iter().flatten().map(|secs| deck.frames_until(secs));
                let ahead = ahead.filter(|frames| *frames > 0).min().unwrap_or(most);
                ahead.min(deck.frames_until_block())
            }
            _ => most,
        };
        until.clamp(1, most)
    }

    /// Where the next deck takes over.
    fn next_secs(&self, deck: &Deck) -> Option<f64> {
        self.next.as_ref().map(|(_, quarters)| deck.programme().clock.secs_at(*quarters))
    }

    /// Where the prepared deck of the loop takes over.
    fn loop_secs(&self, deck: &Deck) -> Option<f64> {
        let (_, before_secs) = self.looping.as_ref()?;
        self.loop_end_secs(deck).map(|end| end - before_secs)
    }

    /// Where the loop ends, if the deck is still to come there.
    fn loop_end_secs(&self, deck: &Deck) -> Option<f64> {
        let (_, end) = self.looped.and_then(|looped| deck.programme().part_of_loop(looped))?;
        let end_secs = deck.programme().clock.secs_at(end);
        // A deck that is past the end by more than rounding did not come there through the loop.
        let is_ahead =
            deck.shown_from_secs < end_secs - 1e-6 && deck.secs() < end_secs + LATE_SECS * self.rate;
        is_ahead.then_some(end_secs)
    }

    /// Changes decks where the time has come.
    fn hand_over(&mut self) {
        let Some(deck) = &self.current else { return };
        match self.motion {
            Motion::Rest => {}
            Motion::CountIn { count, done_secs, .. } => {
                let lead_secs = (deck.shown_from_secs - deck.secs()).max(0.0);
                if done_secs >= count.length_secs - lead_secs - 1e-9 {
                    self.play(None);
                }
            }
            Motion::Playing => self.hand_over_playing(),
        }
    }

    fn hand_over_playing(&mut self) {
        let Some(deck) = &self.current else { return };
        let is_over = deck.is_over();
        let reached = |secs: Option<f64>| secs.is_some_and(|secs| deck.frames_until(secs) == 0);
        if self.next.is_some() && (is_over || reached(self.next_secs(deck))) {
            if let Some((deck, _)) = self.next.take() {
                self.take_over(deck, false);
            }
        } else if reached(self.loop_end_secs(deck)) {
            self.loop_in_place();
        } else if reached(self.loop_secs(deck)) && self.is_in_step(deck) {
            if let Some((deck, _)) = self.looping.take() {
                self.take_over(deck, true);
            }
        } else if is_over {
            self.end();
        }
    }

    /// Whether the loop's deck takes over just now; one that came later waits for the next pass.
    fn is_in_step(&self, deck: &Deck) -> bool {
        let behind_secs = self.loop_secs(deck).map_or(0.0, |secs| deck.secs() - secs);
        behind_secs < LATE_SECS * self.rate
    }

    /// The loop starts again without a prepared deck.
    fn loop_in_place(&mut self) {
        if let (Some(looped), Some(deck)) = (self.looped, &mut self.current)
            && let Some((start, end)) = deck.programme().part_of_loop(looped)
        {
            let clock = &deck.programme().clock;
            let (from_secs, to_secs) = (clock.secs_at(end), clock.secs_at(start));
            deck.jump_back(from_secs, to_secs, start);
            self.clicked_quarters = start;
            self.since_secs = to_secs;
        }
        // It was to take over further on.
        let missed = self.next.take();
        self.give_back(missed.map(|(deck, _)| Returned::Late(deck)));
    }

    fn end(&mut self) {
        if let Some(deck) = self.current.take() {
            self.rest = (Some(deck.version), deck.shown().0);
            self.ended = deck.id;
            self.give_back(Some(Returned::Spent(deck)));
        }
        self.motion = Motion::Rest;
        self.is_paused = false;
    }

    fn mix(&mut self, out: &mut [f32]) {
        self.click(out.len() / 2);
        let is_playing = matches!(self.motion, Motion::Playing);
        if let Some(deck) = &mut self.current
            && (is_playing || deck.fade.is_going_out())
        {
            deck.add_to(out);
        }
        for slot in &mut self.fading {
            if let Some(deck) = slot {
                deck.add_to(out);
            }
            if let Some(deck) = slot.take_if(|deck| deck.fade.is_out())
                && let Err(rtrb::PushError::Full(thing)) = self.returned.push(Returned::Spent(deck))
            {
                std::mem::forget(thing);
            }
        }
        if let Some(tools) = &mut self.tools {
            tools.audition.add_to(out);
            tools.clicker.add_to(out);
        }
        let is_full = self.volume.is_steady_at(1.0);
        for frame in out.chunks_exact_mut(2) {
            let volume = if is_full { 1.0 } else { self.volume.next() };
            frame.iter_mut().for_each(|s| *s = within_ceiling(volume * *s));
        }
    }

    /// Strikes the clicks that fall into the next frames.
    fn click(&mut self, frames: usize) {
        let Some(tools) = &mut self.tools else { return };
        let frames_per_sec = f64::from(self.sample_rate) / self.rate;
        match (&mut self.motion, &self.current) {
            (Motion::CountIn { count, done_secs, next_click }, _) => {
                let wait = (f64::from(*next_click) * count.period_secs - *done_secs) * frames_per_sec;
                if *next_click < count.clicks && wait < frames as f64 {
                    tools.clicker.strike(*next_click % count.beats == 0, wait.max(0.0) as usize);
                    *next_click += 1;
                }
                *done_secs += frames as f64 / frames_per_sec;
            }
            (Motion::Playing, Some(deck)) => {
                let programme = deck.programme();
                let (from_secs, clock) = (deck.secs(), &programme.clock);
                let end_quarters = clock.quarters_at(from_secs + frames as f64 / frames_per_sec);
                let from = programme.clicks.partition_point(|c| c.quarters < self.clicked_quarters - 1e-9);
                let click = programme.clicks.get(from).filter(|c| c.quarters < end_quarters);
                if let Some(click) = click {
                    let wait = (clock.secs_at(click.quarters) - from_secs) * frames_per_sec;
                    // One that was missed while the metronome was silent is not made up for.
                    if self.metronome && wait > -1.0 - frames as f64 {
                        tools.clicker.strike(click.is_downbeat, wait.max(0.0) as usize);
                    }
                    self.clicked_quarters = click.quarters + 1e-6;
                }
            }
            _ => {}
        }
    }

    fn report(&self, heard_at: Option<Duration>) {
        let state = match self.motion {
            Motion::CountIn { .. } => PlayState::CountIn,
            Motion::Playing => PlayState::Playing,
            Motion::Rest if self.is_paused => PlayState::Paused,
            Motion::Rest => PlayState::Stopped,
        };
        let mut report = Report {
            state,
            version: self.rest.0,
            quarters: self.rest.1,
            rate: self.rate,
            heard_at,
            ended: self.ended,
            ..Report::default()
        };
        if let Some(deck) = &self.current {
            (report.quarters, report.secs) = deck.shown();
            report.quarters_per_sec = 1.0 / deck.programme().clock.period_secs_at(report.quarters);
            (report.version, report.deck) = (Some(deck.version), deck.id);
            report.since_secs = self.since_secs;
        }
        self.board.write(&report);
    }
}

/// The factor for a deck; what is no number counts as none.
fn gain(matching: bool, deck: &Deck) -> f32 {
    let gain = deck.programme().gain;
    if matching && gain.is_finite() { gain.max(0.0) } else { 1.0 }
}

/// Keeps a sample within full scale: untouched up to the ceiling, bent above it.
fn within_ceiling(sample: f32) -> f32 {
    let over = sample.abs() - CEILING;
    if over <= 0.0 {
        return sample;
    }
    let room = 1.0 - CEILING;
    (CEILING + room * (over / room).tanh()).copysign(sample)
}
