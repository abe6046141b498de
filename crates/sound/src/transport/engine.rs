//! The audio callback: mixes decks, clicks and single notes, and hands over from deck to deck.
//!
//! Nothing here allocates, frees, locks or waits. Commands come in and spent decks go out through
//! wait-free queues; the state goes out through the atomics of [`SharedStatus`].

use std::sync::Arc;
use std::time::Duration;

use rtrb::{Consumer, Producer};

use super::command::{Command, Handover, Returned, Returns, Tools};
use super::count_in::{CountIn, Counting};
use super::deck::Deck;
use super::decks::Decks;
use super::limiter::Limiter;
use super::metronome::Metronome;
use super::prepare::FADE_SECS;
use super::ramp::Ramp;
use super::shared_status::{SharedStatus, Snapshot};
use super::status::PlayState;
use crate::events::SoundEventKind;
use crate::format::BLOCK_FRAMES;

#[derive(Clone, Copy)]
enum Motion {
    Rest,
    CountIn(Counting),
    Playing,
}

/// Makes the sound, buffer by buffer.
pub struct Engine {
    commands: Consumer<Command>,
    /// What a person plays on a keyboard.
    keys: Consumer<SoundEventKind>,
    status: Arc<SharedStatus>,
    sample_rate: u32,
    motion: Motion,
    decks: Decks,
    looped: Option<(f64, f64)>,
    /// What is shown without a deck: version and quarters.
    rest: (Option<u64>, f64),
    is_paused: bool,
    /// The last deck that came to its end.
    ended: u64,
    rate: f64,
    limiter: Limiter,
    metronome: Metronome,
    is_matching: bool,
    tools: Option<Box<Tools>>,
    /// Since this position there was no jump in this buffer: quarters and seconds.
    since: (f64, f64),
    /// So many frames of this buffer lie behind the last jump in it.
    unbroken_frames: usize,
    jumps: u64,
    /// 0 while notes go elsewhere; clicks are heard all the same.
    piano_gain: Ramp,
}

/// A deck comes later than its moment if it is behind by more than this.
const LATE_SECS: f64 = 0.004;

/// Volume and loudness matching change within this.
const RAMP_SECS: f64 = 0.02;

