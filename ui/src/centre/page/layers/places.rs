//! A system, and where bars of the score are in it.

use protocol::{EngravedHead, SystemView};

use crate::centre::page::playing::{MeasurePlace, SAME_QUARTERS};
use crate::centre::page::repeats::Chosen;
use crate::centre::page::sheet::Sheet;

/// A system that shapes are drawn on, and which pass is meant of what is repeated there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    /// The page.
    pub sheet: &'a Sheet,
    /// Which of its systems.
    pub system: usize,
    /// Which pass is meant.
    pub chosen: &'a Chosen,
}

impl<'a> Part<'a> {
    /// Where things stand in it.
    pub fn view(self) -> Option<&'a SystemView> {
        self.sheet.systems().get(self.system)
    }
}

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

/// The bars of a system from the left, each the time that is meant.
pub(super) fn bars(part: Part<'_>) -> Vec<Place> {
    let measures = part.view().map_or(&[][..], |view| &view.measures[..]);
    let place = |(measure, at): (usize, &protocol::EngravedMeasure)| {
        let place = MeasurePlace { system: part.system, measure };
        let bar = part.sheet.pass_meant(place, part.chosen)?.measure as usize;
        Some(Place { bar, left: at.left, right: at.right })
    };
    measures.iter().enumerate().filter_map(place).collect()
}

/// The stretches of the score that a system shows without a gap, each the time that is meant: from where to where, in
/// quarters.
pub(super) fn stretches(part: Part<'_>) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    let measures = part.view().map_or(&[][..], |view| &view.measures[..]);
    for (measure, at) in measures.iter().enumerate() {
        let place = MeasurePlace { system: part.system, measure };
        let Some(pass) = part.sheet.pass_meant(place, part.chosen) else { continue };
        let (start, end) = (pass.start_quarters, pass.start_quarters + at.length_quarters);
        match stretches.last_mut() {
            Some(last) if (last.1 - start).abs() < SAME_QUARTERS => last.1 = end,
            _ => stretches.push((start, end)),
        }
    }
    stretches
}

/// The heads of a system at which notes begin, each with the note that is meant.
pub(super) fn first_heads(part: Part<'_>) -> impl Iterator<Item = (u32, &EngravedHead)> {
    let heads = part.view().map_or(&[][..], |view| &view.heads[..]);
    let heads = heads.iter().filter(|head| !head.is_tied_on);
    heads.filter_map(move |head| Some((part.sheet.note_meant(part.system, head, part.chosen)?, head)))
}

/// A length to a hundredth: longer numbers would take twice the room on their way to the printer.
pub(super) fn rounded(spaces: f32) -> f32 {
    (spaces * 100.0).round() / 100.0
}
