//! Where bars of the score are in a system.

use protocol::{EngravedHead, ScoreView, SystemView};

use crate::centre::page::sheet::Sheet;

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

/// The heads of a system at which notes begin, each with its note.
pub(super) fn first_heads(sheet: &Sheet, system: usize) -> impl Iterator<Item = (u32, &EngravedHead)> {
    let heads = sheet.systems().get(system).map_or(&[][..], |place| &place.heads[..]);
    heads.iter().filter(|head| !head.is_tied_on).map(|head| (head.note, head))
}

/// A length to a hundredth: longer numbers would take twice the room on their way to the printer.
pub(super) fn rounded(spaces: f32) -> f32 {
    (spaces * 100.0).round() / 100.0
}
