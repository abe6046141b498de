//! The page in the order in which it is played.

use protocol::SystemView;

/// Places closer than this are one, in quarters.
pub(super) const SAME_QUARTERS: f64 = 1e-6;

/// Where on the page a measure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeasurePlace {
    /// In which system.
    pub system: usize,
    /// Which of its measures it is.
    pub measure: usize,
}

/// A measure of the page, one of the times that it is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Where it begins in the score, in quarters.
    pub start_quarters: f64,
    /// Where it ends.
    pub end_quarters: f64,
    /// The bar of the score that it is, or a part of.
    pub bar: usize,
    /// Where it stands.
    pub place: MeasurePlace,
    /// Which of its times it is, from 0.
    pub pass: usize,
}

/// The measures of a page, as far as it is engraved, in the order in which they are played: what is repeated is
/// there several times.
#[derive(Clone, Debug, Default)]
pub struct Playing {
    /// Rising in time, and so by bar.
    steps: Vec<Step>,
}

impl Playing {
    /// That of a page.
    pub fn new(systems: &[SystemView]) -> Self {
        let mut steps = Vec::new();
        for (system, view) in systems.iter().enumerate() {
            for (measure, engraved) in view.measures.iter().enumerate() {
                let place = MeasurePlace { system, measure };
                steps.extend(engraved.passes.iter().enumerate().map(|(pass, time)| Step {
                    start_quarters: time.start_quarters,
                    end_quarters: time.start_quarters + engraved.length_quarters,
                    bar: time.measure as usize,
                    place,
                    pass,
                }));
            }
        }
        steps.sort_by(|a, b| a.start_quarters.total_cmp(&b.start_quarters));
        Self { steps }
    }

    /// All of them.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The number of the step that began last at a place of the score; the first for what is before it.
    pub fn at(&self, quarters: f64) -> Option<usize> {
        let next = self.steps.partition_point(|step| step.start_quarters <= quarters + SAME_QUARTERS);
        (!self.steps.is_empty()).then_some(next.saturating_sub(1))
    }

    /// The place of a bar of the score.
    pub fn place_of_bar(&self, bar: usize) -> Option<MeasurePlace> {
        let first = self.steps.partition_point(|step| step.bar < bar);
        self.steps.get(first).filter(|step| step.bar == bar).map(|step| step.place)
    }
}
