//! A version being played: a source and a place in a track.

use std::sync::Arc;

use super::ramp::{Fade, Ramp};
use super::track::Track;
use crate::format::{BLOCK, BLOCK_FRAMES};
use crate::frames::BlockReader;
use crate::source::{Position, Source};

/// A version being played. Made elsewhere (see [`super::prepare`]), it renders in the callback
/// without allocating. At the tempo as performed from the start it renders the blocks that
/// [`crate::render`] does, to the bit.
pub(crate) struct Deck {
    /// Counts up from deck to deck, never 0.
    pub id: u64,
    pub version: u64,
    track: Arc<Track>,
    source: Box<dyn Source>,
    /// Where the next block starts.
    at: Position,
    frames: BlockReader,
    /// The requested place; the deck starts a little before it to fade in.
    pub shown_from_quarters: f64,
    pub shown_from_secs: f64,
    pub fade: Fade,
    gain: Ramp,
    is_broken: bool,
}

/// Where a deck starts.
pub(crate) struct Start {
    pub at: Position,
    /// The requested place.
    pub quarters: f64,
    /// Whether something sounds there already, so that it has to fade in.
    pub is_sounding: bool,
}

impl Deck {
    pub(crate) fn new(
        (id, version): (u64, u64),
        track: Arc<Track>,
        source: Box<dyn Source>,
        start: &Start,
    ) -> Self {
        Self {
            id,
            version,
            source,
            at: start.at,
            frames: BlockReader::new(),
            shown_from_quarters: start.quarters,
            shown_from_secs: track.clock.secs_at(start.quarters),
            fade: if start.is_sounding { Fade::OUT } else { Fade::IN },
            gain: Ramp::at(1.0),
            is_broken: false,
            track,
        }
    }

    pub(crate) fn track(&self) -> &Arc<Track> {
        &self.track
    }

    pub(crate) fn sample_rate(&self) -> f64 {
        self.at.sample_rate
    }

    /// Where the next frame is, in seconds of the version.
    pub(crate) fn secs(&self) -> f64 {
        self.at.secs_after(-(self.frames.left_frames() as f64))
    }

    /// Frames until the next block is rendered.
    pub(crate) fn frames_until_block(&self) -> usize {
        let left = self.frames.left_frames();
        if left == 0 { BLOCK_FRAMES } else { left }
    }

    /// Where the playhead is: not before the requested place. Quarters and seconds.
    pub(crate) fn shown(&self) -> (f64, f64) {
        let secs = self.secs();
        if secs <= self.shown_from_secs {
            return (self.shown_from_quarters, self.shown_from_secs);
        }
        let quarters = self.track.clock.quarters_at(secs).max(self.shown_from_quarters);
        let end = self.track.end_quarters.max(self.shown_from_quarters);
        if quarters > end { (end, self.track.clock.secs_at(end)) } else { (quarters, secs) }
    }

    /// Frames until a position is reached; 0 if it has been.
    pub(crate) fn frames_until(&self, secs: f64) -> usize {
        let frames = (secs - self.secs()) * self.at.sample_rate / self.at.rate;
        // A thousandth of a frame is rounding, not a frame.
        (frames - 1e-3).ceil().clamp(0.0, 1e9) as usize
    }

    pub(crate) fn set_rate(&mut self, rate: f64) {
        if rate != self.at.rate {
            let left = self.frames.left_frames() as f64;
            self.at.frame = (self.at.frame - left) * self.at.rate / rate + left;
            self.at.rate = rate;
        }
    }

    /// Moves to the gain that makes versions equally loud, or to none.
    pub(crate) fn match_loudness(&mut self, is_on: bool, frames: f32) {
        self.gain.go_to(self.matching_gain(is_on), frames);
    }

    /// Starts with that gain instead of moving to it.
    pub(crate) fn begin_matched(&mut self, is_on: bool) {
        self.gain = Ramp::at(self.matching_gain(is_on));
    }

    /// What is no number counts as none.
    fn matching_gain(&self, is_on: bool) -> f32 {
        let gain = self.track.gain;
        if is_on && gain.is_finite() { gain.max(0.0) } else { 1.0 }
    }

    /// Goes on with a track that was the same up to here; returns the old one.
    pub(crate) fn continue_with(&mut self, track: Arc<Track>) -> Arc<Track> {
        self.source.continue_with(&*track.content);
        std::mem::replace(&mut self.track, track)
    }

    /// Goes back by lifting everything and starting again from there: what a pianist does who
    /// repeats a passage. `from_secs` is the place that is left.
    pub(crate) fn jump_back(&mut self, from_secs: f64, to_secs: f64, to_quarters: f64) {
        self.at.frame += (to_secs - from_secs) * self.at.sample_rate / self.at.rate;
        (self.shown_from_quarters, self.shown_from_secs) = (to_quarters, to_secs);
        self.source.jump(to_secs);
    }

    /// Adds the next frames to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32]) {
        let mut rest = out;
        while !rest.is_empty() {
            if self.frames.left_frames() == 0 {
                self.render_block();
            }
            let from = self.frames.take(rest.len() / 2);
            let (now, later) = rest.split_at_mut(from.len());
            for (to, from) in now.chunks_exact_mut(2).zip(from.chunks_exact(2)) {
                let factor = self.fade.next() * self.gain.next();
                to[0] += factor * from[0];
                to[1] += factor * from[1];
            }
            rest = later;
        }
    }

    /// Whether the version has come to its end and the last note has died away.
    pub(crate) fn is_over(&self) -> bool {
        if self.secs() < self.track.end_secs {
            return false;
        }
        self.is_broken || (self.frames.left_frames() == 0 && self.source.is_over(self.at))
    }

    fn render_block(&mut self) {
        let at = self.at;
        self.at = at.plus(BLOCK);
        let block = self.frames.refill();
        if !self.is_broken && self.source.render(at, block).is_err() {
            self.is_broken = true;
            block.fill(0.0);
        }
    }
}
