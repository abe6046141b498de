//! A page as it is laid out, with what is looked up in every frame.

mod meaning;

use std::ops::Range;
use std::sync::Arc;

use protocol::{EngravedHead, EngravedMeasure, PageView, ScoreView, SystemView};

use super::labels::{self, PassLabel};
use super::placement::Placement;
use super::played::{BarPlace, PlayedBars};
use super::repeats::Repeats;
use super::times::Times;
pub use meaning::Spot;

/// Room above the first system, in staff spaces.
const ABOVE: f32 = 1.5;
/// Room between systems.
const BETWEEN: f32 = 1.0;
/// Room below the last one.
const BELOW: f32 = 4.0;

/// A page as it is laid out. Lengths are in staff spaces, from the top of the page or the left upper corner of
/// a system.
#[derive(Clone, Debug)]
pub struct Sheet {
    view: Arc<PageView>,
    /// Upper edge of each system.
    tops: Vec<f32>,
    height: f32,
    played: PlayedBars,
    repeats: Repeats,
    /// Ordered by system.
    labels: Vec<PassLabel>,
    /// For each system those of its measures.
    times: Vec<Vec<Times>>,
    /// Note, system and place in its list of every head, ordered; of what is repeated all notes.
    heads: Vec<(u32, u32, u32)>,
    /// For each note of the score its bar.
    bars_of_notes: Vec<u32>,
}

impl Sheet {
    /// Lays out what is there of a page.
    pub fn new(view: Arc<PageView>, score: &ScoreView) -> Self {
        let mut tops = Vec::with_capacity(view.systems.len());
        let mut height = ABOVE;
        let mut heads = Vec::new();
        for (system, place) in (0u32..).zip(&view.systems) {
            tops.push(height);
            height += place.height + BETWEEN;
            for (head, k) in place.heads.iter().zip(0u32..) {
                heads.extend(head.notes.iter().map(|note| (*note, system, k)));
            }
        }
        heads.sort_unstable();
        Self {
            height: height + BELOW,
            tops,
            played: PlayedBars::new(&view.systems, score),
            repeats: Repeats::new(&view.systems, score.measures.len()),
            labels: labels::labels(&view.systems, score),
            times: view.systems.iter().map(|system| Times::of_system(system, score)).collect(),
            heads,
            bars_of_notes: score.notes.iter().map(|note| note.measure).collect(),
            view,
        }
    }

    /// Why there is no page.
    pub fn problem(&self) -> Option<&str> {
        self.view.problem.as_deref()
    }

    /// Width of its systems.
    pub fn width(&self) -> f32 {
        self.view.width_spaces
    }

    /// Height of the whole.
    pub fn height(&self) -> f32 {
        self.height
    }

    /// Its systems from the top.
    pub fn systems(&self) -> &[SystemView] {
        &self.view.systems
    }

    /// Whether these are all.
    pub fn is_complete(&self) -> bool {
        self.view.is_complete
    }

    /// Upper edge of a system.
    pub fn top(&self, system: usize) -> f32 {
        self.tops.get(system).copied().unwrap_or(ABOVE)
    }

    /// Upper and lower edge of a system.
    pub fn extent(&self, system: usize) -> (f32, f32) {
        let top = self.top(system);
        (top, top + self.systems().get(system).map_or(0.0, |place| place.height))
    }

    /// What is repeated.
    pub fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    /// The labels of bars of a system that are written out again.
    pub fn labels(&self, system: usize) -> &[PassLabel] {
        let first = self.labels.partition_point(|label| label.system < system);
        let last = self.labels.partition_point(|label| label.system <= system);
        self.labels.get(first..last).unwrap_or_default()
    }

    /// The bar that is played at a place of the score: the first or the last for what is outside.
    pub fn bar_at(&self, quarters: f64) -> Option<usize> {
        self.played.at(quarters)
    }

