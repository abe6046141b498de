//! Windows of tokens, drawn from packed streams.

use anyhow::{Result, ensure};
use pianist_transformer::tokens::{MASK, SLOTS, Token, range, slot};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::packed::Packed;
use crate::packs::draws::Places;

/// What is learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To restore hidden tokens of performances: the encoder reads a performance of which a share of the
    /// tokens, each by its own chance, is [`MASK`]; the decoder writes the performance; what was hidden is
    /// learned.
    Pretrain,
    /// To play scores: the encoder reads the literal performance, the decoder writes what somebody
    /// played.
    Tune,
}

impl Stage {
    /// The name of its files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pretrain => "pretrain",
            Self::Tune => "tune",
        }
    }
}

/// What pre-training hides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hiding {
    /// Share of the tokens, each by its own chance, from 0 to 1.
    pub mask: f64,
    /// Share of the windows of which all but pitches and times between onsets is hidden besides, from 0 to 1.
    pub blind: f64,
}

/// Streams of at least a window's notes, ready for drawing.
pub struct Windows {
    packed: Packed,
    stage: Stage,
    window: usize,
    places: Places,
}

/// A batch: tables `[batch, window, 8]`, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Windows.
    pub batch: usize,
    /// Notes in a window.
    pub window: usize,
    /// What the encoder reads.
    pub read: Vec<Token>,
    /// What the decoder writes.
    pub written: Vec<Token>,
    /// Which written tokens count in the loss.
    pub counts: Vec<bool>,
}

impl Windows {
    /// Every window is as likely as any other.
    ///
    /// # Errors
    /// When no stream is as long as a window, or the file is one for another stage.
    pub fn new(packed: Packed, stage: Stage, window: usize) -> Result<Self> {
        let is_pairs = !packed.written.is_empty();
        ensure!(is_pairs == (stage == Stage::Tune), "these tokens are for another stage");
        let mut places = Places::new(window);
        for stream in 0..packed.streams() {
            places.add(stream, packed.starts[stream + 1] - packed.starts[stream]);
        }
        ensure!(places.streams() > 0, "no stream has {window} notes");
        Ok(Self { packed, stage, window, places })
    }

    /// Streams that windows are drawn from.
    pub fn streams(&self) -> usize {
        self.places.streams()
    }

    /// A batch of windows, the same for the same seed.
    pub fn draw(&self, seed: u64, batch: usize, hiding: Hiding) -> Batch {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let tokens = batch * self.window * SLOTS;
        let mut drawn = Batch {
            batch,
            window: self.window,
            read: Vec::with_capacity(tokens),
            written: Vec::with_capacity(tokens),
            counts: Vec::with_capacity(tokens),
        };
        for _ in 0..batch {
            let (stream, place) = self.places.draw(&mut random);
            let first = (self.packed.starts[stream] + place) * SLOTS;
            let rows = first..first + self.window * SLOTS;
            match self.stage {
                Stage::Tune => {
                    drawn.read.extend_from_slice(&self.packed.read[rows.clone()]);
                    drawn.written.extend_from_slice(&self.packed.written[rows.clone()]);
                    drawn.counts.extend(self.packed.counts[rows].iter().map(|count| *count > 0));
                }
                Stage::Pretrain => {
                    let mut tokens = self.packed.read[rows].to_vec();
                    if self.packed.quantised[stream] {
                        jitter(&mut random, &mut tokens);
                    }
                    let is_blind = hiding.blind > 0.0 && random.random_bool(hiding.blind);
                    for (k, token) in tokens.iter().enumerate() {
                        let is_told = !is_blind || k % SLOTS <= slot::IOI;
                        let is_hidden = random.random_bool(hiding.mask) || !is_told;
                        drawn.read.push(if is_hidden { MASK } else { *token });
                        drawn.counts.push(is_hidden);
                    }
                    drawn.written.extend(tokens);
                }
            }
        }
        drawn
    }
}

