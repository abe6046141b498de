//! Windows of a piece: what is read at once.

use std::ops::Range;

use super::steps::{ScoreTokens, is_metric};
use crate::config::NetworkConfig;
use crate::ecp::{FAMILY, NOTE};

/// A part of a piece that is read at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its steps.
    pub steps: Range<usize>,
    /// Those of its steps for which it counts.
    pub counts: Range<usize>,
}

/// Windows that overlap by about half, of which the middle counts: every step of the piece once. Each has as many
/// whole beats as hold at most [`NetworkConfig::window`] notes and [`NetworkConfig::steps`] steps; a beat that has
/// more is cut.
pub fn overlapping(steps: &[ScoreTokens], sizes: &NetworkConfig) -> Vec<Window> {
    let pieces = Pieces::of(steps, sizes);
    let (mut windows, mut first, mut counted) = (Vec::new(), 0, 0);
    while counted < steps.len() {
        let end = pieces.end(first);
        let (start, end_at) = (pieces.starts[first], pieces.starts[end]);
        let next = pieces.at_or_after(start + (end_at - start) / 2).clamp(first + 1, end);
        let counts = if end_at == steps.len() {
            end_at
        } else {
            let begins = pieces.starts[next];
            let middle = pieces.starts[pieces.at_or_after(begins + (end_at - begins) / 2)];
            middle.clamp(counted, end_at)
        };
        if counts > counted {
            windows.push(Window { steps: start..end_at, counts: counted..counts });
        }
        (first, counted) = (next, counts);
    }
    windows
}

/// Windows one after another.
pub fn consecutive(steps: &[ScoreTokens], sizes: &NetworkConfig) -> Vec<Range<usize>> {
    let pieces = Pieces::of(steps, sizes);
    let (mut windows, mut first) = (Vec::new(), 0);
    while pieces.starts[first] < steps.len() {
        let end = pieces.end(first);
        windows.push(pieces.starts[first]..pieces.starts[end]);
        first = end;
    }
    windows
}

/// Beats, and parts of beats that are too long.
struct Pieces {
    /// Where each begins, and the end of the last.
    starts: Vec<usize>,
    /// Notes before each, and all.
    notes: Vec<usize>,
    most_steps: usize,
    most_notes: usize,
}

impl Pieces {
    fn of(steps: &[ScoreTokens], sizes: &NetworkConfig) -> Self {
        let longest = sizes.window.min(sizes.steps).max(1);
        let (mut starts, mut notes, mut count) = (vec![0], vec![0], 0);
        for (k, step) in steps.iter().enumerate() {
            let length = k - starts.last().copied().unwrap_or(0);
            if length > 0 && (is_metric(step) || length == longest) {
                starts.push(k);
                notes.push(count);
            }
            count += usize::from(step[FAMILY] == NOTE);
        }
        if !steps.is_empty() {
            starts.push(steps.len());
            notes.push(count);
        }
        Self { starts, notes, most_steps: sizes.steps, most_notes: sizes.window }
    }

    /// The end of the window that begins with a piece: at least this one.
    fn end(&self, first: usize) -> usize {
        let fits = |piece: &usize| {
            self.starts[*piece] - self.starts[first] <= self.most_steps
                && self.notes[*piece] - self.notes[first] <= self.most_notes
        };
        (first + 1..self.starts.len()).take_while(fits).last().unwrap_or(first + 1)
    }

    /// The first piece that begins at a step or after it, or the end.
    fn at_or_after(&self, step: usize) -> usize {
        self.starts.partition_point(|start| *start < step).min(self.starts.len() - 1)
    }
}

#[cfg(test)]
#[path = "windows_tests.rs"]
mod tests;
