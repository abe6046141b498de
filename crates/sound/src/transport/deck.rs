//! A version being played: an instrument and a place in a programme.

use std::sync::Arc;

use super::programme::Programme;
use super::ramp::{Fade, Ramp};
use crate::events::SoundEventKind;
use crate::instrument::{BLOCK_FRAMES, Block, Instrument};
use crate::synth::{LONGEST_TAIL_SECS, RING_SECS, SILENCE, SILENT_SECS};

const BLOCK: f64 = BLOCK_FRAMES as f64;

/// A version being played. Made elsewhere (see [`super::prepare`]), it renders in the callback
/// without allocating. At the written tempo from the start it renders the blocks that
/// [`crate::render`] does, to the bit.
pub(crate) struct Deck {
    /// Counts up from deck to deck, never 0.
    pub id: u64,
    pub version: u64,
    programme: Arc<Programme>,
    instrument: Instrument,
    sample_rate: f64,
    next_event: usize,
    /// Where the next block starts, in frames at this rate: whole numbers at the tempo as performed,
    /// so that nothing is rounded otherwise than in a rendering.
    next_frame: f64,
    rate: f64,
    block: Block,
    /// Frames of the block that were taken already.
    taken: usize,
    /// The place asked for; the deck starts a little before it to come in gently.
    pub shown_from_quarters: f64,
    pub shown_from_secs: f64,
    pub fade: Fade,
    gain: Ramp,
    /// Blocks until the pedal goes down, so that the dampers do their work first; 0 for never.
    pedal_wait: u8,
    silent_frames: u64,
    is_damped: bool,
    is_broken: bool,
}

/// Where a deck starts.
pub(crate) struct Start {
    /// In frames at `rate`.
    pub frame: f64,
    pub shown_from_quarters: f64,
    pub rate: f64,
    /// Whether something rings already.
    pub is_ringing: bool,
    /// The first event that was not played in preparing.
    pub next_event: usize,
}

impl Deck {
    pub(crate) fn new(
        (id, version): (u64, u64),
        programme: Arc<Programme>,
        instrument: Instrument,
        sample_rate: u32,
        start: &Start,
    ) -> Self {
        Self {
            id,
            version,
            instrument,
            sample_rate: f64::from(sample_rate),
            next_event: start.next_event,
            next_frame: start.frame,
            rate: start.rate,
            block: [0.0; 2 * BLOCK_FRAMES],
            taken: BLOCK_FRAMES,
            shown_from_quarters: start.shown_from_quarters,
            shown_from_secs: programme.clock.secs_at(start.shown_from_quarters),
            fade: if start.is_ringing { Fade::OUT } else { Fade::IN },
            gain: Ramp::at(1.0),
            pedal_wait: 0,
            silent_frames: 0,
            is_damped: false,
            is_broken: false,
            programme,
        }
    }

    pub(crate) fn programme(&self) -> &Arc<Programme> {
        &self.programme
    }

    pub(crate) fn sample_rate(&self) -> f64 {
        self.sample_rate
    }

    /// Where the next frame is, in seconds of the version.
    pub(crate) fn secs(&self) -> f64 {
        (self.next_frame - self.left() as f64) * self.rate / self.sample_rate
    }

    /// Frames of the block that were not taken yet.
    fn left(&self) -> usize {
        BLOCK_FRAMES - self.taken
    }

    /// Frames until the next block is rendered.
    pub(crate) fn frames_until_block(&self) -> usize {
        if self.left() == 0 { BLOCK_FRAMES } else { self.left() }
    }

    /// Where the playhead is: not before the place that was asked for.
    pub(crate) fn shown(&self) -> (f64, f64) {
        let secs = self.secs();
        if secs <= self.shown_from_secs {
            return (self.shown_from_quarters, self.shown_from_secs);
        }
        let quarters = self.programme.clock.quarters_at(secs).max(self.shown_from_quarters);
        let end = self.programme.end_quarters.max(self.shown_from_quarters);
        if quarters > end { (end, self.programme.clock.secs_at(end)) } else { (quarters, secs) }
    }

    /// Frames until a position is reached; 0 if it has been.
    pub(crate) fn frames_until(&self, secs: f64) -> usize {
        let frames = (secs - self.secs()) * self.sample_rate / self.rate;
        // A thousandth of a frame is rounding, not a frame.
        (frames - 1e-3).ceil().clamp(0.0, 1e9) as usize
    }

