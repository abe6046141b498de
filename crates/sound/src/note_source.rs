//! Notes becoming sound: the only place where events are given to an instrument in time.

use std::ops::Range;

use crate::events::Events;
use crate::format::{BLOCK, BLOCK_FRAMES, Block, SILENCE};
use crate::instrument::{Instrument, render_block};
use crate::source::{Content, Position, Source};

/// What still sounds this long after the last event is released.
const RING_SECS: f64 = 6.0;

/// The sound ends this long after the last event at the latest.
pub(crate) const LONGEST_TAIL_SECS: f64 = 10.0;

/// The sound ends when it has been silent for this long.
const SILENT_SECS: f64 = 0.25;

/// After a jump the pedal stays up for this many blocks, so that the dampers do their work.
const PEDAL_UP_BLOCKS: u8 = 2;

/// Notes on an instrument.
pub(crate) struct NoteSource {
    instrument: Box<dyn Instrument>,
    events: Events,
    /// Events that were played.
    done: usize,
    /// After a jump: where the pedal will be put, and in how many blocks.
    held_pedal: Option<(u8, u8)>,
    silent_frames: u64,
    is_released: bool,
}

impl NoteSource {
    /// Goes on with an instrument that has played the first `done` events.
    pub(crate) fn new(instrument: Box<dyn Instrument>, events: Events, done: usize) -> Self {
        Self { instrument, events, done, held_pedal: None, silent_frames: 0, is_released: false }
    }

    /// Where the last of some events puts the pedal.
    fn last_pedal(&self, events: Range<usize>) -> Option<u8> {
        self.events.as_slice()[events].iter().rev().find_map(|event| event.kind.sustain())
    }

    /// Where the last of some events puts the soft pedal.
    fn last_soft(&self, events: Range<usize>) -> Option<u8> {
        self.events.as_slice()[events].iter().rev().find_map(|event| event.kind.soft())
    }

    /// After a jump: counts the blocks in which the pedal stays up, then puts it where it belongs.
    fn hold_pedal(&mut self, moved_to: Option<u8>) {
        let Some((value, blocks)) = self.held_pedal.take() else { return };
        let value = moved_to.unwrap_or(value);
        if blocks > 1 {
            self.held_pedal = Some((value, blocks - 1));
        } else {
            self.instrument.sustain(value);
        }
    }

    /// How long ago the last event was, in seconds as heard.
    fn tail_secs(&self, secs: f64, rate: f64) -> f64 {
        (secs - self.events.end_secs().unwrap_or(0.0)) / rate
    }
}

impl Source for NoteSource {
    fn render(&mut self, at: Position, block: &mut Block) -> Result<(), &'static str> {
        let middle_secs = at.secs_after(0.5 * BLOCK);
        if !self.is_released && self.tail_secs(middle_secs, at.rate) > RING_SECS {
            self.instrument.release_all();
            self.is_released = true;
        }
        let due = self.done..self.done + self.events.due(self.done, middle_secs).len();
        let moves_pedal = self.held_pedal.is_none() && !self.is_released;
        self.hold_pedal(self.last_pedal(due.clone()));
        let kinds = self.events.as_slice()[due.clone()].iter().map(|event| event.kind);
        let played = kinds.filter(|kind| moves_pedal || kind.sustain().is_none());
        let level = render_block(&mut *self.instrument, played, block)?;
        self.done = due.end;
        let is_silent = level < SILENCE && self.events.are_over_after(self.done);
        self.silent_frames = if is_silent { self.silent_frames + BLOCK_FRAMES as u64 } else { 0 };
        Ok(())
    }

    fn jump(&mut self, to_secs: f64) {
        self.done = self.events.index_at(to_secs);
        self.instrument.release_all();
        self.instrument.soft(self.last_soft(0..self.done).unwrap_or(0));
        self.held_pedal = self.last_pedal(0..self.done).map(|value| (value, PEDAL_UP_BLOCKS));
        (self.is_released, self.silent_frames) = (false, 0);
    }

    fn is_over(&self, at: Position) -> bool {
        let is_silent = self.silent_frames as f64 >= SILENT_SECS * at.sample_rate;
        self.events.are_over_after(self.done)
            && (is_silent || self.tail_secs(at.secs(), at.rate) >= LONGEST_TAIL_SECS)
    }

    fn continue_with(&mut self, content: &dyn Content) {
        if let Some(events) = content.events() {
            self.events = events.clone();
            self.done = self.done.min(events.as_slice().len());
            self.is_released = false;
        }
    }
}
