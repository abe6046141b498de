//! Which repeats of the score a recording takes.
//!
//! A score has its repeats written out. Which of them were taken is found by the order in which the bars of the page
//! were played: the ways through the score that leave out any of its repeats ([`notation::Repeats`]) are
//! compared with it by dynamic programming, and the nearest one holds. A bar that agrees counts 1, a bar that was
//! not played -1.5, a bar that was played besides -0.25, so that a time of playing was there if somewhat more than
//! half of it was played. What comes before the first and after the last bar counts nothing.

use notation::{Pass, Repeats, Score};
use performance::midi::PlayedMidi;

use crate::bars::{self, Figures};
use crate::recording::{Given, match_recording};

const SAME: f64 = 1.0;
const NOT_PLAYED: f64 = -1.5;
const BESIDES: f64 = -0.25;
/// To leave a repeat out, so that it is left out only if that explains anything.
const LEAVE_OUT: f64 = -0.05;
/// Pairs of a bar of the score and a played one up to which repeats are looked for.
const MOST_PAIRS: usize = 1 << 25;
/// Ways to a bar that are looked at.
const MOST_WAYS: usize = 15;
/// The score without some repeats has to explain at least so large a share of the notes.
const LEAST_KEPT: f64 = 0.98;

/// A recording with its notes given to those of the score as it was played: the second value, if
/// that leaves out repeats of the score that is given; see [`match_recording`].
pub fn match_as_played(score: &Score, midi: &PlayedMidi) -> (Given, Option<Score>) {
    let given = match_recording(score, midi);
    let figures = bars::figures(score, &midi.notes, &given.alignment);
    let Some(unfolded) = as_played(score, &figures) else { return (given, None) };
    let again = match_recording(&unfolded, midi);
    if (again.found as f64) < LEAST_KEPT * given.found as f64 {
        return (given, None);
    }
    (again, Some(unfolded))
}

/// The score without the repeats that were left out; none if nothing was left out.
pub fn as_played(score: &Score, figures: &Figures) -> Option<Score> {
    let repeats = Repeats::of(score);
    let left_out = left_out(&repeats, figures);
    (!left_out.is_empty()).then(|| repeats.without(score, &left_out))
}

/// The times of playing that were left out, as indices into [`Repeats::passes`], rising.
pub fn left_out(repeats: &Repeats, figures: &Figures) -> Vec<usize> {
    let page = |bar: &bars::PlayedBar| repeats.page.get(bar.measure as usize).copied();
    let is_played = |bar: &&bars::PlayedBar| 2 * bar.right >= bar.right + bar.wrong + bar.missed;
    let played: Vec<u32> = figures.bars.iter().filter(is_played).filter_map(page).collect();
    let pairs = repeats.page.len().saturating_mul(played.len());
    if repeats.passes.is_empty() || pairs == 0 || pairs > MOST_PAIRS {
        return Vec::new();
    }
    let way = Ways::of(repeats).nearest(&repeats.page, &played);
    let mut left_out = way.left_out;
    left_out.extend(before(&repeats.passes, way.first));
    left_out.extend(after(&repeats.passes, way.first, way.last));
    left_out.sort_unstable();
    left_out.dedup();
    left_out
}

/// Times of playing before the first measure that was played, if this is in the next time.
fn before(passes: &[Pass], first: usize) -> Vec<usize> {
    let mut at = first;
    let mut found = Vec::new();
    for (k, Pass { measures, common }) in passes.iter().enumerate().rev() {
        if (measures.end..measures.end + common).contains(&at) {
            found.push(k);
            at = measures.start;
        }
    }
    found
}

/// Times of playing after the last measure that was played, if this ends one that was played from its start and
/// has no ending that asks to go back.
fn after(passes: &[Pass], first: usize, last: usize) -> Vec<usize> {
    let mut next = last + 1;
    let mut found = Vec::new();
    for (k, pass) in passes.iter().enumerate() {
        let is_whole = found.is_empty() && first <= pass.measures.start || pass.measures.start > last;
        if pass.measures.end == next && is_whole && !pass.has_ending() {
            found.push(k);
            next += pass.measures.len();
        }
    }
    found
}

