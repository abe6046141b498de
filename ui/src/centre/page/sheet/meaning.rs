//! What places of the page mean: which bar, which place in time, which note. Where the page is played several times
//! the pass counts that is meant.

use egui::Pos2;
use protocol::{EngravedHead, EngravedMeasure};

use super::Sheet;
use crate::centre::page::placement::Placement;
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
    /// The bar that is meant by a measure of the page.
    pub fn bar_meant(&self, engraved: &EngravedMeasure, chosen: &Chosen) -> Option<usize> {
        let first = *engraved.measures.first()?;
        let stretch = self.repeats.pass_of(first as usize).and_then(|pass| self.repeats.stretch(pass.0));
        let pass = stretch.map_or(0, |stretch| chosen.pass(stretch));
        Some(engraved.measures.get(pass).copied().unwrap_or(first) as usize)
    }

    /// The note that is meant by a head: the one that begins in the bar that is meant.
    pub fn note_meant(&self, head: &EngravedHead, chosen: &Chosen) -> Option<u32> {
        let first = *head.notes.first()?;
        if head.notes.len() == 1 {
            return Some(first);
        }
        let bar_of = |note: u32| self.bars_of_notes.get(note as usize).map(|bar| *bar as usize);
        let place = self.played.place(bar_of(first)?)?;
        let engraved = self.systems().get(place.system)?.measures.get(place.measure)?;
        let bar = self.bar_meant(engraved, chosen)?;
        let is_there = |note: &&u32| bar_of(**note).is_some_and(|begins| begins <= bar);
        Some(head.notes.iter().rfind(is_there).copied().unwrap_or(first))
    }

    /// What is at a place on the screen; of the nearest system for what is between two, or outside.
    pub fn spot(&self, placement: &Placement, pos: Pos2, chosen: &Chosen) -> Option<Spot> {
        let at = placement.spaces(pos);
        let system = self.system_at(at.y);
        let place = self.systems().get(system)?;
        let (x, y) = (at.x, at.y - self.top(system));
        let bar = self.bar_meant(self.measure_at(system, x)?, chosen)?;
        let quarters = self.quarters_in(bar, x)?;
        let is_near = |head: &&EngravedHead| {
            (head.left - NEAR..=head.right + NEAR).contains(&x)
                && (head.top - NEAR..=head.bottom + NEAR).contains(&y)
        };
        let middle = |head: &EngravedHead| {
            let (dx, dy) = ((head.left + head.right) / 2.0 - x, (head.top + head.bottom) / 2.0 - y);
            dx * dx + dy * dy
        };
        let nearest = place.heads.iter().filter(is_near).min_by(|a, b| middle(a).total_cmp(&middle(b)));
        Some(Spot { bar, quarters, head: nearest.and_then(|head| self.note_meant(head, chosen)) })
    }

    /// Which time of a bar is meant by a drag that began in another one: in the same stretch the same pass, else
    /// the next time after that bar, or the last one before it, if the page says that it is after or before.
    pub fn bar_from(&self, anchor: usize, bar: usize) -> usize {
        let (Some(from), Some(to)) = (self.played.place(anchor), self.played.place(bar)) else { return bar };
        let engraved = self.systems().get(to.system).and_then(|system| system.measures.get(to.measure));
        let times = engraved.map(|engraved| &engraved.measures[..]).unwrap_or_default();
        let found = match (self.repeats.pass_of(anchor), self.repeats.pass_of(bar)) {
            (Some((one, pass)), Some((other, _))) if one == other => times.get(pass),
            _ if to > from && bar < anchor => times.iter().find(|time| **time as usize > anchor),
            _ if to < from && bar > anchor => times.iter().rfind(|time| (**time as usize) < anchor),
            _ => None,
        };
        found.map_or(bar, |time| *time as usize)
    }
}