impl Engine {
    pub(crate) fn new(
        commands: Consumer<Command>,
        keys: Consumer<SoundEventKind>,
        returned: Producer<Returned>,
        status: Arc<SharedStatus>,
        sample_rate: u32,
    ) -> Self {
        Self {
            commands,
            keys,
            status,
            sample_rate,
            motion: Motion::Rest,
            decks: Decks::new(Returns::new(returned)),
            looped: None,
            rest: (None, 0.0),
            is_paused: false,
            ended: 0,
            rate: 1.0,
            limiter: Limiter::new(),
            metronome: Metronome::new(),
            is_matching: true,
            tools: None,
            since: (0.0, 0.0),
            unbroken_frames: 0,
            jumps: 0,
            piano_gain: Ramp::at(1.0),
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
        self.status.set_output_latency(latency + length);
        let end = self.status.since_epoch() + latency + length;
        self.fill_for(out, Some(end));
    }

    pub(crate) fn status(&self) -> Arc<SharedStatus> {
        Arc::clone(&self.status)
    }

    /// Changes the sample rate; not for the callback. Decks are made for one rate, so all go, and it
    /// rests where it was.
    pub(crate) fn set_sample_rate(&mut self, sample_rate: u32) {
        self.sample_rate = sample_rate;
        if let Some(deck) = &self.decks.current {
            self.rest = (Some(deck.version), deck.shown().0);
        }
        self.decks.clear();
        self.tools = None;
        self.motion = Motion::Rest;
        self.is_paused = true;
        self.publish(None);
    }

    pub(crate) fn fill_for(&mut self, out: &mut [f32], heard_at: Option<Duration>) {
        while let Ok(command) = self.commands.pop() {
            self.apply(command);
        }
        self.since = self.decks.current.as_ref().map_or((0.0, 0.0), |d| d.shown());
        self.unbroken_frames = 0;
        out.fill(0.0);
        let mut rest = out;
        while rest.len() >= 2 {
            let frames = self.step_frames((rest.len() / 2).min(BLOCK_FRAMES));
            let (now, later) = rest.split_at_mut(2 * frames);
            self.mix(now);
            self.unbroken_frames += frames;
            rest = later;
            self.hand_over();
        }
        self.publish(heard_at);
    }

    fn frames(&self, secs: f64) -> f32 {
        (secs * f64::from(self.sample_rate)) as f32
    }

    fn apply(&mut self, command: Command) {
        match command {
            Command::Deck(deck, handover) => self.receive(deck, handover),
            Command::Continue { version, track, until_secs } => {
                self.decks.continue_with(version, track, until_secs);
                self.match_loudness();
            }
            Command::Play(count) => self.play(count),
            Command::Pause => self.pause(),
            Command::Halt { version, quarters } => self.halt(version, quarters),
            Command::Loop(looped) => {
                self.looped = looped;
                self.decks.drop_next_pass();
            }
            Command::Rate(rate) => {
                self.rate = rate;
                self.decks.set_rate(rate);
            }
            Command::Volume(volume) => self.limiter.set_volume(volume, self.frames(RAMP_SECS)),
            Command::Mute(on) => {
                let frames = self.frames(RAMP_SECS);
                self.piano_gain.go_to(if on { 0.0 } else { 1.0 }, frames);
            }
            Command::Metronome(on) => self.metronome.is_on = on,
            Command::Matching(on) => {
                self.is_matching = on;
                self.match_loudness();
            }
            Command::Tools(tools) => {
                if let Some(old) = self.tools.replace(tools) {
                    self.decks.returns.send(Returned::Tools(old));
                }
            }
            Command::Strike { pitch, velocity } => {
                if let Some(tools) = &mut self.tools {
                    tools.audition.strike(pitch, velocity);
                }
            }
        }
    }

    fn receive(&mut self, mut deck: Box<Deck>, handover: Handover) {
        if deck.sample_rate() != f64::from(self.sample_rate) {
            return self.decks.returns.send(Returned::Late(deck));
        }
        deck.set_rate(self.rate);
        deck.begin_matched(self.is_matching);
        match (handover, self.motion, &self.decks.current) {
            (Handover::At { leave_quarters }, Motion::Playing, Some(current)) => {
                let wait_secs = current.track().clock.secs_at(leave_quarters) - current.secs();
                if wait_secs < -LATE_SECS * self.rate {
                    return self.decks.returns.send(Returned::Late(deck));
                }
                self.decks.set_next(deck, leave_quarters);
            }
            (Handover::Loop { before_secs }, ..) => self.decks.set_next_pass(deck, before_secs),
            (Handover::Now | Handover::At { .. }, ..) => self.take_over(deck, true),
        }
    }

    /// Puts a deck in the place of the one that sounds.
    fn take_over(&mut self, mut deck: Box<Deck>, is_jump: bool) {
        if is_jump {
            self.metronome.jump(deck.shown().0);
        }
        self.since = deck.shown();
        self.jumped();
        let (is_playing, fade_frames) = (self.is_playing(), self.frames(FADE_SECS));
        if is_playing && !deck.fade.is_in() {
            deck.fade.fade_in(fade_frames);
        }
        self.decks.drop_waiting();
        self.decks.replace(deck, is_playing, fade_frames);
    }

    fn jumped(&mut self) {
        self.jumps += 1;
        self.unbroken_frames = 0;
    }

    fn is_playing(&self) -> bool {
        matches!(self.motion, Motion::Playing)
    }

    fn play(&mut self, count: Option<CountIn>) {
        let fade_frames = self.frames(FADE_SECS);
        let Some(deck) = &mut self.decks.current else { return };
        self.is_paused = false;
        match count {
            Some(count) => self.motion = Motion::CountIn(Counting::new(count)),
            None => {
                self.motion = Motion::Playing;
                self.unbroken_frames = 0;
                if !deck.fade.is_in() {
                    deck.fade.fade_in(fade_frames);
                }
            }
        }
    }

    fn pause(&mut self) {
        let fade_frames = self.frames(FADE_SECS);
        if let Some(deck) = &mut self.decks.current
            && matches!(self.motion, Motion::Playing)
        {
            deck.fade.fade_out(fade_frames);
        }
        self.is_paused = true;
        self.motion = Motion::Rest;
    }

    fn halt(&mut self, version: Option<u64>, quarters: f64) {
        self.decks.remove(self.is_playing(), self.frames(FADE_SECS));
        self.decks.drop_waiting();
        self.motion = Motion::Rest;
        self.is_paused = false;
        self.rest = (version, quarters);
    }

    fn match_loudness(&mut self) {
        self.decks.match_loudness(self.is_matching, self.frames(RAMP_SECS));
    }

    /// The most frames that may be mixed before something changes.
    fn step_frames(&self, most: usize) -> usize {
        let until = match (&self.motion, &self.decks.current) {
            (Motion::CountIn(counting), Some(deck)) => {
                let left_secs = counting.left_secs(lead_secs(deck));
                (left_secs * f64::from(self.sample_rate) / self.rate - 1e-3).ceil().max(0.0) as usize
            }
            (Motion::Playing, Some(deck)) => {
                let loop_end_secs = self.loop_end_secs(deck);
                let next_pass_secs = self.decks.next_pass_secs(loop_end_secs);
                let places = [self.decks.next_secs(deck), next_pass_secs, loop_end_secs];
                let ahead = places.into_iter().flatten().map(|secs| deck.frames_until(secs));
                let ahead = ahead.filter(|frames| *frames > 0).min().unwrap_or(most);
                ahead.min(deck.frames_until_block())
            }
            _ => most,
        };
        until.clamp(1, most)
    }

    /// Where the loop ends, if the deck is still to come there.
    fn loop_end_secs(&self, deck: &Deck) -> Option<f64> {
        let (_, end) = self.looped.and_then(|looped| deck.track().part_of_loop(looped))?;
        let end_secs = deck.track().clock.secs_at(end);
        // A deck that is past the end by more than rounding did not come there through the loop.
        let is_ahead =
            deck.shown_from_secs < end_secs - 1e-6 && deck.secs() < end_secs + LATE_SECS * self.rate;
        is_ahead.then_some(end_secs)
    }

    /// Changes decks where the time has come.
    fn hand_over(&mut self) {
        let Some(deck) = &self.decks.current else { return };
        match self.motion {
            Motion::Rest => {}
            Motion::CountIn(counting) if counting.left_secs(lead_secs(deck)) <= 1e-9 => self.play(None),
            Motion::CountIn(_) => {}
            Motion::Playing => self.hand_over_playing(),
        }
    }

    fn hand_over_playing(&mut self) {
        let Some(deck) = &self.decks.current else { return };
        let is_over = deck.is_over();
        let loop_end_secs = self.loop_end_secs(deck);
        let next_pass_secs = self.decks.next_pass_secs(loop_end_secs);
        let reached = |secs: Option<f64>| secs.is_some_and(|secs| deck.frames_until(secs) == 0);
        // A next pass that came after its moment waits for the next time round.
        let is_in_step = |secs: f64| deck.secs() - secs < LATE_SECS * self.rate;
        if self.decks.has_next() && (is_over || reached(self.decks.next_secs(deck))) {
            if let Some(deck) = self.decks.take_next() {
                self.take_over(deck, false);
            }
        } else if reached(loop_end_secs) {
            self.loop_in_place();
        } else if reached(next_pass_secs) && next_pass_secs.is_some_and(is_in_step) {
            if let Some(deck) = self.decks.take_next_pass() {
                self.take_over(deck, true);
            }
        } else if is_over {
            self.end();
        }
    }

    /// The loop starts again without a prepared deck.
    fn loop_in_place(&mut self) {
        if let (Some(looped), Some(deck)) = (self.looped, &mut self.decks.current)
            && let Some((start, end)) = deck.track().part_of_loop(looped)
        {
            let clock = &deck.track().clock;
            let (from_secs, to_secs) = (clock.secs_at(end), clock.secs_at(start));
            deck.jump_back(from_secs, to_secs, start);
            self.metronome.jump(start);
            self.since = (start, to_secs);
            self.jumped();
        }
        // It was to take over further on.
        self.decks.miss_next();
    }

    fn end(&mut self) {
        if let Some(deck) = &self.decks.current {
            self.rest = (Some(deck.version), deck.shown().0);
            self.ended = deck.id;
        }
        self.decks.remove(false, 0.0);
        self.motion = Motion::Rest;
        self.is_paused = false;
    }

    fn mix(&mut self, out: &mut [f32]) {
        self.click(out.len() / 2);
        self.decks.add_to(out, matches!(self.motion, Motion::Playing));
        if !self.piano_gain.is_steady_at(1.0) {
            self.mute(out);
        }
        match &mut self.tools {
            Some(tools) => {
                tools.audition.add_to(out);
                tools.live.add_to(out, &mut self.keys);
                tools.clicker.add_to(out);
            }
            // Without a piano keys are silent, also once there is one.
            None => while self.keys.pop().is_ok() {},
        }
        self.limiter.apply(out);
    }

    fn mute(&mut self, out: &mut [f32]) {
        for frame in out.chunks_exact_mut(2) {
            let gain = self.piano_gain.next();
            frame.iter_mut().for_each(|sample| *sample *= gain);
        }
    }

    /// Strikes the click that falls into the next frames.
    fn click(&mut self, frames: usize) {
        let frames_per_sec = f64::from(self.sample_rate) / self.rate;
        let click = match (&mut self.motion, &self.decks.current) {
            (Motion::CountIn(counting), _) => counting.advance(frames, frames_per_sec),
            (Motion::Playing, Some(deck)) => self.metronome.advance(deck, frames, frames_per_sec),
            _ => None,
        };
        if let (Some((is_downbeat, wait_frames)), Some(tools)) = (click, &mut self.tools) {
            tools.clicker.strike(is_downbeat, wait_frames);
        }
    }

    fn publish(&self, heard_at: Option<Duration>) {
        let state = match self.motion {
            Motion::CountIn { .. } => PlayState::CountIn,
            Motion::Playing => PlayState::Playing,
            Motion::Rest if self.is_paused => PlayState::Paused,
            Motion::Rest => PlayState::Stopped,
        };
        let (version, quarters) = self.rest;
        let mut snapshot = Snapshot {
            state,
            version,
            quarters,
            rate: self.rate,
            heard_at,
            ended: self.ended,
            ..Snapshot::default()
        };
        if let Some(deck) = &self.decks.current {
            (snapshot.quarters, snapshot.secs) = deck.shown();
            snapshot.quarters_per_sec = 1.0 / deck.track().clock.period_secs_at(snapshot.quarters);
            (snapshot.version, snapshot.deck) = (Some(deck.version), deck.id);
            (snapshot.since_quarters, snapshot.since_secs) = self.since;
            snapshot.deck_secs = deck.secs();
            snapshot.unbroken_secs = self.unbroken_frames as f64 / f64::from(self.sample_rate);
            snapshot.jumps = self.jumps;
        }
        self.status.write(&snapshot);
    }
}

/// How long before its place a deck starts, in seconds of the version.
fn lead_secs(deck: &Deck) -> f64 {
    (deck.shown_from_secs - deck.secs()).max(0.0)
}
