//! What is drawn, worked out once: everything of the score and its versions in units of the axis.
//!
//! Rebuilt only when the score, a version or the kind of axis changes. Scrolling, zooming and a
//! moving playhead read it.

mod notes;
mod pedals;
mod slips;

use std::ops::Range;

use egui_plot::PlotPoint;
use protocol::{CompareView, Hand, PinKind, ScoreView, Shared, TempoPoint, VersionId, VersionView};

use super::axis::{Clock, TimeAxis};
use super::smoothed::{Smoothed, beats};
use crate::Model;
use pedals::Steps;

pub use notes::{NoteSet, SceneNote};
pub use slips::SceneSlip;

/// What a scene was made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneKey {
    score_revision: u64,
    heard: Option<(VersionId, u64)>,
    compared: Option<(VersionId, u64)>,
    /// What their scores share, if they play different ones; it is told after they were chosen.
    shared: Vec<Shared>,
    in_seconds: bool,
}

impl SceneKey {
    /// What a scene of this model on this axis is made from.
    pub fn of(model: &Model, axis: &TimeAxis) -> Self {
        Self {
            score_revision: model.score_revision,
            heard: model.listening().map(|v| (v.id, v.revision)),
            compared: model.compared().map(|v| (v.id, v.revision)),
            shared: shared(model).to_vec(),
            in_seconds: axis.in_seconds(),
        }
    }
}

/// A dot of the articulation lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Where its note starts.
    pub unit: f64,
    /// Octaves of played over written duration: 0 is as written, -1 half.
    pub octaves: f64,
    /// Which hand plays it.
    pub hand: Hand,
}

/// Everything in units of the axis.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    key: Option<SceneKey>,
    /// Rises with every change, for what is built from a scene.
    pub revision: u64,
    /// Notes of the version heard.
    pub heard: NoteSet,
    /// Notes of the version compared with, at the same places of the score.
    pub compared: NoteSet,
    /// Where bars start, and where the last one ends.
    pub bars: Vec<f64>,
    /// Where beats are inside bars.
    pub beats: Vec<f64>,
    /// Lowest and highest pitch of the score.
    pub pitches: Option<(u8, u8)>,
    /// Tempo of the version heard, as all tempi in beats a minute of the score heard.
    pub tempo: Vec<PlotPoint>,
    /// Tempo of the version compared with.
    pub tempo_compared: Vec<PlotPoint>,
    /// Tempo of both by beats and by bars, of the one heard first.
    pub smoothed: [Smoothed; 2],
    /// Lowest and highest tempo of the tempo lane.
    pub tempo_range: (f64, f64),
    /// Articulation of the version heard, ordered by unit.
    pub articulation: Vec<Dot>,
    /// Sustain pedal of the version heard, as steps.
    pub pedal: Vec<PlotPoint>,
    /// Sustain pedal of the version compared with.
    pub pedal_compared: Vec<PlotPoint>,
    /// Which values are pinned, ordered by note.
    pub pins: Vec<(u32, PinKind)>,
    /// From where to where the tempo is pinned, in units.
    pub pinned_tempo: Vec<(f64, f64)>,
    /// From where to where the pedalling is pinned, in units.
    pub pinned_pedal: Vec<(f64, f64)>,
    /// What the version heard does otherwise than it is written.
    pub slips: Vec<SceneSlip>,
    /// Unit up to which the version heard is there; none once it is complete.
    pub ready: Option<f64>,
}

impl Scene {
    /// Makes the scene anew if anything that it shows has changed.
    pub fn refresh(&mut self, model: &Model, axis: &TimeAxis) {
        let key = SceneKey::of(model, axis);
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let revision = self.revision + 1;
        *self = Self { key: Some(key), revision, ..Self::new(model, axis) };
    }

    fn new(model: &Model, axis: &TimeAxis) -> Self {
        let score = &model.score;
        let mut scene = Self { tempo_range: (60.0, 140.0), ..Self::default() };
        scene.bars = score.measures.iter().map(|m| axis.unit_of_quarters(m.start_quarters)).collect();
        scene.bars.extend(score.measures.last().map(|m| axis.unit_of_quarters(m.end_quarters)));
        scene.beats = beats(score).map(|q| axis.unit_of_quarters(q)).collect();
        let pitches = || score.notes.iter().map(|n| n.pitch);
        scene.pitches = pitches().min().zip(pitches().max());
        scene.add_compared(model, axis);
        if let Some(version) = model.listening() {
            scene.add_heard(version, score, axis);
        }
        scene.tempo_range = tempo_range(&scene.tempo, &scene.tempo_compared);
        scene
    }

