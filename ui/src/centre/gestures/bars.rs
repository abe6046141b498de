//! Whole bars selected in the ruler.

use protocol::Bars;

/// Bars from where the button went down to where the pointer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelectBars {
    anchor: usize,
    head: usize,
}

impl SelectBars {
    /// Begins in a bar.
    pub fn new(bar: usize) -> Self {
        Self { anchor: bar, head: bar }
    }

    /// Begins in a bar and keeps the far end of what is selected already (Shift).
    pub fn extending(bar: usize, selected: Option<&Bars>) -> Self {
        let Some(bars) = selected.filter(|b| !b.is_empty()) else { return Self::new(bar) };
        let (first, last) = (bars.start, bars.end - 1);
        let anchor = if bar.abs_diff(first) <= bar.abs_diff(last) { last } else { first };
        Self { anchor, head: bar }
    }

    /// The bar that stays selected wherever the pointer goes.
    pub fn anchor(&self) -> usize {
        self.anchor
    }

    /// The pointer is in this bar now.
    pub fn follow(&mut self, bar: usize) {
        self.head = bar;
    }

    /// The bars selected.
    pub fn bars(&self) -> Bars {
        self.anchor.min(self.head)..self.anchor.max(self.head) + 1
    }
}
