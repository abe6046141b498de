//! What chance draws for the notes of a take, and what that is of a distribution.
//!
//! Each note is drawn from its own distribution, by a number that says how much of it lies below. Numbers of each
//! note's own would make every other note loud and soft; people are louder, or later, for a while, and a chord is
//! struck as one. So the numbers are made of normal ones that are correlated as they are in people's playing
//! ([`Coherence`]): a part that a take has throughout, one that the notes of an onset share and that changes from
//! onset to onset, and one of each note's own.

use std::f64::consts::TAU;

use notation::Score;
use serde::{Deserialize, Serialize};

use crate::sampling::chances;

/// How alike chance is for different notes of a take: the correlation of what is left of their velocities, or
/// of another value of theirs, when the network's distributions are known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coherence {
    /// Of two notes of a chord.
    pub chord: f64,
    /// Of two notes that are far apart: how much a take is louder, or later, as a whole.
    pub take: f64,
    /// Over how many quarters what is between falls to 1/e.
    pub quarters: f64,
}

impl Default for Coherence {
    /// Chance of each note's own.
    fn default() -> Self {
        Self { chord: 0.0, take: 0.0, quarters: 1.0 }
    }
}

impl Coherence {
    /// Whether there can be numbers that are so correlated.
    pub fn is_possible(&self) -> bool {
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        let falls = self.quarters > 0.0 && self.quarters <= 1e3;
        is_share(self.chord) && is_share(self.take) && self.take <= self.chord && falls
    }
}

/// A normal number for each note of a score, or for each of other things that have places in it.
pub struct Chances(Vec<f64>);

impl Chances {
    /// The numbers of a seed. Different `purpose`s have nothing to do with each other. They depend on all notes of
    /// the score and not on which of them are played.
    pub fn of(score: &Score, coherence: &Coherence, seed: u64, purpose: u64) -> Self {
        let at = |first: usize| score.notes[first].onset.to_f64();
        let groups = score.onset_groups().into_iter().map(|group| (at(group.start), group.len()));
        Self::of_groups(groups, coherence, seed, purpose)
    }

    /// As [`Self::of`], for groups of things that share their place: where each group is, in quarters, and how many
    /// it has, in their order.
    pub fn of_groups(
        groups: impl IntoIterator<Item = (f64, usize)>,
        coherence: &Coherence,
        seed: u64,
        purpose: u64,
    ) -> Self {
        let Coherence { chord, take, quarters } = *coherence;
        // Three streams of numbers a purpose.
        let draw = |stream: u64, place: usize| normal(seed.wrapping_add((3 * purpose + stream) << 40), place);
        let [whole, shared, own] = [take, chord - take, 1.0 - chord].map(|share| share.max(0.0).sqrt());
        let throughout = draw(0, 0);
        let mut numbers: Vec<f64> = Vec::new();
        let (mut state, mut before) = (0.0, f64::NEG_INFINITY);
        for (at, count) in groups {
            let first = numbers.len();
            // An Ornstein-Uhlenbeck process: its correlation falls to 1/e over `quarters`.
            let kept = (-(at - before) / quarters).exp();
            state = kept * state + (1.0 - kept * kept).sqrt() * draw(1, first);
            before = at;
            numbers.extend(
                (first..first + count).map(|n| whole * throughout + shared * state + own * draw(2, n)),
            );
        }
        Self(numbers)
    }

    /// The number of a note times `variety`.
    pub fn number(&self, note: usize, variety: f64) -> f64 {
        variety * self.0[note]
    }

    /// How much of a note's distribution is to lie below what is drawn, 0 to 1. At a variety of 0 that is half,
    /// at 1 chance is as large as in people's playing.
    pub fn below(&self, note: usize, variety: f64) -> f64 {
        normal_below(self.number(note, variety))
    }
}

/// Where in a distribution over bins, given by logits, so much lies below, in bins from 0: in the middle of bin
/// 3, 3.5.
pub fn place_of(logits: &[f32], below: f64) -> f64 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let share = |logit: &f32| f64::from(logit - most).exp();
    let total: f64 = logits.iter().map(share).sum();
    let mut left = below.clamp(0.0, 1.0) * total;
    for (bin, logit) in logits.iter().enumerate() {
        let share = share(logit);
        if left < share {
            return bin as f64 + left / share;
        }
        left -= share;
    }
    logits.len() as f64
}

/// A normal number that belongs to a seed and a place (Box and Muller, 1958).
pub fn normal(seed: u64, place: usize) -> f64 {
    let [a, b] = chances::<2>(seed, place);
    (-2.0 * (1.0 - a).ln()).sqrt() * (TAU * b).cos()
}

/// The share of normal numbers below one, within 7.5e-8 (Abramowitz and Stegun, *Handbook of Mathematical
/// Functions*, 26.2.17).
fn normal_below(x: f64) -> f64 {
    const FACTORS: [f64; 5] = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let sum = FACTORS.iter().rev().fold(0.0, |sum, factor| (sum + factor) * t);
    let above = sum * (-0.5 * x * x).exp() / TAU.sqrt();
    if x < 0.0 { above } else { 1.0 - above }
}

#[cfg(test)]
#[path = "chance_tests.rs"]
mod tests;
