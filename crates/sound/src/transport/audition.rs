//! One note to hear what it is, on keys of its own: no pedal holds it.

use crate::error::SoundError;
use crate::events::SoundEventKind;
use crate::format::{BLOCK, SILENCE};
use crate::frames::BlockReader;
use crate::instrument::{Instrument, render_block};
use crate::piano::Piano;

/// How long the key is down.
const DOWN_SECS: f64 = 0.35;

/// Enough for a few notes that die away while the next is struck.
const VOICES: usize = 32;

pub(crate) struct Audition {
    instrument: Box<dyn Instrument>,
    frames: BlockReader,
    /// The key that is down, and blocks until it comes up.
    down: Option<(u8, u32)>,
    /// The key to strike in the next block, and its velocity.
    waiting: Option<(u8, u8)>,
    down_blocks: u32,
    is_silent: bool,
}

impl Audition {
    pub(crate) fn new(piano: &Piano, sample_rate: u32) -> Result<Self, SoundError> {
        Ok(Self {
            instrument: piano.open(sample_rate, VOICES)?,
            frames: BlockReader::new(),
            down: None,
            waiting: None,
            down_blocks: (DOWN_SECS * f64::from(sample_rate) / BLOCK) as u32,
            is_silent: true,
        })
    }

    pub(crate) fn strike(&mut self, pitch: u8, velocity: u8) {
        self.waiting = Some((pitch.min(127), velocity.clamp(1, 127)));
        self.is_silent = false;
    }

    /// Adds the next frames to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32]) {
        let mut rest = out;
        while !rest.is_empty() {
            if self.frames.left_frames() == 0 {
                if self.is_silent {
                    return;
                }
                self.render_block();
            }
            let from = self.frames.take(rest.len() / 2);
            let (now, later) = rest.split_at_mut(from.len());
            now.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            rest = later;
        }
    }

    fn render_block(&mut self) {
        let mut lifted = None;
        if let Some((pitch, left)) = &mut self.down {
            *left = left.saturating_sub(1);
            if *left == 0 || self.waiting.is_some() {
                lifted = Some(SoundEventKind::NoteOff { pitch: *pitch });
                self.down = None;
            }
        }
        let struck = self.waiting.take().map(|(pitch, velocity)| {
            self.down = Some((pitch, self.down_blocks));
            SoundEventKind::NoteOn { pitch, velocity }
        });
        let events = lifted.into_iter().chain(struck);
        let block = self.frames.refill();
        self.is_silent = match render_block(&mut *self.instrument, events, block) {
            Ok(level) => level < SILENCE && self.down.is_none(),
            Err(_) => {
                block.fill(0.0);
                true
            }
        };
    }
}
