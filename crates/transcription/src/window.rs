//! The part of the sound that the network hears at once, which moves on step by step.

use crate::error::TranscribeError;
use crate::samples::{SAMPLE_RATE, Samples};

/// Samples that are read at once.
const BLOCK: usize = 1 << 14;

/// A window of fixed length over sound with zeros before and after it.
pub struct Window {
    samples: Vec<f32>,
    /// How many zeros there are before the sound, and after it.
    margin: usize,
    /// How many samples of the window have been filled.
    filled: usize,
    /// Where the window begins, from the first of the zeros.
    start: u64,
    /// Samples of sound read.
    read: u64,
    has_ended: bool,
}

impl Window {
    /// At the start of the zeros before the sound.
    pub fn new(length: usize, margin: usize) -> Self {
        let filled = margin.min(length);
        Self { samples: vec![0.0; length], margin, filled, start: 0, read: 0, has_ended: false }
    }

    /// Reads as much sound as the window has room for; behind the sound there are zeros.
    ///
    /// # Errors
    /// When the sound cannot be read, or is damaged.
    pub fn fill<S: Samples>(&mut self, samples: &mut S) -> Result<(), TranscribeError<S::Error>> {
        while !self.has_ended && self.filled < self.samples.len() {
            let room = &mut self.samples[self.filled..];
            let most = BLOCK.min(room.len());
            let room = &mut room[..most];
            let count = samples.read(room).map_err(TranscribeError::Samples)?.min(room.len());
            if let Some(at) = room[..count].iter().position(|v| !v.is_finite()) {
                let secs = (self.read + at as u64) as f64 / f64::from(SAMPLE_RATE);
                return Err(TranscribeError::NotFinite { secs });
            }
            // A source may have used what it did not fill.
            room[count..].fill(0.0);
            self.read += count as u64;
            self.filled += count;
            self.has_ended = count == 0;
        }
        Ok(())
    }

    /// What is in the window.
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// Whether there is no sound in it at all.
    pub fn is_silent(&self) -> bool {
        self.samples.iter().all(|v| *v == 0.0)
    }

    /// Seconds from the start of the sound to the start of the window, below zero at first.
    pub fn start_secs(&self) -> f64 {
        (self.start as f64 - self.margin as f64) / f64::from(SAMPLE_RATE)
    }

    /// Samples of sound read so far.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// Moves on. Returns whether the window is still before the last of the zeros.
    pub fn step(&mut self, by: usize) -> bool {
        let kept = self.filled.saturating_sub(by);
        self.samples.copy_within(by.min(self.filled)..self.filled, 0);
        self.samples[kept..].fill(0.0);
        self.filled = kept;
        self.start += by as u64;
        !self.has_ended || self.start < self.read + 2 * self.margin as u64
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Gives a few samples at a time: 1, 2, 3 and so on.
    struct Counter {
        next: usize,
        length: usize,
    }

    impl Samples for Counter {
        type Error = String;

        fn read(&mut self, into: &mut [f32]) -> Result<usize, String> {
            let count = into.len().min(3).min(self.length - self.next);
            for slot in &mut into[..count] {
                self.next += 1;
                *slot = self.next as f32;
            }
            Ok(count)
        }

        fn length_hint(&self) -> Option<u64> {
            None
        }
    }

    #[test]
    fn windows_are_parts_of_the_sound_with_zeros_around() {
        for length in [0, 1, 4, 5, 7, 30] {
            let whole: Vec<f32> =
                [vec![0.0; 5], (1..=length).map(|k| k as f32).collect(), vec![0.0; 5]].concat();
            let mut sound = Counter { next: 0, length };
            let mut window = Window::new(8, 5);
            for start in (0..whole.len()).step_by(4) {
                window.fill(&mut sound).unwrap();
                let mut expected = whole[start..whole.len().min(start + 8)].to_vec();
                expected.resize(8, 0.0);
                assert_eq!(window.samples(), expected, "{length} from {start}");
                assert_eq!(window.is_silent(), expected.iter().all(|v| *v == 0.0));
                assert_eq!(window.step(4), start + 4 < whole.len(), "{length} from {start}");
            }
            assert_eq!(window.read(), length as u64);
        }
    }

    #[test]
    fn damaged_sound_is_refused_where_it_is_damaged() {
        struct Damaged;
        impl Samples for Damaged {
            type Error = String;
            fn read(&mut self, into: &mut [f32]) -> Result<usize, String> {
                into.fill(0.5);
                into[1] = f32::NAN;
                Ok(2)
            }
            fn length_hint(&self) -> Option<u64> {
                Some(2)
            }
        }
        let error = Window::new(8, 2).fill(&mut Damaged).unwrap_err();
        assert!(matches!(error, TranscribeError::NotFinite { secs } if secs < 1e-3), "{error}");
    }
}
