//! What is drawn at random of packed files.

use std::ops::RangeInclusive;

use rand::RngExt;
use rand_pcg::Pcg64Mcg;

/// Semitones by which music is transposed.
const TRANSPOSITIONS: RangeInclusive<i32> = -6..=5;

/// Places of windows in streams, each as likely as any other.
#[derive(Clone)]
pub struct Places {
    window: usize,
    /// Which stream, and the running sum of its places.
    streams: Vec<(usize, usize)>,
}

impl Places {
    /// No places yet, of windows of so many notes.
    pub fn new(window: usize) -> Self {
        Self { window, streams: Vec::new() }
    }

    /// Adds the places in a stream of so many notes; it has none if it is shorter than a window.
    pub fn add(&mut self, stream: usize, notes: usize) {
        if notes >= self.window {
            let before = self.streams.last().map_or(0, |stream| stream.1);
            self.streams.push((stream, before + notes - self.window + 1));
        }
    }

    /// Streams that have places.
    pub fn streams(&self) -> usize {
        self.streams.len()
    }

    /// A stream, and the note of it that a window begins with.
    ///
    /// # Panics
    /// When there are no places.
    pub fn draw(&self, random: &mut Pcg64Mcg) -> (usize, usize) {
        let place = random.random_range(0..self.streams.last().map_or(1, |stream| stream.1));
        let k = self.streams.partition_point(|stream| stream.1 <= place);
        let before = k.checked_sub(1).map_or(0, |k| self.streams[k].1);
        (self.streams[k].0, place - before)
    }
}

/// Semitones by which pitches are moved: each transposition that leaves them on the keys is as likely as any other.
pub fn transposition(
    pitches: impl Iterator<Item = i32> + Clone,
    keys: RangeInclusive<i32>,
    random: &mut Pcg64Mcg,
) -> i32 {
    let (first, last) = keys.into_inner();
    let (lowest, highest) = (pitches.clone().min().unwrap_or(first), pitches.max().unwrap_or(last));
    let (down, up) = TRANSPOSITIONS.into_inner();
    let (down, up) = (down.max(first - lowest), up.min(last - highest));
    random.random_range(down..=up.max(down))
}