    /// Each stretch that the scores of both versions share is drawn where it is in the score heard. The
    /// compared version's clock says where in its score it is, the clock heard where that is drawn.
    fn add_compared(&mut self, model: &Model, axis: &TimeAxis) {
        let Some(version) = model.compared() else { return };
        let clock = Clock::new(&version.clock);
        let unit = |quarters: f64| axis.unit_of_quarters(quarters);
        let beat_quarters = model.score.beat.quarters;
        if model.listening().is_some_and(|heard| heard.score == version.score) {
            let unit_of_secs = |secs: f64| unit(clock.quarters_at(secs));
            self.compared = NoteSet::new(&model.score, version, unit_of_secs);
            self.tempo_compared = tempo_points(version, beat_quarters, unit);
            let whole = (f64::NEG_INFINITY, f64::INFINITY);
            self.smoothed[1].add(&model.score, beat_quarters, &clock, whole, unit);
            self.pedal_compared = Steps::new(version, &model.score, &clock).corners(unit_of_secs);
            return;
        }
        let score = model.score_of(version);
        let pedal = Steps::new(version, score, &clock);
        for stretch in shared(model) {
            let part = part_of(version, score, stretch);
            let here = |quarters: f64| quarters - stretch.there_quarters + stretch.from_quarters;
            let unit_of_secs = |secs: f64| unit(here(clock.quarters_at(secs)));
            self.compared.add(score, &part, unit_of_secs);
            self.tempo_compared.extend(tempo_points(&part, beat_quarters, |quarters| unit(here(quarters))));
            let end_quarters = stretch.there_quarters + stretch.to_quarters - stretch.from_quarters;
            let span = (stretch.there_quarters, end_quarters);
            self.smoothed[1].add(score, beat_quarters, &clock, span, |quarters| unit(here(quarters)));
            let (from, to) = (clock.secs_at(span.0), clock.secs_at(span.1));
            self.pedal_compared.extend(pedal.corners_within(from, to, unit_of_secs));
        }
        self.compared.settle(score.notes.len());
    }

    fn add_heard(&mut self, version: &VersionView, score: &ScoreView, axis: &TimeAxis) {
        self.heard = NoteSet::new(score, version, |secs| axis.unit_of_secs(secs));
        let beat_quarters = score.beat.quarters;
        self.tempo = tempo_points(version, beat_quarters, |quarters| axis.unit_of_quarters(quarters));
        let whole = (f64::NEG_INFINITY, f64::INFINITY);
        let clock = Clock::new(&version.clock);
        let unit = |quarters: f64| axis.unit_of_quarters(quarters);
        self.smoothed[0].add(score, beat_quarters, &clock, whole, unit);
        self.pedal = Steps::new(version, score, &clock).corners(|secs| axis.unit_of_secs(secs));
        for (played, ratio) in version.performance.notes.iter().zip(&version.articulation) {
            let (Some(ratio), Some(note)) = (ratio, self.heard.get(played.note)) else { continue };
            if ratio.is_finite() && *ratio > 0.0 {
                let octaves = f64::from(*ratio).log2();
                self.articulation.push(Dot { unit: note.start, octaves, hand: note.hand });
            }
        }
        self.articulation.sort_by(|a, b| a.unit.total_cmp(&b.unit));
        self.pins = version.pins.iter().map(|p| (p.note, p.kind)).collect();
        self.pins.sort_unstable();
        self.pinned_tempo = self.pinned_stretches(PinKind::Onset);
        self.pinned_pedal = self.pinned_stretches(PinKind::Pedal);
        self.slips = version.slips.iter().map(|slip| SceneSlip::new(score, slip, axis)).collect();
        let is_complete = version.ready_quarters >= score.end_quarters - 1e-6;
        self.ready = (!is_complete).then(|| axis.unit_of_quarters(version.ready_quarters));
    }

