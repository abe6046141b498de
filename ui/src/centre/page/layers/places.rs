//! Where bars of the score are in a system.

use protocol::{ScoreView, SystemView};

/// A bar in a system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// Its index in the score.
    pub bar: usize,
    /// Its left edge.
    pub left: f32,
    /// Its right edge.
    pub right: f32,
}

/// The bars of a system from the left.
pub(super) fn bars(system: &SystemView) -> impl Iterator<Item = Place> {
    let place =
        |at: &protocol::EngravedMeasure| Place { bar: at.measure as usize, left: at.left, right: at.right };
    system.measures.iter().map(place)
}

/// The stretches of the score that a system shows without a gap: from where to where, in quarters.
pub(super) fn stretches(system: &SystemView, score: &ScoreView) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    for measure in bars(system).filter_map(|place| score.measures.get(place.bar)) {
        match stretches.last_mut() {
            Some(last) if (last.1 - measure.start_quarters).abs() < 1e-6 => last.1 = measure.end_quarters,
            _ => stretches.push((measure.start_quarters, measure.end_quarters)),
        }
    }
    stretches
}

/// A length to a hundredth: longer numbers would take twice the room on their way to the printer.
pub(super) fn rounded(spaces: f32) -> f32 {
    (spaces * 100.0).round() / 100.0
}
