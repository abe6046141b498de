//! One note to hear what it is, on keys of its own: no pedal holds it.

use crate::error::SoundError;
use crate::events::{SoundEvent, SoundEventKind};
use crate::instrument::{BLOCK_FRAMES, Block, Instrument};
use crate::soundfont::Piano;
use crate::synth::SILENCE;

/// How long the key is down.
const DOWN_SECS: f64 = 0.35;

/// Enough for a few notes that die away while the next is struck.
const VOICES: usize = 32;

pub(crate) struct Audition {
    instrument: Instrument,
    block: Block,
    taken: usize,
    /// The key that is down, and blocks until it comes up.
    down: Option<(u8, u32)>,
    waiting: Option<SoundEvent>,
    down_blocks: u32,
    is_silent: bool,
}

impl Audition {
    pub(crate) fn new(piano: &Piano, sample_rate: u32) -> Result<Self, SoundError> {
        Ok(Self {
            instrument: Instrument::new(piano, sample_rate, VOICES)?,
            block: [0.0; 2 * BLOCK_FRAMES],
            taken: BLOCK_FRAMES,
            down: None,
            waiting: None,
            down_blocks: (DOWN_SECS * f64::from(sample_rate) / BLOCK_FRAMES as f64) as u32,
            is_silent: true,
        })
    }

    pub(crate) fn strike(&mut self, pitch: u8, velocity: u8) {
        let kind = SoundEventKind::NoteOn { pitch: pitch.min(127), velocity: velocity.clamp(1, 127) };
        self.waiting = Some(SoundEvent { time_secs: 0.0, kind });
        self.is_silent = false;
    }

    /// Adds the next frames to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32]) {
        for frame in out.chunks_exact_mut(2) {
            if self.taken == BLOCK_FRAMES {
                if self.is_silent {
                    return;
                }
                self.render_block();
            }
            frame[0] += self.block[2 * self.taken];
            frame[1] += self.block[2 * self.taken + 1];
            self.taken += 1;
        }
    }

    fn render_block(&mut self) {
        self.taken = 0;
        let off = |pitch| SoundEvent { time_secs: 0.0, kind: SoundEventKind::NoteOff { pitch } };
        let mut events = [off(0); 2];
        let mut count = 0;
        let mut add = |event| {
            events[count] = event;
            count += 1;
        };
        if let Some((pitch, left)) = &mut self.down {
            *left = left.saturating_sub(1);
            if *left == 0 || self.waiting.is_some() {
                add(off(*pitch));
                self.down = None;
            }
        }
        if let Some(event) = self.waiting.take() {
            add(event);
            if let SoundEventKind::NoteOn { pitch, .. } = event.kind {
                self.down = Some((pitch, self.down_blocks));
            }
        }
        let level = self.instrument.step(&events[..count], &mut self.block);
        self.is_silent = match level {
            Ok(level) => level < SILENCE && self.down.is_none(),
            Err(_) => {
                self.block.fill(0.0);
                true
            }
        };
    }
}