    /// From the onset of each first pinned note to that of the next that is not, two onsets at least.
    fn pinned_stretches(&self, kind: PinKind) -> Vec<(f64, f64)> {
        if self.pins.iter().all(|pin| pin.1 != kind) {
            return Vec::new();
        }
        let runs =
            self.heard.all().chunk_by(|a, b| self.is_pinned(a.note, kind) == self.is_pinned(b.note, kind));
        let mut stretches = Vec::new();
        let mut next = 0;
        for run in runs {
            next += run.len();
            let (first, last) = (run[0], run[run.len() - 1]);
            if self.is_pinned(first.note, kind) && last.start > first.start {
                stretches.push((first.start, self.heard.all().get(next).map_or(last.end, |n| n.start)));
            }
        }
        stretches
    }

    /// Whether a value of a note is pinned.
    pub fn is_pinned(&self, note: u32, kind: PinKind) -> bool {
        self.pins.binary_search(&(note, kind)).is_ok()
    }

    /// The units from the start of the first of some bars to the end of the last.
    pub fn bar_span(&self, bars: &Range<usize>) -> Option<(f64, f64)> {
        Some((*self.bars.get(bars.start)?, *self.bars.get(bars.end)?))
    }

    /// The bar at a unit: the first or the last for what lies outside.
    pub fn bar_at(&self, unit: f64) -> Option<usize> {
        let count = self.bars.len().checked_sub(1)?;
        let next = self.bars.partition_point(|&start| start <= unit);
        Some(next.saturating_sub(1).min(count.checked_sub(1)?))
    }

    /// Value of the sustain pedal at a unit.
    pub fn pedal_at(&self, unit: f64) -> u8 {
        let next = self.pedal.partition_point(|p| p.x <= unit);
        next.checked_sub(1).map_or(0, |k| self.pedal[k].y as u8)
    }
}

/// What the two scores share if the version heard and the one compared with play different ones;
/// nothing until it was told.
fn shared(model: &Model) -> &[Shared] {
    let Some((heard, compared)) = model.listening().zip(model.compared()) else { return &[] };
    let is_of_these = |view: &&CompareView| view.versions == [heard.id, compared.id];
    let comparison = model.comparison.as_ref().filter(is_of_these);
    let differ = comparison.filter(|_| heard.score != compared.score);
    differ.map_or(&[], |view| &view.shared)
}

/// What a version plays in one stretch of its score.
fn part_of(version: &VersionView, score: &ScoreView, stretch: &Shared) -> VersionView {
    let end = stretch.there_quarters + stretch.to_quarters - stretch.from_quarters;
    let has = |quarters: f64| quarters >= stretch.there_quarters && quarters < end;
    let is_written = |note: u32| score.notes.get(note as usize).is_some_and(|n| has(n.onset_quarters));
    let mut part = VersionView { id: version.id, end_secs: version.end_secs, ..VersionView::default() };
    part.performance.notes =
        version.performance.notes.iter().filter(|n| is_written(n.note)).copied().collect();
    part.tempo = version.tempo.iter().filter(|p| has(p.quarters)).copied().collect();
    part
}

/// The tempo at each onset, in beats a minute.
fn tempo_points(
    version: &VersionView,
    beat_quarters: f64,
    unit_of_quarters: impl Fn(f64) -> f64,
) -> Vec<PlotPoint> {
    let points = version.tempo.iter().filter(|p| p.quarters_per_minute.is_finite());
    let point =
        |p: &TempoPoint| PlotPoint::new(unit_of_quarters(p.quarters), p.quarters_per_minute / beat_quarters);
    points.map(point).collect()
}

/// The share of tempos at either end that may lie outside the lane: a single hurried onset must not
/// press the rest flat.
const OUTLIERS: f64 = 0.01;

/// A range that both curves fit into, with room to draw a slower and a faster tempo.
fn tempo_range(heard: &[PlotPoint], compared: &[PlotPoint]) -> (f64, f64) {
    let mut values: Vec<f64> = heard.iter().chain(compared).map(|p| p.y).filter(|v| *v > 0.0).collect();
    values.sort_by(f64::total_cmp);
    let outside = (values.len() as f64 * OUTLIERS) as usize;
    let (Some(low), Some(high)) = (values.get(outside), values.iter().nth_back(outside)) else {
        return (60.0, 140.0);
    };
    let room = (high - low) * 0.1;
    ((low - room).min(low * 0.75), (high + room).max(high * 1.25))
}
