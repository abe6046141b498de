//! Windows of played notes, drawn from packed streams.

use anyhow::{Result, ensure};
use cadenza::groove::COLUMNS;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::STYLES;
use super::packed::Packed;
use crate::packs::draws::Places;

/// Streams of at least a window's notes, ready for drawing.
pub struct Windows {
    packed: Packed,
    window: usize,
    /// Those of each style.
    places: Vec<Places>,
}

/// A batch: tables `[batch, window]`, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Windows.
    pub batch: usize,
    /// Notes in a window.
    pub window: usize,
    /// What is written `[batch, window, COLUMNS]`.
    pub rows: Vec<u8>,
    /// The style of each window.
    pub style: Vec<u8>,
    /// Velocities; 0 where nothing was played.
    pub velocity: Vec<u8>,
    /// Bins of micro-timing, or [`NO_TIMING`](super::NO_TIMING).
    pub timing: Vec<u8>,
}

impl Windows {
    /// Every style is as likely as any other, and so is every window of it.
    ///
    /// # Errors
    /// When no stream of a style is as long as a window.
    pub fn new(packed: Packed, window: usize) -> Result<Self> {
        let mut places = vec![Places::new(window); STYLES.len()];
        for stream in 0..packed.streams() {
            let notes = packed.starts[stream + 1] - packed.starts[stream];
            places[usize::from(packed.style[stream])].add(stream, notes);
        }
        for (style, name) in STYLES.iter().enumerate() {
            ensure!(places[style].streams() > 0, "no stream in the style {name} has {window} notes");
        }
        Ok(Self { packed, window, places })
    }

    /// Streams that windows are drawn from.
    pub fn streams(&self) -> usize {
        self.places.iter().map(Places::streams).sum()
    }

    /// A batch of windows, the same for the same seed. The styles take turns, from one that the seed says on, so that
    /// batches of neighbouring seeds have as much of each even if they are of one window.
    pub fn draw(&self, seed: u64, batch: usize) -> Batch {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let (window, packed) = (self.window, &self.packed);
        let mut drawn = Batch {
            batch,
            window,
            rows: Vec::with_capacity(batch * window * COLUMNS),
            style: Vec::with_capacity(batch),
            velocity: Vec::with_capacity(batch * window),
            timing: Vec::with_capacity(batch * window),
        };
        for k in 0..batch {
            let style = (seed.wrapping_add(k as u64) % STYLES.len() as u64) as usize;
            let (stream, place) = self.places[style].draw(&mut random);
            let first = packed.starts[stream] + place;
            drawn.rows.extend_from_slice(&packed.rows[first * COLUMNS..(first + window) * COLUMNS]);
            drawn.style.push(style as u8);
            drawn.velocity.extend_from_slice(&packed.velocity[first..first + window]);
            drawn.timing.extend_from_slice(&packed.timing[first..first + window]);
        }
        drawn
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A stream whose notes have their numbers as velocities.
    fn push(packed: &mut Packed, style: u8, notes: usize) {
        let numbers: Vec<u8> = (0..notes).map(|k| (k % 100) as u8).collect();
        packed.push(style, &vec![style; notes * COLUMNS], &numbers, &numbers);
    }

    #[test]
    fn styles_take_turns_and_windows_stay_in_their_streams() {
        let mut packed = Packed::new();
        for (style, notes) in [(0, 10), (1, 40), (0, 100), (0, 33)] {
            push(&mut packed, style, notes);
        }
        let windows = Windows::new(packed, 32).unwrap();
        assert_eq!(windows.streams(), 3);
        let batch = windows.draw(5, 40);
        assert_eq!(batch, windows.draw(5, 40));
        assert_ne!(batch, windows.draw(6, 40));
        for (k, velocity) in batch.velocity.chunks(32).enumerate() {
            assert!(velocity.windows(2).all(|two| two[1] == two[0] + 1), "{velocity:?}");
            assert_eq!(usize::from(batch.style[k]), (5 + k) % 2);
            assert!(batch.rows[k * 32 * COLUMNS..][..32 * COLUMNS].iter().all(|v| *v == batch.style[k]));
        }
        assert_eq!(batch.timing, batch.velocity);
    }

    #[test]
    fn a_style_without_windows_is_refused() {
        let mut packed = Packed::new();
        push(&mut packed, 0, 64);
        push(&mut packed, 1, 31);
        let error = Windows::new(packed, 32).err().unwrap().to_string();
        assert_eq!(error, "no stream in the style pop has 32 notes");
    }
}
