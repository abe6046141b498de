//! Open strings that sound along while the dampers are lifted.
//!
//! Twelve strings, those of the octave from C2, stand for all: their partials are where other strings have
//! theirs. Each is a delay line whose end feeds its beginning through a low-pass filter (Karplus and Strong,
//! 1983; Jaffe and Smith, 1983, for its tuning), moved a little by all that sounds.

use crate::format::{BLOCK_FRAMES, Block};

/// The lowest of the strings, as a MIDI pitch, and how many there are.
const LOWEST: u8 = 36;
const COUNT: u8 = 12;

/// How loud a string becomes that sounds along with a lasting tone of its own pitch.
const COUPLING: f32 = 0.06;

/// Times in which an open string and one under its damper lose 60 dB, in seconds.
const OPEN_SECS: f64 = 5.0;
const DAMPED_SECS: f64 = 0.25;

/// How much of a change passes the low-pass filter at once.
const FOLLOW: f32 = 0.6;

/// The strings rest below this: -120 dBFS.
const SILENT: f32 = 1e-6;

/// Nepers in 60 dB.
const NEPERS_60_DB: f64 = 6.907_755;

/// The strings that sound along.
pub(super) struct Strings {
    strings: Vec<OneString>,
    is_at_rest: bool,
    /// How lifted the dampers were in the last block, from 0 to 1.
    openness: f32,
}

struct OneString {
    line: Vec<f32>,
    at: usize,
    /// How much of the older of two samples at the end of the line is taken.
    older: f32,
    low: f32,
    period_secs: f64,
    /// Its share of the left channel; the rest goes to the right.
    left: f32,
}

impl Strings {
    /// Strings at rest, for so many frames a second.
    pub(super) fn new(rate_hz: f64) -> Self {
        Self {
            strings: (0..COUNT).map(|k| OneString::new(k, rate_hz)).collect(),
            is_at_rest: true,
            openness: 0.0,
        }
    }

    /// Adds to a block what sounds along with it; `contact` is how heavily dampers lie, from 0 to 1.
    pub(super) fn add_to(&mut self, block: &mut Block, contact: f32) {
        let before = self.openness;
        self.openness = (1.0 - contact) * (1.0 - contact);
        let slope = (self.openness - before) / BLOCK_FRAMES as f32;
        let mut moving = [0.0_f32; BLOCK_FRAMES];
        for (n, (to, frame)) in moving.iter_mut().zip(block.chunks_exact(2)).enumerate() {
            *to = 0.5 * (before + slope * (n + 1) as f32) * (frame[0] + frame[1]);
        }
        let is_moved = moving.iter().any(|sample| sample.abs() > SILENT);
        if self.is_at_rest && !is_moved {
            return;
        }
        let mut loudest = 0.0_f32;
        for string in &mut self.strings {
            loudest = loudest.max(string.add_to(block, &moving, contact));
        }
        self.is_at_rest = !is_moved && loudest < SILENT;
        if self.is_at_rest {
            self.strings.iter_mut().for_each(OneString::stop);
        }
    }
}

impl OneString {
    fn new(number: u8, rate_hz: f64) -> Self {
        let period_secs = 1.0 / (440.0 * ((f64::from(LOWEST + number) - 69.0) / 12.0).exp2());
        // The filter delays low tones by this many frames.
        let filter = f64::from((1.0 - FOLLOW) / FOLLOW);
        let frames = (period_secs * rate_hz - filter).max(2.0);
        Self {
            line: vec![0.0; frames as usize + 2],
            at: 0,
            older: frames.fract() as f32,
            low: 0.0,
            period_secs,
            left: if number.is_multiple_of(2) { 0.6 } else { 0.4 },
        }
    }

    /// Adds the string's sound, moved by `moving`; returns the largest value in its line that was passed.
    fn add_to(&mut self, block: &mut Block, moving: &[f32; BLOCK_FRAMES], contact: f32) -> f32 {
        let open = (-NEPERS_60_DB / OPEN_SECS * self.period_secs).exp() as f32;
        let damping = f64::from(contact * contact) * NEPERS_60_DB / DAMPED_SECS;
        let kept = open * (-damping * self.period_secs).exp() as f32;
        let share = COUPLING * (1.0 - open);
        let length = self.line.len();
        let mut loudest = 0.0_f32;
        for (frame, moving) in block.chunks_exact_mut(2).zip(moving) {
            let oldest = if self.at + 1 < length { self.at + 1 } else { 0 };
            let next = if oldest + 1 < length { oldest + 1 } else { 0 };
            let end = self.line[next] + self.older * (self.line[oldest] - self.line[next]);
            self.low += FOLLOW * (end - self.low);
            let begin = share * moving + kept * self.low;
            self.line[self.at] = begin;
            self.at = oldest;
            loudest = loudest.max(begin.abs());
            frame[0] += self.left * end;
            frame[1] += (1.0 - self.left) * end;
        }
        loudest
    }

    fn stop(&mut self) {
        self.line.fill(0.0);
        self.low = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::peak;

    /// The largest value of the strings alone after a second of a tone, and a second later.
    fn along(hertz: f32, contact: f32, contact_then: f32) -> (f32, f32) {
        let mut strings = Strings::new(44_100.0);
        let blocks = 44_100 / BLOCK_FRAMES;
        let mut pass = |block_number: usize, level: f32, contact: f32| {
            let mut block: Block = [0.0; 2 * BLOCK_FRAMES];
            for (n, frame) in block.chunks_exact_mut(2).enumerate() {
                let place = (block_number * BLOCK_FRAMES + n) as f32 / 44_100.0 * hertz;
                frame.fill(level * (std::f32::consts::TAU * place.fract()).sin());
            }
            let dry = block;
            strings.add_to(&mut block, contact);
            let along: Vec<f32> = block.iter().zip(&dry).map(|(wet, dry)| wet - dry).collect();
            peak(&along)
        };
        let first = (0..blocks).map(|k| pass(k, 0.5, contact)).fold(0.0, f32::max);
        (0..blocks).for_each(|k| {
            pass(blocks + k, 0.0, contact_then);
        });
        (first, pass(2 * blocks, 0.0, contact_then))
    }

    #[test]
    fn strings_of_the_same_pitch_sound_along_and_stop_under_their_dampers() {
        let c4_hz = 261.626;
        let (open, later) = along(c4_hz, 0.0, 0.0);
        assert!(open > 0.002 && open < 0.04, "{open}");
        assert!(later > 0.04 * open, "{later} after {open}");
        assert!(along(c4_hz * 1.03, 0.0, 0.0).0 < 0.5 * open);
        assert_eq!(along(c4_hz, 1.0, 1.0), (0.0, 0.0));
        assert!(along(c4_hz, 0.0, 1.0).1 < 0.01 * open);
    }
}
