//! A page while it is engraved, and what of it is worth telling.

use std::collections::BTreeSet;

use engraving::{Layout, System};
use protocol::{PageView, ScoreId};

use super::views::system_view;

/// A page, as far as it is engraved.
pub(super) struct GrowingPage {
    view: PageView,
    systems: Vec<System>,
    /// Systems that are new or other ones since the page was told.
    untold: BTreeSet<usize>,
}

impl GrowingPage {
    pub fn new(score: ScoreId, width_spaces: f32) -> Self {
        let view = PageView { score, width_spaces, ..PageView::default() };
        Self { view, systems: Vec::new(), untold: BTreeSet::new() }
    }

    /// Whether it is the page of this score in this width.
    pub fn is(&self, score: ScoreId, width_spaces: f32) -> bool {
        self.view.score == score && self.view.width_spaces == width_spaces
    }

    /// One of its systems.
    pub fn system(&self, number: u32) -> Option<&System> {
        self.systems.get(number as usize)
    }

    /// All of them that are there.
    pub fn systems(&self) -> &[System] {
        &self.systems
    }

    /// A system is engraved; it may take the place of one that was laid out too early.
    pub fn put(&mut self, place: usize, system: System) {
        if self.has_failed() {
            return;
        }
        let view = system_view(&system.layout);
        match (self.view.systems.get_mut(place), self.systems.get_mut(place)) {
            (Some(old_view), Some(old)) => (*old_view, *old) = (view, system),
            _ => {
                self.view.systems.push(view);
                self.systems.push(system);
            }
        }
        self.untold.insert(place.min(self.systems.len() - 1));
    }

    /// Whether a system is there as it was told.
    pub fn is_told(&self, number: u32) -> bool {
        let place = number as usize;
        place < self.systems.len() && !self.untold.contains(&place)
    }

    /// Whether there is nothing to look at.
    pub fn has_failed(&self) -> bool {
        self.view.problem.is_some()
    }

    /// Whether it is to be told: whenever there is as much new as old, so that all that is told is no more than
    /// twice the whole, and only while each system goes on where the one before ends.
    pub fn is_worth_telling(&self) -> bool {
        self.untold.len() * 2 >= self.systems.len()
            && are_joined(self.systems.iter().map(|system| &system.layout))
    }

    /// The page as it is now, to be told.
    pub fn told(&mut self) -> PageView {
        self.untold.clear();
        self.view.clone()
    }

    /// These are all systems.
    pub fn finish(&mut self) {
        self.view.is_complete = true;
    }

    /// There is nothing to look at, and this is why.
    pub fn fail(&mut self, why: &str) {
        self.view.systems.clear();
        self.systems.clear();
        self.view.problem = Some(format!("{}; the piano roll shows this score.", capitalised(why)));
    }
}

/// Whether each system goes on where the one before ends, in the order of the page.
fn are_joined<'l>(layouts: impl Iterator<Item = &'l Layout>) -> bool {
    let ends = layouts.filter_map(|l| Some((l.measures.first()?.printed, l.measures.last()?.printed)));
    let mut next = None;
    for (first, last) in ends {
        if next.is_some_and(|next| next != first) {
            return false;
        }
        next = Some(last + 1);
    }
    true
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use engraving::MeasurePlace;
    use notation::Quarters;

    use super::*;

    /// Systems with these measures of the page.
    fn are_joined(systems: &[Range<usize>]) -> bool {
        let place = |printed: usize| MeasurePlace {
            printed,
            passes: Vec::new(),
            length: Quarters::whole(4),
            left: 0.0,
            right: 1.0,
        };
        let layout = |range: &Range<usize>| Layout {
            measures: range.clone().map(place).collect(),
            ..Layout::default()
        };
        let layouts: Vec<Layout> = systems.iter().map(layout).collect();
        super::are_joined(layouts.iter())
    }

    #[test]
    fn systems_go_on_where_the_one_before_ends() {
        assert!(are_joined(&[]));
        assert!(are_joined(&[0..3, 3..5, 5..6]));
        // The second was laid out anew and is longer, the third is still to come.
        assert!(!are_joined(&[0..3, 3..6, 5..6]));
    }

    #[test]
    fn a_page_that_fails_says_so_in_a_sentence() {
        let mut page = GrowingPage::new(ScoreId(2), 80.0);
        page.fail("verovio does not understand this score");
        page.finish();
        let view = page.told();
        let words = "Verovio does not understand this score; the piano roll shows this score.";
        assert_eq!((view.problem.as_deref(), view.is_complete), (Some(words), true));
        assert!(page.is(ScoreId(2), 80.0) && page.system(0).is_none());
    }
}