    /// Whether a place of the score is engraved already.
    pub fn covers(&self, quarters: f64) -> bool {
        self.is_complete() || self.place_of(quarters).is_some()
    }

    /// The system in which a place of the score is; the last one for what is not engraved yet.
    pub fn system_of(&self, quarters: f64) -> usize {
        let last = self.systems().len().saturating_sub(1);
        self.place_of(quarters).map_or(last, |place| place.system)
    }

    fn place_of(&self, quarters: f64) -> Option<BarPlace> {
        self.played.place(self.played.at(quarters)?)
    }

    /// Where in its system a place of the score is; none if it is not engraved yet.
    pub fn x_of(&self, quarters: f64) -> Option<f32> {
        let bar = self.played.at(quarters)?;
        let from_start = quarters - self.played.span(bar)?.0;
        self.times_of(bar)?.x(from_start, self.end_x(bar)?)
    }

    fn times_of(&self, bar: usize) -> Option<&Times> {
        let BarPlace { system, measure } = self.played.place(bar)?;
        self.times.get(system)?.get(measure)
    }

    /// Where the bar that is played next begins, if it stands behind a bar in its system; else the bar's right edge.
    fn end_x(&self, bar: usize) -> Option<f32> {
        let place = self.played.place(bar)?;
        let behind = BarPlace { measure: place.measure + 1, ..place };
        let next = (self.played.place(bar + 1) == Some(behind)).then_some(bar + 1);
        match next.and_then(|next| self.times_of(next)) {
            Some(times) => times.first_x(),
            None => Some(self.systems().get(place.system)?.measures.get(place.measure)?.right),
        }
    }

    /// The system at a height of the page, or the nearest.
    pub fn system_at(&self, y: f32) -> usize {
        self.tops.partition_point(|top| *top <= y + BETWEEN / 2.0).saturating_sub(1)
    }

    /// The place of the score at a place of a system, the first time that it is played.
    pub fn quarters_at(&self, system: usize, x: f32) -> Option<f64> {
        let bar = *self.measure_at(system, x)?.measures.first()?;
        self.quarters_in(bar as usize, x)
    }

    /// The measure at a place of a system: the first or the last for what is outside.
    fn measure_at(&self, system: usize, x: f32) -> Option<&EngravedMeasure> {
        let measures = &self.systems().get(system)?.measures;
        measures.get(measures.partition_point(|measure| measure.right <= x)).or(measures.last())
    }

    /// The place of the score at a place of the system where a bar stands, inside the bar.
    fn quarters_in(&self, bar: usize, x: f32) -> Option<f64> {
        let (start, end) = self.played.span(bar)?;
        Some((start + self.times_of(bar)?.quarters(x, self.end_x(bar)?)?).min(end))
    }

    /// The systems in view.
    pub fn in_view(&self, placement: &Placement) -> Range<usize> {
        let (from, to) = placement.in_view();
        self.between(from, to)
    }

    /// The systems in view, then those of a screen above and below.
    pub fn with_neighbours(&self, placement: &Placement) -> Vec<usize> {
        let (from, to) = placement.in_view();
        let near = self.between(from, to);
        let far = self.between(from - (to - from), to + (to - from));
        near.clone().chain(near.end..far.end).chain(far.start..near.start).collect()
    }

    fn between(&self, from: f32, to: f32) -> Range<usize> {
        let last = self.tops.partition_point(|top| *top < to);
        let first = self.tops.partition_point(|top| *top <= from).saturating_sub(1).min(last);
        first..last
    }

    /// The heads of a note with their systems; several if it is tied.
    pub fn heads_of(&self, note: u32) -> impl Iterator<Item = (usize, &EngravedHead)> {
        let first = self.heads.partition_point(|head| head.0 < note);
        let of_note = self.heads[first..].iter().take_while(move |head| head.0 == note);
        of_note.filter_map(|&(_, system, k)| {
            Some((system as usize, self.systems().get(system as usize)?.heads.get(k as usize)?))
        })
    }
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