/// The ways from measure to measure.
struct Ways {
    /// For each measure those that may come before it, each with the times of playing that are left out between.
    to: Vec<Vec<(usize, Vec<usize>)>>,
}

/// A way through the score.
struct Way {
    first: usize,
    last: usize,
    left_out: Vec<usize>,
}

/// How a cell was reached: a new way, a bar that agrees, a bar that was not played, a bar besides.
const START: u8 = 0;
const AGREES: u8 = 1;
const SKIPS: u8 = 2;
const STAYS: u8 = 3;

impl Ways {
    fn of(repeats: &Repeats) -> Self {
        let mut to: Vec<Vec<(usize, Vec<usize>)>> = (0..repeats.page.len())
            .map(|k| k.checked_sub(1).map(|before| (before, Vec::new())).into_iter().collect())
            .collect();
        for last in 0..repeats.passes.len() {
            let end = repeats.passes[last].measures.end;
            let mut left_out = Vec::new();
            for k in (0..=last).rev() {
                let measures = &repeats.passes[k].measures;
                let follows = left_out
                    .last()
                    .is_none_or(|later: &usize| repeats.passes[*later].measures.start == measures.end);
                if !follows || to[end].len() >= MOST_WAYS {
                    break;
                }
                left_out.push(k);
                if let Some(before) = measures.start.checked_sub(1) {
                    to[end].push((before, left_out.clone()));
                }
            }
        }
        Self { to }
    }

    /// The way that is nearest to what was played, both as measures of the page.
    fn nearest(&self, page: &[u32], played: &[u32]) -> Way {
        let width = page.len();
        let mut steps: Vec<u8> = Vec::with_capacity(width * played.len());
        let mut row = vec![f64::NEG_INFINITY; width];
        let mut best = (f64::NEG_INFINITY, 0, 0);
        for (i, bar) in played.iter().enumerate() {
            let mut next = vec![f64::NEG_INFINITY; width];
            for k in 0..width {
                let (value, step) = self.cell(k, page[k] == *bar, i, &row, &next);
                next[k] = value;
                steps.push(step);
                let whole = value + BESIDES * (played.len() - 1 - i) as f64;
                if whole > best.0 {
                    best = (whole, i, k);
                }
            }
            row = next;
        }
        self.trace(&steps, width, best.1, best.2)
    }

    /// The value of a cell and the step to it: its kind and which of the ways it takes.
    fn cell(&self, k: usize, is_same: bool, i: usize, above: &[f64], row: &[f64]) -> (f64, u8) {
        let mut best = (above[k] + BESIDES, STAYS);
        let mut consider = |value: f64, step: u8| {
            if value > best.0 {
                best = (value, step);
            }
        };
        if is_same {
            consider(SAME + BESIDES * i as f64, START);
        }
        for (way, (before, left_out)) in (0_u8..).zip(&self.to[k]) {
            let cost = if left_out.is_empty() { 0.0 } else { LEAVE_OUT };
            if is_same {
                consider(above[*before] + SAME + cost, AGREES | way << 2);
            }
            consider(row[*before] + NOT_PLAYED + cost, SKIPS | way << 2);
        }
        best
    }

    fn trace(&self, steps: &[u8], width: usize, played: usize, measure: usize) -> Way {
        let (mut i, mut k) = (played, measure);
        let mut found = Way { first: measure, last: measure, left_out: Vec::new() };
        loop {
            let step = steps[i * width + k];
            let way = self.to[k].get(usize::from(step >> 2));
            match (step & 3, way) {
                (STAYS, _) if i > 0 => i -= 1,
                (kind @ (AGREES | SKIPS), Some((before, left_out))) if kind == SKIPS || i > 0 => {
                    found.left_out.extend(left_out);
                    k = *before;
                    i -= usize::from(kind == AGREES);
                }
                _ => break,
            }
        }
        found.first = k;
        found
    }
}
