//! Where a recording is not what is on the page: notes that were missed, wrong keys, and notes besides.

use protocol::{ExtraNote, LayerInk, LayerShape, LegendLine, ScoreView, VersionId, VersionView};

use super::places::{Part, first_heads, rounded, stretches};
use crate::Model;
use crate::centre::axis::Clock;

/// A key that is struck so close to where a missed note should have been was meant for it: in seconds and semitones.
const NEAR_SECS: f64 = 0.15;
const NEAR_SEMITONES: u8 = 2;
/// How far a mark reaches over its head.
const OVER: f32 = 0.25;
/// Half the size of the mark of a note that has no head.
const SIZE: f32 = 0.4;
/// Thickness of the lines.
const THICK: f32 = 0.18;
/// A semitone on a staff, in staff spaces: seven steps of half a space to an octave.
const SEMITONE: f32 = 3.5 / 12.0;

/// What a recording does not play as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Slips {
    is_recording: bool,
    /// Notes that were not played, in order.
    missed: Vec<u32>,
    /// Notes in whose place a key beside them was struck, in order.
    wrong: Vec<u32>,
    /// What was played and is not on the page, those keys too.
    extra: Vec<ExtraNote>,
}

impl Slips {
    /// Those of the version heard; none of what was performed.
    pub fn new(model: &Model) -> Self {
        match model.listening() {
            Some(version) if matches!(version.id, VersionId::Recording(_)) => Self::of(&model.score, version),
            _ => Self::default(),
        }
    }

    fn of(score: &ScoreView, version: &VersionView) -> Self {
        let is_missed = |note: &u32| version.performance.get(*note).is_none();
        let mut missed: Vec<u32> = (0u32..).take(score.notes.len()).filter(is_missed).collect();
        let clock = Clock::new(&version.clock);
        let mut wrong: Vec<u32> = Vec::new();
        for extra in &version.extra {
            if let Some(place) = meant(score, &missed, &clock, *extra) {
                wrong.push(missed.remove(place));
            }
        }
        wrong.sort_unstable();
        Self { is_recording: true, missed, wrong, extra: version.extra.clone() }
    }

    /// Whether there is nothing to tell: what was performed is what is written.
    pub fn is_empty(&self) -> bool {
        !self.is_recording
    }

    /// What the marks mean.
    pub fn legend(&self) -> Vec<LegendLine> {
        let edges = [1.4, 0.5, 2.6, 1.5];
        let is_clean = self.missed.is_empty() && self.wrong.is_empty() && self.extra.is_empty();
        let mut lines = Vec::new();
        let mut add = |shapes: Vec<LayerShape>, words: &str| {
            lines.push(LegendLine::Shapes { shapes, words: words.to_owned() });
        };
        if !self.missed.is_empty() {
            add(cross(edges, LayerInk::Missed).to_vec(), "not played");
        }
        if !self.wrong.is_empty() {
            add(vec![frame(edges)], "another key was struck");
        }
        if !self.extra.is_empty() {
            add(cross(around((2.0, 1.0)), LayerInk::Extra).to_vec(), "played, but not on the page");
        }
        if is_clean && self.is_recording {
            add(Vec::new(), "no note was missed");
        }
        lines
    }

    /// Marks what is in a system.
    pub fn draw(&self, score: &ScoreView, part: Part<'_>, shapes: &mut Vec<LayerShape>) {
        if !self.is_recording {
            return;
        }
        for (note, head) in first_heads(part) {
            let edges = [head.left - OVER, head.top - OVER, head.right + OVER, head.bottom + OVER];
            if self.missed.binary_search(&note).is_ok() {
                shapes.extend(cross(edges, LayerInk::Missed));
            } else if self.wrong.binary_search(&note).is_ok() {
                shapes.push(frame(edges));
            }
        }
        let spans = stretches(part);
        let last = (score.end_quarters - 1e-3).max(0.0);
        for extra in &self.extra {
            // What is played before the first bar or after the last is shown at its edge.
            let quarters = extra.quarters.min(last).max(0.0);
            if spans.iter().any(|span| span.0 <= quarters && quarters < span.1)
                && let Some(at) = spot(score, part, quarters, extra.pitch)
            {
                shapes.extend(cross(around(at), LayerInk::Extra));
            }
        }
    }
}

/// The place among missed notes, which are in order, of the one that a key was meant for.
fn meant(score: &ScoreView, missed: &[u32], clock: &Clock, extra: ExtraNote) -> Option<usize> {
    let secs = clock.secs_at(extra.quarters);
    let [from, to] = [secs - NEAR_SECS, secs + NEAR_SECS].map(|secs| clock.quarters_at(secs));
    let onset = |note: u32| score.notes.get(note as usize).map_or(f64::MAX, |note| note.onset_quarters);
    let first = missed.partition_point(|note| onset(*note) < from);
    let last = missed.partition_point(|note| onset(*note) <= to);
    let off = |note: u32| {
        let semitones = score.notes.get(note as usize)?.pitch.abs_diff(extra.pitch);
        (semitones <= NEAR_SEMITONES).then_some((semitones, (onset(note) - extra.quarters).abs()))
    };
    let near = (first..last).filter_map(|place| Some((place, off(*missed.get(place)?)?)));
    let nearest = near.min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    nearest.map(|(place, _)| place)
}

/// Where a note without a head would stand: as much higher or lower than the head that is nearest in pitch, then in
/// place, as it is in pitch.
fn spot(score: &ScoreView, part: Part<'_>, quarters: f64, pitch: u8) -> Option<(f32, f32)> {
    let x = part.sheet.x_of(quarters)?;
    let distance = |(note, head): (u32, &protocol::EngravedHead)| {
        let own = score.notes.get(note as usize)?.pitch;
        let (middle, height) = ((head.left + head.right) / 2.0, (head.top + head.bottom) / 2.0);
        Some((own, (middle - x).abs(), height))
    };
    let heads = first_heads(part).filter_map(distance);
    let nearer = |a: &(u8, f32, f32), b: &(u8, f32, f32)| {
        a.0.abs_diff(pitch).cmp(&b.0.abs_diff(pitch)).then(a.1.total_cmp(&b.1))
    };
    let (own, _, height) = heads.min_by(nearer)?;
    Some((x, height - (f32::from(pitch) - f32::from(own)) * SEMITONE))
}

fn around((x, y): (f32, f32)) -> [f32; 4] {
    [x - SIZE, y - SIZE, x + SIZE, y + SIZE]
}

fn cross(edges: [f32; 4], ink: LayerInk) -> [LayerShape; 2] {
    let [left, top, right, bottom] = edges.map(rounded);
    let line = |points: [(f32, f32); 2]| LayerShape::Line { points: points.to_vec(), width: THICK, ink };
    [line([(left, top), (right, bottom)]), line([(left, bottom), (right, top)])]
}

fn frame(edges: [f32; 4]) -> LayerShape {
    let [left, top, right, bottom] = edges.map(rounded);
    let points = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    LayerShape::Line { points, width: THICK, ink: LayerInk::Wrong }
}
