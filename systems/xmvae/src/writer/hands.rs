//! Which hand plays what is written, and what hands can play.

use notation::Hand;

/// The most keys that a hand strikes or holds at once.
pub const MOST_A_HAND: usize = 5;

/// How far a hand spans, in semitones: a major tenth.
pub const WIDEST: u8 = 16;

/// Where hands are before they have played anything, in MIDI pitch: left, right.
const AT_FIRST: [f64; 2] = [48.0, 69.0];

/// What it costs to move a hand by a semitone.
const MOVE: f64 = 0.1;

/// What it costs to let go of a key that is held.
const LET_GO: f64 = 2.0;

/// What it costs besides if nothing above it sounds: it may be the melody.
const LET_GO_OF_THE_TOP: f64 = 4.0;

/// What a semitone costs by which a hand is on the other one's side of the keyboard.
const OTHER_SIDE: f64 = 0.05;

/// What it costs to strike beyond a key that the other hand holds.
const CROSSING: f64 = 3.0;

/// A key that is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// MIDI pitch.
    pub pitch: u8,
    /// The hand that holds it.
    pub hand: Hand,
}

/// How the keys of an onset are divided.
#[derive(Clone, Debug, PartialEq)]
pub struct Division {
    /// So many of the lowest are the left hand's.
    pub left: usize,
    /// Which of the keys that are held have to be let go: indices.
    pub let_go: Vec<usize>,
}

/// Whether two hands can strike keys at once. They are in ascending order.
pub fn can_strike(pitches: &[u8]) -> bool {
    (0..=pitches.len()).any(|left| is_possible(pitches, left))
}

fn is_possible(pitches: &[u8], left: usize) -> bool {
    let (low, high) = pitches.split_at(left);
    can_span(low) && can_span(high)
}

/// Whether one hand can strike keys at once. They are in ascending order.
fn can_span(pitches: &[u8]) -> bool {
    let span = pitches.last().zip(pitches.first()).map_or(0, |(high, low)| high.saturating_sub(*low));
    pitches.len() <= MOST_A_HAND && span <= WIDEST
}

/// Where the hands are.
#[derive(Clone, Debug)]
pub struct Hands {
    at: [f64; 2],
}

impl Default for Hands {
    fn default() -> Self {
        Self { at: AT_FIRST }
    }
}

impl Hands {
    /// Divides the keys of an onset, in ascending order, among the hands, which hold others; what they cannot hold on
    /// to is let go. Keys that [`can_strike`] are divided so that each hand can play its own.
    pub fn divide(&mut self, struck: &[u8], held: &[Held]) -> Division {
        let possible = (0..=struck.len()).filter(|left| is_possible(struck, *left));
        let divisions = possible.map(|left| {
            let let_go = must_let_go(struck, left, held);
            (self.cost(struck, left, held, &let_go), Division { left, let_go })
        });
        let best = divisions.min_by(|a, b| a.0.total_cmp(&b.0));
        let best = best.map_or_else(|| Division { left: 0, let_go: Vec::new() }, |(_, division)| division);
        let (low, high) = struck.split_at(best.left);
        for (at, own) in self.at.iter_mut().zip([low, high]) {
            if let Some(mean) = mean(own) {
                *at = f64::midpoint(*at, mean);
            }
        }
        best
    }

    fn cost(&self, struck: &[u8], left: usize, held: &[Held], let_go: &[usize]) -> f64 {
        let (low, high) = struck.split_at(left);
        let moved = |own: &[u8], at: f64| mean(own).map_or(0.0, |mean| MOVE * (mean - at).abs());
        let mut cost = moved(low, self.at[0]) + moved(high, self.at[1]);
        let beyond = |pitch: &u8| (f64::from(*pitch) - 60.0).max(0.0);
        let below = |pitch: &u8| (60.0 - f64::from(*pitch)).max(0.0);
        cost += OTHER_SIDE * low.iter().map(beyond).sum::<f64>();
        cost += OTHER_SIDE * high.iter().map(below).sum::<f64>();
        let top = held.iter().map(|held| held.pitch).chain(struck.iter().copied()).max();
        for k in let_go {
            let is_top = held.get(*k).map(|held| held.pitch) == top;
            cost += LET_GO + if is_top { LET_GO_OF_THE_TOP } else { 0.0 };
        }
        let stays = held.iter().enumerate().filter(|(k, _)| !let_go.contains(k)).map(|(_, held)| held);
        let crosses = |held: &&Held| match held.hand {
            Hand::Right => low.last().is_some_and(|highest| *highest > held.pitch),
            Hand::Left => high.first().is_some_and(|lowest| *lowest < held.pitch),
        };
        cost + CROSSING * stays.filter(crosses).count() as f64
    }
}

fn mean(pitches: &[u8]) -> Option<f64> {
    let sum: f64 = pitches.iter().map(|pitch| f64::from(*pitch)).sum();
    (!pitches.is_empty()).then(|| sum / pitches.len() as f64)
}

/// The keys that cannot be held on to when so many of the struck ones are the left hand's: those nearest to what its
/// hand strikes are kept, as many as it has fingers for.
fn must_let_go(struck: &[u8], left: usize, held: &[Held]) -> Vec<usize> {
    let (low, high) = struck.split_at(left);
    let mut let_go = Vec::new();
    for (hand, own) in [(Hand::Left, low), (Hand::Right, high)] {
        let Some(middle) = mean(own) else { continue };
        let mut keys = own.to_vec();
        let mut holding: Vec<usize> = (0..held.len()).filter(|k| held[*k].hand == hand).collect();
        let distance = |k: usize| (f64::from(held[k].pitch) - middle).abs();
        holding.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
        for k in holding {
            let mut with = keys.clone();
            with.push(held[k].pitch);
            with.sort_unstable();
            if can_span(&with) {
                keys = with;
            } else {
                let_go.push(k);
            }
        }
    }
    let_go
}

#[cfg(test)]
#[path = "hands_tests.rs"]
mod tests;