/// Takes quantised values off their grid, as far as the authors' program does with Aria-MIDI: velocities
/// by -2 to 2, times by -4 to 5 ms, each value as likely as any other. What is struck together stays so.
fn jitter(random: &mut Pcg64Mcg, tokens: &mut [Token]) {
    for note in tokens.chunks_exact_mut(SLOTS) {
        for (slot, reach) in [(slot::IOI, -4..=5), (slot::VELOCITY, -2..=2), (slot::DURATION, -4..=5)] {
            let range = range(slot);
            let by: i32 = random.random_range(reach);
            if note[slot] > range.start {
                let moved = i32::from(note[slot]) + by;
                note[slot] = moved.clamp(i32::from(range.start), i32::from(range.end) - 1) as Token;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use pianist_transformer::tokens::Event;

    fn stream(notes: usize, velocity: u8) -> Vec<Token> {
        let event = |k: usize| Event {
            pitch: 40 + (k % 40) as u8,
            ioi_ms: if k.is_multiple_of(3) { 0 } else { 250 },
            velocity,
            duration_ms: 500,
            pedal: [0; 4],
        };
        (0..notes).flat_map(|k| event(k).tokens()).collect()
    }

    const USUAL: Hiding = Hiding { mask: 0.3, blind: 0.0 };

    #[test]
    fn hidden_tokens_are_those_that_count() {
        let mut packed = Packed::new();
        packed.push(&stream(10, 1), false);
        packed.push(&stream(100, 64), false);
        packed.push(&stream(50, 80), true);
        let windows = Windows::new(packed, Stage::Pretrain, 32).unwrap();
        assert_eq!(windows.streams(), 2);
        let batch = windows.draw(5, 40, USUAL);
        assert_eq!(batch, windows.draw(5, 40, USUAL));
        assert_ne!(batch, windows.draw(6, 40, USUAL));
        let hidden = batch.counts.iter().filter(|count| **count).count() as f64;
        assert!((hidden / (40.0 * 32.0 * 8.0) - 0.3).abs() < 0.02, "{hidden}");
        for k in 0..batch.read.len() {
            assert_eq!(batch.read[k], if batch.counts[k] { MASK } else { batch.written[k] });
        }
        for window in batch.written.chunks(32 * SLOTS) {
            let events: Vec<Event> = window.chunks(SLOTS).map(|note| Event::of(note).unwrap()).collect();
            let is_plain = events.iter().all(|e| e.velocity == 64 && [0, 250].contains(&e.ioi_ms));
            let near = |e: &Event| e.velocity.abs_diff(80) <= 2 && e.ioi_ms.abs_diff(250) <= 5;
            let is_jittered = events.iter().all(|e| e.ioi_ms == 0 || near(e));
            assert!(is_plain || is_jittered && events.iter().any(|e| e.velocity != 80));
        }
    }

    #[test]
    fn of_blind_windows_pitches_and_onsets_are_read() {
        let mut packed = Packed::new();
        packed.push(&stream(100, 64), false);
        let windows = Windows::new(packed, Stage::Pretrain, 32).unwrap();
        let batch = windows.draw(5, 40, Hiding { mask: 0.3, blind: 0.5 });
        let is_blind = |read: &&[Token]| {
            read.chunks(SLOTS).all(|note| note[slot::VELOCITY..].iter().all(|token| *token == MASK))
        };
        let blind: Vec<&[Token]> = batch.read.chunks(32 * SLOTS).filter(is_blind).collect();
        // Of 40 windows, by a chance of a half each: 20, give or take three times 3.2.
        assert!((10..=30).contains(&blind.len()), "{}", blind.len());
        let pitches = blind.iter().flat_map(|read| read.chunks(SLOTS)).map(|note| note[slot::PITCH]);
        let (hidden, all) = pitches.fold((0, 0), |(h, n), token| (h + usize::from(token == MASK), n + 1));
        assert!((hidden as f64 / all as f64 - 0.3).abs() < 0.06, "{hidden} of {all}");
    }

    #[test]
    fn scores_and_performances_stay_side_by_side() {
        let mut packed = Packed::new();
        let (read, written) = (stream(60, 64), stream(60, 90));
        packed.push_pair(&read, &written, &[0, 1, 1, 1, 1, 1, 1, 1].repeat(60));
        assert!(Windows::new(packed.clone(), Stage::Pretrain, 32).is_err());
        let batch = Windows::new(packed, Stage::Tune, 32).unwrap().draw(1, 4, USUAL);
        for k in 0..batch.read.len() {
            let expected = if k % SLOTS == slot::VELOCITY { batch.read[k] + 26 } else { batch.read[k] };
            assert_eq!((batch.written[k], batch.counts[k]), (expected, k % SLOTS > 0));
        }
    }
}
