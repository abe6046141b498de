//! Windows of notes, which go through the network together.

use super::canvas::Canvas;
use crate::settings::Sampling;

/// Notes that go through the network together.
pub(super) struct NoteWindow {
    /// The first note.
    pub start: usize,
    /// The note after the last.
    pub end: usize,
    /// Notes from here on are left to the next window, which knows more of what follows.
    pub keep: usize,
}

impl NoteWindow {
    /// The window in which `next` is performed, the first note that is waiting.
    pub fn around(canvas: &Canvas<'_>, next: usize, sampling: &Sampling) -> Self {
        let notes = canvas.notes();
        let first = canvas.chord_start(next);
        let start = canvas.chord_start(first.saturating_sub(sampling.overlap));
        // A chord as wide as most of the window would leave it no room for new notes.
        let is_wide = next - start > sampling.window * 3 / 4;
        let start = if is_wide { next.saturating_sub(sampling.overlap) } else { start };
        let end = (start + sampling.window).max(next + 1).min(notes);
        let keep =
            if end == notes { notes } else { canvas.chord_start(end.saturating_sub(sampling.lookahead)) };
        // A chord as wide as the window is kept as far as it goes.
        let keep = if keep > next { keep } else { end };
        Self { start, end, keep }
    }

    /// How many of the notes that are waiting it performs.
    pub fn count(&self, waiting: &[bool]) -> usize {
        waiting[self.start..self.keep].iter().filter(|w| **w).count()
    }
}
