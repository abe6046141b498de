//! Whole bars selected in the ruler.

use protocol::Bars;

/// Bars from where the button went down to where the pointer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelectBars {
    anchor: usize,
    /// Where what is selected begins or ends: the anchor, or another time of it.
    from: usize,
    head: usize,
}

impl SelectBars {
    /// Begins in a bar.
    pub fn new(bar: usize) -> Self {
        Self { anchor: bar, from: bar, head: bar }
    }

    /// Begins in a bar and keeps the far end of what is selected already (Shift).
    pub fn extending(bar: usize, selected: Option<&Bars>) -> Self {
        let Some(bars) = selected.filter(|b| !b.is_empty()) else { return Self::new(bar) };
        let (first, last) = (bars.start, bars.end - 1);
        let anchor = if bar.abs_diff(first) <= bar.abs_diff(last) { last } else { first };
        Self { anchor, from: anchor, head: bar }
    }

    /// The bar in which it began.
    pub fn anchor(&self) -> usize {
        self.anchor
    }

    /// The pointer is in this bar now.
    pub fn follow(&mut self, bar: usize) {
        self.follow_from(self.anchor, bar);
    }

    /// The pointer is in this bar now, and what is selected reaches from another one, which is the same on the page
    /// as that in which it began.
    pub fn follow_from(&mut self, from: usize, bar: usize) {
        (self.from, self.head) = (from, bar);
    }

    /// The bars selected.
    pub fn bars(&self) -> Bars {
        self.from.min(self.head)..self.from.max(self.head) + 1
    }
}
