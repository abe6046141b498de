//! A page as it is laid out, with what is looked up in every frame.

mod meaning;

use std::ops::Range;
use std::sync::Arc;

use egui::Vec2;
use protocol::{EngravedHead, EngravedMeasure, LayerRoom, PageView, ScoreView, SystemView};

use super::arrangement::Arrangement;
use super::labels::{self, PassLabel};
use super::placement::Placement;
use super::playing::{MeasurePlace, Playing, SAME_QUARTERS, Step};
use super::repeats::Repeats;
use super::times::Times;
pub use meaning::Spot;

/// A page as it is laid out. Lengths are in staff spaces, from the top of the page or the left upper corner of
/// a system.
#[derive(Clone, Debug)]
pub struct Sheet {
    view: Arc<PageView>,
    arrangement: Arrangement,
    playing: Playing,
    repeats: Repeats,
    /// Ordered by system.
    labels: Vec<PassLabel>,
    /// For each system those of its measures.
    times: Vec<Vec<Times>>,
    /// Note, system and place in its list of every head, ordered; of what is repeated all notes.
    heads: Vec<(u32, u32, u32)>,
    /// For each note of the score where it begins, in quarters.
    onsets: Vec<f64>,
}

impl Sheet {
    /// Lays out what is there of a page.
    pub fn new(view: Arc<PageView>, score: &ScoreView) -> Self {
        let mut heads = Vec::new();
        for (system, place) in (0u32..).zip(&view.systems) {
            for (head, k) in place.heads.iter().zip(0u32..) {
                heads.extend(head.notes.iter().map(|note| (*note, system, k)));
            }
        }
        heads.sort_unstable();
        let playing = Playing::new(&view.systems);
        Self {
            arrangement: Arrangement::new(&view, has_title(score), LayerRoom::default()),
            repeats: Repeats::new(&view.systems, &playing),
            playing,
            labels: labels::labels(&view.systems, score),
            times: view.systems.iter().map(|system| Times::of_system(system, score)).collect(),
            heads,
            onsets: score.notes.iter().map(|note| note.onset_quarters).collect(),
            view,
        }
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

    /// The page in the order in which it is played.
    pub fn playing(&self) -> &Playing {
        &self.playing
    }

    /// Whether a place of the score is engraved already.
    pub fn covers(&self, quarters: f64) -> bool {
        self.is_complete() || self.step_at(quarters).is_some()
    }

    /// The system in which a place of the score is; the last one for what is not engraved yet.
    pub fn system_of(&self, quarters: f64) -> usize {
        let last = self.systems().len().saturating_sub(1);
        self.step_at(quarters).map_or(last, |(_, step)| step.place.system)
    }

    /// Where in its system a place of the score is; none if it is not engraved yet.
    pub fn x_of(&self, quarters: f64) -> Option<f32> {
        let (number, step) = self.step_at(quarters)?;
        self.times_at(step.place)?.x(quarters - step.start_quarters, self.end_x(number)?)
    }

    /// What is played at a place of the score, and its number; none if it is not engraved yet.
    fn step_at(&self, quarters: f64) -> Option<(usize, &Step)> {
        let number = self.playing.at(quarters)?;
        let step = self.playing.steps().get(number)?;
        let is_there = self.is_complete() || quarters < step.end_quarters - SAME_QUARTERS;
        is_there.then_some((number, step))
    }

    /// Where in its system a place of the score is at which playing arrives there: the right edge of a measure at its
    /// end, and not where the next one begins.
    pub fn x_before(&self, quarters: f64) -> Option<f32> {
        let (_, step) = self.step_at(quarters - 2.0 * SAME_QUARTERS)?;
        let right = self.measure(step.place)?.right;
        self.times_at(step.place)?.x(quarters - step.start_quarters, right)
    }

    fn times_at(&self, place: MeasurePlace) -> Option<&Times> {
        self.times.get(place.system)?.get(place.measure)
    }

    /// The measure that stands at a place.
    pub fn measure(&self, place: MeasurePlace) -> Option<&EngravedMeasure> {
        self.systems().get(place.system)?.measures.get(place.measure)
    }

    /// Where the measure that is played next begins, if it stands behind this one in its system; else the right edge
    /// of this one.
    fn end_x(&self, step: usize) -> Option<f32> {
        let place = self.playing.steps().get(step)?.place;
        let behind = MeasurePlace { measure: place.measure + 1, ..place };
        let next = self.playing.steps().get(step + 1).filter(|next| next.place == behind);
        match next.and_then(|next| self.times_at(next.place)) {
            Some(times) => times.first_x(),
            None => self.measure(place).map(|engraved| engraved.right),
        }
    }

    /// The system at a place of the page, or the nearest.
    pub fn system_at(&self, at: Vec2) -> usize {
        self.arrangement.nearest(at)
    }

    /// The place of the score at a place of a system, the first time that it is played.
    pub fn quarters_at(&self, system: usize, x: f32) -> Option<f64> {
        let start_quarters = self.measure(self.measure_at(system, x)?)?.passes.first()?.start_quarters;
        self.quarters_in(start_quarters, x)
    }

    /// The measure at a place of a system: the first or the last for what is outside.
    fn measure_at(&self, system: usize, x: f32) -> Option<MeasurePlace> {
        let measures = &self.systems().get(system)?.measures;
        let behind = measures.partition_point(|measure| measure.right <= x);
        Some(MeasurePlace { system, measure: behind.min(measures.len().checked_sub(1)?) })
    }

    /// The place of the score at a place of the system where the measure stands that begins there, inside it.
    fn quarters_in(&self, start_quarters: f64, x: f32) -> Option<f64> {
        let number = self.playing.at(start_quarters)?;
        let step = self.playing.steps().get(number)?;
        let from_start = self.times_at(step.place)?.quarters(x, self.end_x(number)?)?;
        Some((start_quarters + from_start).min(step.end_quarters))
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
}

/// Whether there is something to print above the music.
pub fn has_title(score: &ScoreView) -> bool {
    !score.title.is_empty() || score.composer.is_some()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "sheet_tests.rs"]
mod tests;
