//! What places of the page mean: which bar, which place in time, which note. Where the page is played several times
//! the pass counts that is meant.

use egui::{Pos2, Vec2};
use protocol::{EngravedHead, EngravedPass};

use super::Sheet;
use crate::centre::page::placement::Placement;
use crate::centre::page::playing::{MeasurePlace, SAME_QUARTERS};
use crate::centre::page::repeats::Chosen;

/// How near to a note head the pointer has to be.
const NEAR: f32 = 0.25;

/// What is at a place of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The bar, by its index in the score.
    pub bar: usize,
    /// The place in the score, inside the bar.
    pub quarters: f64,
    /// The note whose head is there.
    pub head: Option<u32>,
}

impl Sheet {
    /// The time that is meant of a measure of the page.
    pub fn pass_meant(&self, place: MeasurePlace, chosen: &Chosen) -> Option<EngravedPass> {
        let stretch = self.repeats.at(place).and_then(|number| self.repeats.stretch(number));
        let pass = stretch.map_or(0, |stretch| chosen.pass(stretch));
        let passes = &self.measure(place)?.passes;
        passes.get(pass).or(passes.first()).copied()
    }

    /// The note that is meant by a head of a system: the last one that begins before the end of its measure, the time
    /// that is meant.
    pub fn note_meant(&self, system: usize, head: &EngravedHead, chosen: &Chosen) -> Option<u32> {
        let first = *head.notes.first()?;
        if head.notes.len() == 1 {
            return Some(first);
        }
        let place = self.measure_at(system, (head.left + head.right) / 2.0)?;
        let pass = self.pass_meant(place, chosen)?;
        let end_quarters = pass.start_quarters + self.measure(place)?.length_quarters;
        let is_before = |note: &&u32| {
            self.onsets.get(**note as usize).is_some_and(|onset| *onset < end_quarters - SAME_QUARTERS)
        };
        Some(head.notes.iter().rfind(is_before).copied().unwrap_or(first))
    }

    /// What is at a place on the screen; of the nearest system for what is between two, or outside.
    pub fn spot(&self, placement: &Placement, pos: Pos2, chosen: &Chosen) -> Option<Spot> {
        let at = placement.spaces(pos);
        let system = self.system_at(at);
        let place = self.systems().get(system)?;
        let Vec2 { x, y } = at - self.corner(system);
        let pass = self.pass_meant(self.measure_at(system, x)?, chosen)?;
        let quarters = self.quarters_in(pass.start_quarters, x)?;
        let is_near = |head: &&EngravedHead| {
            (head.left - NEAR..=head.right + NEAR).contains(&x)
                && (head.top - NEAR..=head.bottom + NEAR).contains(&y)
        };
        let middle = |head: &EngravedHead| {
            let (dx, dy) = ((head.left + head.right) / 2.0 - x, (head.top + head.bottom) / 2.0 - y);
            dx * dx + dy * dy
        };
        let nearest = place.heads.iter().filter(is_near).min_by(|a, b| middle(a).total_cmp(&middle(b)));
        let head = nearest.and_then(|head| self.note_meant(system, head, chosen));
        Some(Spot { bar: pass.measure as usize, quarters, head })
    }

    /// Which time of a bar is meant by a drag that began in another one: in the same stretch the same pass, else
    /// the next time after that bar, or the last one before it, if the page says that it is after or before.
    pub fn bar_from(&self, anchor: usize, bar: usize) -> usize {
        let place_of = |bar: usize| self.playing.place_of_bar(bar);
        let (Some(from), Some(to)) = (place_of(anchor), place_of(bar)) else { return bar };
        let passes = self.measure(to).map(|engraved| &engraved.passes[..]).unwrap_or_default();
        let mut bars = passes.iter().map(|pass| pass.measure as usize);
        let found = if self.repeats.at(from).is_some() && self.repeats.at(from) == self.repeats.at(to) {
            let pass =
                self.measure(from).and_then(|m| m.passes.iter().position(|p| p.measure as usize == anchor));
            pass.and_then(|pass| bars.nth(pass))
        } else if to > from && bar < anchor {
            bars.find(|time| *time > anchor)
        } else if to < from && bar > anchor {
            bars.rfind(|time| *time < anchor)
        } else {
            None
        };
        found.unwrap_or(bar)
    }

    /// Where a drag begins that is further down the page than where it began, in what is played before it, as from
    /// a second pass into a first ending: the last time that this goes before. None if there is no such time, or if
    /// the page and the order of play agree.
    pub fn begin_before(&self, anchor: usize, bar: usize) -> Option<usize> {
        let place_of = |bar: usize| self.playing.place_of_bar(bar);
        let (from, to) = (place_of(anchor)?, place_of(bar)?);
        let times = self.measure(from)?.passes.iter().map(|pass| pass.measure as usize);
        times.rev().find(|time| *time < bar).filter(|_| to > from && bar < anchor)
    }
}
