//! Which hand plays a note of a piano that has only one track.
//!
//! At each onset a split point divides the notes that start or still sound into two hands. The
//! cheapest path of split points through the piece wins: hands should not stretch beyond a ninth,
//! the split should lie in a gap, near its last place, and not far from middle C.

use crate::score::Hand;
use crate::time::Quarters;

/// A note to be given to a hand.
#[derive(Clone, Copy, Debug)]
pub struct Keyed {
    /// Start.
    pub onset: Quarters,
    /// End.
    pub end: Quarters,
    /// MIDI pitch.
    pub pitch: u8,
}

/// Split points tried: notes below belong to the left hand.
const LOWEST: usize = 36;
const SPLITS: usize = 49;

/// What a hand can span without effort, in semitones.
const EASY_SPAN: f64 = 14.0;

/// Gives each note a hand; the notes are ordered by onset.
pub fn split(notes: &[Keyed]) -> Vec<Hand> {
    let mut hands = vec![Hand::Right; notes.len()];
    let groups = onsets(notes);
    let costs = local_costs(notes, &groups);
    for (group, split) in groups.iter().zip(cheapest_path(&costs)) {
        for n in group.clone() {
            if usize::from(notes[n].pitch) < LOWEST + split {
                hands[n] = Hand::Left;
            }
        }
    }
    hands
}

fn onsets(notes: &[Keyed]) -> Vec<std::ops::Range<usize>> {
    let mut groups = Vec::new();
    let mut start = 0;
    for end in 1..=notes.len() {
        if end == notes.len() || notes[end].onset != notes[start].onset {
            groups.push(start..end);
            start = end;
        }
    }
    groups
}

/// Cost of each split at each onset.
fn local_costs(notes: &[Keyed], groups: &[std::ops::Range<usize>]) -> Vec<[f64; SPLITS]> {
    let mut held: Vec<Keyed> = Vec::new();
    let cost = |group: &std::ops::Range<usize>| {
        let now = notes[group.start].onset;
        held.retain(|n| n.end > now);
        held.extend_from_slice(&notes[group.clone()]);
        // Long pedal points beyond a hand's worth of notes say nothing more.
        if held.len() > 64 {
            held.drain(..held.len() - 64);
        }
        std::array::from_fn(|k| split_cost(&held, LOWEST + k))
    };
    groups.iter().map(cost).collect()
}

fn split_cost(held: &[Keyed], split: usize) -> f64 {
    let (mut low, mut left_top, mut right_bottom, mut high) = (f64::MAX, f64::MIN, f64::MAX, f64::MIN);
    for pitch in held.iter().map(|n| f64::from(n.pitch)) {
        if pitch < split as f64 {
            (low, left_top) = (low.min(pitch), left_top.max(pitch));
        } else {
            (right_bottom, high) = (right_bottom.min(pitch), high.max(pitch));
        }
    }
    let stretch = |from: f64, to: f64| (to - from - EASY_SPAN).max(0.0);
    let (left, right) = (low <= left_top, right_bottom <= high);
    let mut cost = 0.02 * (split as f64 - 60.0).abs();
    if left {
        cost += stretch(low, left_top).powi(2) + 0.02 * (left_top - 60.0).max(0.0);
    }
    if right {
        cost += stretch(right_bottom, high).powi(2) + 0.02 * (60.0 - right_bottom).max(0.0);
    }
    if left && right {
        // Halfway in a wide gap is best.
        let room = (split as f64 - left_top).min(right_bottom + 1.0 - split as f64);
        cost - 0.15 * room.min(6.0)
    } else {
        // One hand alone: the split stays clear of the notes.
        let room = if left { split as f64 - left_top } else { right_bottom + 1.0 - split as f64 };
        cost - 0.1 * room.min(6.0)
    }
}

/// The path of splits with the least sum of local costs and of moves between onsets.
fn cheapest_path(costs: &[[f64; SPLITS]]) -> Vec<usize> {
    const MOVE: f64 = 0.25;
    let mut from: Vec<[u8; SPLITS]> = Vec::with_capacity(costs.len());
    let mut total = [0.0; SPLITS];
    for local in costs {
        // Moving costs by distance, so the best predecessor spreads from neighbour to neighbour.
        let mut best = total;
        let mut origin: [u8; SPLITS] = std::array::from_fn(|k| k as u8);
        for k in 1..SPLITS {
            if best[k - 1] + MOVE < best[k] {
                (best[k], origin[k]) = (best[k - 1] + MOVE, origin[k - 1]);
            }
        }
        for k in (0..SPLITS - 1).rev() {
            if best[k + 1] + MOVE < best[k] {
                (best[k], origin[k]) = (best[k + 1] + MOVE, origin[k + 1]);
            }
        }
        total = std::array::from_fn(|k| best[k] + local[k]);
        from.push(origin);
    }
    let mut at = (0..SPLITS).min_by(|a, b| total[*a].total_cmp(&total[*b])).unwrap_or(0);
    let mut path = Vec::with_capacity(costs.len());
    for origin in from.iter().rev() {
        path.push(at);
        at = usize::from(origin[at]);
    }
    path.reverse();
    path
}