    pub(crate) fn set_rate(&mut self, rate: f64) {
        if rate != self.rate {
            let left = self.left() as f64;
            self.next_frame = (self.next_frame - left) * self.rate / rate + left;
            self.rate = rate;
        }
    }

    pub(crate) fn set_gain(&mut self, gain: f32, frames: f32) {
        self.gain.go_to(gain, frames);
    }

    /// Starts with a gain instead of moving to it.
    pub(crate) fn begin_at_gain(&mut self, gain: f32) {
        self.gain = Ramp::at(gain);
    }

    /// Goes on with a programme that was the same up to here; returns the old one.
    pub(crate) fn go_on_with(&mut self, programme: Arc<Programme>) -> Arc<Programme> {
        std::mem::replace(&mut self.programme, programme)
    }

    /// Goes back by lifting everything and starting again from there: what a pianist does who
    /// repeats a passage. `from_secs` is the place that is left.
    pub(crate) fn jump_back(&mut self, from_secs: f64, to_secs: f64, to_quarters: f64) {
        self.next_frame += (to_secs - from_secs) * self.sample_rate / self.rate;
        self.next_event = self.programme.event_at(to_secs);
        (self.shown_from_quarters, self.shown_from_secs) = (to_quarters, to_secs);
        self.instrument.damp();
        let mut earlier = self.programme.events[..self.next_event].iter().rev();
        let pedal = earlier.find_map(|e| match e.kind {
            SoundEventKind::Sustain { down } => Some(down),
            _ => None,
        });
        self.pedal_wait = if pedal.unwrap_or(false) { 2 } else { 0 };
        (self.is_damped, self.silent_frames) = (false, 0);
    }

    /// Adds the next frames to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32]) {
        let mut rest = out;
        while !rest.is_empty() {
            if self.taken == BLOCK_FRAMES {
                self.render_block();
            }
            let count = self.left().min(rest.len() / 2);
            let (now, later) = rest.split_at_mut(2 * count);
            let from = &self.block[2 * self.taken..2 * (self.taken + count)];
            for (to, from) in now.chunks_exact_mut(2).zip(from.chunks_exact(2)) {
                let factor = self.fade.next() * self.gain.next();
                to[0] += factor * from[0];
                to[1] += factor * from[1];
            }
            self.taken += count;
            rest = later;
        }
    }

    /// Whether the version has come to its end and the last note has died away.
    pub(crate) fn is_over(&self) -> bool {
        let secs = self.secs();
        if self.is_broken {
            return secs >= self.programme.end_secs;
        }
        if self.left() > 0 || self.next_event < self.programme.events.len() || secs < self.programme.end_secs
        {
            return false;
        }
        let tail_secs = (secs - self.programme.last_event_secs()) / self.rate;
        tail_secs >= LONGEST_TAIL_SECS || self.silent_frames as f64 >= SILENT_SECS * self.sample_rate
    }

    fn render_block(&mut self) {
        let middle_secs = (self.next_frame + 0.5 * BLOCK) * self.rate / self.sample_rate;
        self.next_frame += BLOCK;
        self.taken = 0;
        if self.is_broken {
            return;
        }
        let waiting = &self.programme.events[self.next_event.min(self.programme.events.len())..];
        let due = &waiting[..waiting.iter().take_while(|e| e.time_secs < middle_secs).count()];
        self.next_event += due.len();
        let tail_secs = (middle_secs - self.programme.last_event_secs()) / self.rate;
        if !self.is_damped && due.is_empty() && tail_secs > RING_SECS {
            self.instrument.damp();
            self.is_damped = true;
        }
        if due.iter().any(|e| matches!(e.kind, SoundEventKind::Sustain { .. })) {
            self.pedal_wait = 0;
        } else if self.pedal_wait > 0 {
            self.pedal_wait -= 1;
            if self.pedal_wait == 0 {
                self.instrument.press_pedal();
            }
        }
        match self.instrument.step(due, &mut self.block) {
            Ok(level) => {
                let is_silent = level < SILENCE && self.next_event == self.programme.events.len();
                self.silent_frames = if is_silent { self.silent_frames + BLOCK_FRAMES as u64 } else { 0 };
            }
            Err(_) => {
                self.is_broken = true;
                self.block.fill(0.0);
            }
        }
    }
}
