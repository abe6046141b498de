//! What a person plays on a keyboard, on an instrument of its own, as soon as it comes.

use rtrb::Consumer;

use crate::error::SoundError;
use crate::events::SoundEventKind;
use crate::format::{BLOCK, SILENCE};
use crate::frames::BlockReader;
use crate::instrument::{Instrument, render_block};
use crate::piano::Piano;

/// Two voices for each of some sixty strings that the pedal holds.
const VOICES: usize = 128;

/// Most movements of one block; what is more waits for the next one.
const MOST_EVENTS: usize = 64;

/// Rendering rests when it has been silent for this long: the first moment of a struck key may be silent,
/// too.
const SILENT_SECS: f64 = 0.5;

pub(crate) struct Live {
    instrument: Box<dyn Instrument>,
    frames: BlockReader,
    /// Blocks until it rests, if all of them are silent.
    left_blocks: u32,
    most_blocks: u32,
}

impl Live {
    pub(crate) fn new(piano: &Piano, sample_rate: u32) -> Result<Self, SoundError> {
        Ok(Self {
            instrument: piano.open(sample_rate, VOICES)?,
            frames: BlockReader::new(),
            left_blocks: 0,
            most_blocks: (SILENT_SECS * f64::from(sample_rate) / BLOCK).ceil() as u32,
        })
    }

    /// Plays what has come and adds the next frames to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32], keys: &mut Consumer<SoundEventKind>) {
        let mut rest = out;
        while !rest.is_empty() {
            if self.frames.left_frames() == 0 {
                if self.left_blocks == 0 && keys.is_empty() {
                    return;
                }
                self.render_block(keys);
            }
            let from = self.frames.take(rest.len() / 2);
            let (now, later) = rest.split_at_mut(from.len());
            now.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            rest = later;
        }
    }

    fn render_block(&mut self, keys: &mut Consumer<SoundEventKind>) {
        let is_touched = !keys.is_empty();
        let events = std::iter::from_fn(|| keys.pop().ok()).take(MOST_EVENTS);
        let block = self.frames.refill();
        match render_block(&mut *self.instrument, events, block) {
            Ok(level) if is_touched || level >= SILENCE => self.left_blocks = self.most_blocks,
            Ok(_) => self.left_blocks = self.left_blocks.saturating_sub(1),
            Err(_) => {
                block.fill(0.0);
                self.left_blocks = 0;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rtrb::RingBuffer;

    use super::*;

    #[test]
    fn a_key_is_heard_in_the_next_block_and_rendering_rests_after_it_has_died_away() {
        let (mut keys, mut end) = RingBuffer::new(8);
        let mut live = Live::new(&Piano::generated().unwrap(), 48_000).unwrap();
        let mut out = vec![0.0; 2 * 480];
        live.add_to(&mut out, &mut end);
        assert!(out.iter().all(|s| *s == 0.0) && live.left_blocks == 0);
        keys.push(SoundEventKind::NoteOn { pitch: 60, velocity: 90 }).unwrap();
        live.add_to(&mut out, &mut end);
        assert!(out.iter().any(|s| *s != 0.0), "within ten milliseconds");
        live.add_to(&mut out, &mut end);
        assert!(crate::format::peak(&out) > 0.003, "{}", crate::format::peak(&out));
        keys.push(SoundEventKind::NoteOff { pitch: 60 }).unwrap();
        let buffers = (0..2000).take_while(|_| {
            out.fill(0.0);
            live.add_to(&mut out, &mut end);
            live.left_blocks > 0
        });
        let secs = buffers.count() as f64 / 100.0;
        assert!(secs > SILENT_SECS && secs < 19.0, "it rests after {secs} s");
    }
}
