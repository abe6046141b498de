//! How much of pieces was among the bars that there were to learn from, in any key.

use std::collections::HashSet;

use notation::Score;
use rayon::prelude::*;
use serde::Serialize;
use xmvae::ecp::{self, DURATION, FAMILY, NOTE, PITCH, POSITION};
use xmvae::network::{ScoreTokens, score_tokens};

use super::passages;
use crate::xmvae::Packed;

/// Bars with fewer notes are not counted: there are few of them, so they are everywhere.
const LEAST_NOTES: usize = 4;

/// What a bar is in any key: each beat and note by a number of its own, in order, notes by their interval from the
/// first note.
pub type Shape = Vec<u32>;

/// Shares of bars with at least four notes, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Copied {
    /// Bars.
    pub bars: usize,
    /// The share of bars that are among those that were learned.
    pub copied: f64,
    /// The share of a bar's beats and notes that are in the bar that was learned that has most of them; the mean over
    /// bars. Both bars count: it is twice what they share by what both have.
    pub nearest: f64,
}

/// The bars that there were to learn from.
pub struct Known {
    shapes: HashSet<Shape>,
    /// Each shape once, in ascending numbers.
    sorted: Vec<Shape>,
}

impl Known {
    /// The bars of packs.
    pub fn of(packs: &[&Packed]) -> Self {
        let shapes: HashSet<Shape> = packs.iter().flat_map(|pack| of_pack(pack)).collect();
        let mut sorted: Vec<Shape> = shapes.iter().map(ascending).collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self { shapes, sorted }
    }

    /// How many different bars there are.
    pub fn count(&self) -> usize {
        self.shapes.len()
    }

    /// Looks for bars among those that were learned.
    pub fn judge(&self, bars: &[Shape]) -> Copied {
        let count = bars.len().max(1) as f64;
        let copied = bars.iter().filter(|bar| self.shapes.contains(*bar)).count();
        let nearest: Vec<f64> = bars.par_iter().map(|bar| self.nearest(&ascending(bar))).collect();
        Copied {
            bars: bars.len(),
            copied: copied as f64 / count,
            nearest: nearest.iter().sum::<f64>() / count,
        }
    }

    fn nearest(&self, bar: &Shape) -> f64 {
        self.sorted.iter().map(|known| likeness(bar, known)).fold(0.0, f64::max)
    }
}

fn ascending(shape: &Shape) -> Shape {
    let mut sorted = shape.clone();
    sorted.sort_unstable();
    sorted
}

/// Twice what two lists in ascending order share, by the length of both.
fn likeness(one: &[u32], other: &[u32]) -> f64 {
    let (mut a, mut b, mut shared) = (0, 0, 0);
    while let (Some(x), Some(y)) = (one.get(a), other.get(b)) {
        shared += usize::from(x == y);
        a += usize::from(x <= y);
        b += usize::from(y <= x);
    }
    2.0 * shared as f64 / (one.len() + other.len()).max(1) as f64
}

/// The bars of all scores of a pack.
pub fn of_pack(pack: &Packed) -> Vec<Shape> {
    passages::scores(pack).flat_map(of_steps).collect()
}

/// The bars of a score.
pub fn of_score(score: &Score) -> Vec<Shape> {
    of_steps(&score_tokens(&ecp::written(score).tokens))
}

fn of_steps(steps: &[ScoreTokens]) -> Vec<Shape> {
    passages::bars(steps).into_iter().filter_map(|bar| shape(&steps[bar])).collect()
}

/// What a bar is in any key; nothing of one with few notes.
fn shape(steps: &[ScoreTokens]) -> Option<Shape> {
    let mut first = None;
    // The place of a beat is that of the beat in its bar; that of a note is within the beat before it.
    let mut beat = 0;
    let mut notes = 0;
    let mut shape = Vec::with_capacity(steps.len());
    for step in steps {
        let (position, duration) = (u32::from(step[POSITION]), u32::from(step[DURATION]));
        if step[FAMILY] != NOTE {
            beat = position;
            shape.push(number(position, 0, 0, duration));
            continue;
        }
        notes += 1;
        let pitch = step[PITCH];
        // At most 88 below or above, so never 0.
        let interval = 100 + u32::from(pitch) - u32::from(*first.get_or_insert(pitch));
        shape.push(number(beat, position, interval, duration));
    }
    (notes >= LEAST_NOTES).then_some(shape)
}

/// A number for a beat or a note: beats and positions are below 32, intervals below 256, durations below 64.
fn number(beat: u32, position: u32, interval: u32, duration: u32) -> u32 {
    ((beat * 32 + position) * 256 + interval) * 64 + duration
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
