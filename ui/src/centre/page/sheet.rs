//! A page as it is laid out, with what is looked up in every frame.

use std::ops::Range;
use std::sync::Arc;

use egui::{Pos2, Vec2};
use protocol::{EngravedHead, EngravedMeasure, LayerRoom, PageView, ScoreView, SystemView};

use super::arrangement::Arrangement;
use super::placement::Placement;
use super::times::Times;
use crate::centre::roll::bar_text;

/// How near to a note head the pointer has to be.
const NEAR: f32 = 0.25;

/// A page as it is laid out. Lengths are in staff spaces, from the top of the page or the left upper corner of
/// a system.
#[derive(Clone, Debug)]
pub struct Sheet {
    view: Arc<PageView>,
    arrangement: Arrangement,
    times: Vec<Times>,
    /// Where in the score each system begins, in quarters; rising.
    starts: Vec<f64>,
    /// Where the last one ends.
    end_quarters: f64,
    /// Note, system and place in its list of every head, ordered.
    heads: Vec<(u32, u32, u32)>,
    passes: Vec<PassLabel>,
}

/// Says which time a bar is played, where that is not the first.
#[derive(Clone, Debug, PartialEq)]
pub struct PassLabel {
    /// In which system.
    pub system: usize,
    /// From where in it.
    pub left: f32,
    /// The time, after the number of the bar where the page does not print it.
    pub text: String,
}

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
    /// Lays out what is there of a page.
    pub fn new(view: Arc<PageView>, score: &ScoreView) -> Self {
        let (mut starts, mut end_quarters) = (Vec::with_capacity(view.systems.len()), 0.0);
        let mut heads = Vec::new();
        for (system, place) in (0u32..).zip(&view.systems) {
            let bar = |place: &EngravedMeasure| score.measures.get(place.measure as usize);
            starts.push(place.measures.first().and_then(bar).map_or(end_quarters, |bar| bar.start_quarters));
            end_quarters = place.measures.last().and_then(bar).map_or(end_quarters, |bar| bar.end_quarters);
            heads.extend((0u32..).zip(&place.heads).map(|(k, head)| (head.note, system, k)));
        }
        heads.sort_unstable();
        let times = view.systems.iter().map(|system| Times::new(system, score)).collect();
        let passes = passes(&view.systems, score);
        let arrangement = Arrangement::new(&view, has_title(score), LayerRoom::default());
        Self { arrangement, times, starts, end_quarters, heads, passes, view }
    }

    /// Room around each system for what is drawn there.
    pub fn room(&self) -> LayerRoom {
        self.arrangement.room()
    }

    /// Makes room around each system.
    pub fn set_room(&mut self, room: LayerRoom) {
        if self.room() != room {
            self.arrangement = self.arrangement.with_room(&self.view, room);
        }
    }

    /// The page as it was told.
    pub fn view(&self) -> &Arc<PageView> {
        &self.view
    }

    /// Why there is no page.
    pub fn problem(&self) -> Option<&str> {
        self.view.problem.as_deref()
    }

    /// Width and height of the whole.
    pub fn size(&self) -> Vec2 {
        self.arrangement.size()
    }

    /// Width of its systems.
    pub fn width(&self) -> f32 {
        self.view.width_spaces
    }

    /// Whether it is one endless system; its parts count as systems.
    pub fn is_endless(&self) -> bool {
        self.arrangement.is_endless()
    }

    /// Its systems from the top.
    pub fn systems(&self) -> &[SystemView] {
        &self.view.systems
    }

    /// Whether these are all.
    pub fn is_complete(&self) -> bool {
        self.view.is_complete
    }

    /// The left upper corner of a system.
    pub fn corner(&self, system: usize) -> Vec2 {
        self.arrangement.corner(system)
    }

    /// Upper and lower edge of a system with the room around it.
    pub fn extent(&self, system: usize) -> (f32, f32) {
        let (top, LayerRoom { above, below }) = (self.corner(system).y, self.room());
        (top - above, top + self.systems().get(system).map_or(0.0, |place| place.height) + below)
    }

    /// Whether a place of the score is engraved already.
    pub fn covers(&self, quarters: f64) -> bool {
        self.is_complete() || (!self.systems().is_empty() && quarters < self.end_quarters)
    }

    /// The system in which a place of the score is: the first or the last for what is outside.
    pub fn system_of(&self, quarters: f64) -> usize {
        self.starts.partition_point(|start| *start <= quarters + 1e-9).saturating_sub(1)
    }

    /// Where in its system a place of the score is.
    pub fn x_of(&self, quarters: f64) -> Option<f32> {
        self.times.get(self.system_of(quarters))?.x(quarters)
    }

    /// Where a place of the score is in one of its systems: at the nearer edge for what is outside.
    pub fn x_in(&self, system: usize, quarters: f64) -> Option<f32> {
        self.times.get(system)?.x(quarters)
    }

    /// The system at a place of the page, or the nearest.
    pub fn system_at(&self, at: Vec2) -> usize {
        self.arrangement.nearest(at)
    }

    /// The place of the score at a place of a system.
    pub fn quarters_at(&self, system: usize, x: f32) -> Option<f64> {
        self.times.get(system)?.quarters(x)
    }

    /// The systems in view.
    pub fn in_view(&self, placement: &Placement) -> Range<usize> {
        let (from, to) = placement.in_view();
        self.arrangement.between(from, to)
    }

    /// The systems in view, then those of a screen around it.
    pub fn with_neighbours(&self, placement: &Placement) -> Vec<usize> {
        let (from, to) = placement.in_view();
        let near = self.arrangement.between(from, to);
        let far = self.arrangement.between(from - (to - from), to + (to - from));
        near.clone().chain(near.end..far.end).chain(far.start..near.start).collect()
    }

    /// The heads of a note with their systems; several if it is tied.
    pub fn heads_of(&self, note: u32) -> impl Iterator<Item = (usize, &EngravedHead)> {
        let first = self.heads.partition_point(|head| head.0 < note);
        let of_note = self.heads[first..].iter().take_while(move |head| head.0 == note);
        of_note.filter_map(|&(_, system, k)| {
            Some((system as usize, self.systems().get(system as usize)?.heads.get(k as usize)?))
        })
    }

    /// The labels of bars that are played again, ordered by system.
    pub fn passes(&self, system: usize) -> &[PassLabel] {
        let first = self.passes.partition_point(|label| label.system < system);
        let last = self.passes.partition_point(|label| label.system <= system);
        &self.passes[first..last]
    }

    /// What is at a place on the screen; of the nearest system for what is between two, or outside.
    pub fn spot(&self, placement: &Placement, pos: Pos2, score: &ScoreView) -> Option<Spot> {
        let at = placement.spaces(pos);
        let system = self.system_at(at);
        let place = self.systems().get(system)?;
        let Vec2 { x, y } = at - self.corner(system);
        let measures = &place.measures;
        let k = measures.partition_point(|measure| measure.right <= x).min(measures.len().checked_sub(1)?);
        let bar = measures[k].measure as usize;
        let measure = score.measures.get(bar)?;
        // What stands before the first note of a bar belongs to it.
        let quarters = self.quarters_at(system, x)?.max(measure.start_quarters).min(measure.end_quarters);
        let is_near = |head: &&EngravedHead| {
            (head.left - NEAR..=head.right + NEAR).contains(&x)
                && (head.top - NEAR..=head.bottom + NEAR).contains(&y)
        };
        let middle = |head: &EngravedHead| {
            let (dx, dy) = ((head.left + head.right) / 2.0 - x, (head.top + head.bottom) / 2.0 - y);
            dx * dx + dy * dy
        };
        let nearest = place.heads.iter().filter(is_near).min_by(|a, b| middle(a).total_cmp(&middle(b)));
        Some(Spot { bar, quarters, head: nearest.map(|head| head.note) })
    }
}

/// Whether there is something to print above the music.
pub fn has_title(score: &ScoreView) -> bool {
    !score.title.is_empty() || score.composer.is_some()
}

/// A label where a bar begins that is not played for the first time: at the start of a system, and where such
/// bars begin.
fn passes(systems: &[SystemView], score: &ScoreView) -> Vec<PassLabel> {
    let mut labels = Vec::new();
    for (system, place) in systems.iter().enumerate() {
        for (k, engraved) in place.measures.iter().enumerate() {
            let bar = engraved.measure as usize;
            let Some(measure) = score.measures.get(bar).filter(|measure| measure.pass > 1) else { continue };
            let before = bar.checked_sub(1).and_then(|bar| score.measures.get(bar));
            if k == 0 || before.is_none_or(|before| before.pass != measure.pass) {
                // The number at the start of a system is printed there already.
                let text = if k == 0 {
                    format!("({})", measure.pass)
                } else {
                    bar_text(&measure.number, measure.pass)
                };
                labels.push(PassLabel { system, left: engraved.left, text });
            }
        }
    }
    labels
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
