//! The tempo above the systems and the loudness below them: one scale each for the whole piece.

use protocol::{BeatView, LayerInk, LayerShape, LegendLine, ScoreView, VersionView};

use super::places::{Part, rounded, stretches};
use crate::Model;
use crate::centre::axis::Clock;
use crate::centre::smoothed::{Grain, Smoothed, beats};
use crate::words;

/// Room for a curve, in staff spaces.
pub(super) const ROOM: f32 = 6.0;
/// Height of a curve.
const HEIGHT: f32 = 4.0;
/// Between a curve and its system.
const GAP: f32 = 1.0;
/// Room for the numbers at the left.
const NUMBERS: f32 = 3.4;
/// Size of the numbers.
const LETTERS: f32 = 1.2;
/// Thickness of a curve and of the lines of its scale.
const THICK: f32 = 0.2;
const THIN: f32 = 0.05;
/// The share of values at either end that may lie outside: a single fermata must not press the rest flat.
const OUTLIERS: f64 = 0.03;
/// A curve whose ends differ by less than this share is drawn as a straight line.
const FLAT: f64 = 0.02;

/// A value along the score.
#[derive(Clone, Debug, Default, PartialEq)]
struct Curve {
    /// Quarters and value; quarters rising.
    points: Vec<(f64, f64)>,
    /// Lowest and highest value of the scale.
    range: (f64, f64),
}

/// Tempo and loudness of a version.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curves {
    /// In beats a minute.
    tempo: Curve,
    /// As a velocity.
    loudness: Curve,
}

impl Curves {
    /// Those of the version heard; none if it plays nothing.
    pub fn new(model: &Model) -> Option<Self> {
        let version = model.listening().filter(|version| !version.performance.notes.is_empty())?;
        let score = &model.score;
        Some(Self { tempo: tempo(score, version), loudness: loudness(score, version) })
    }

    /// What they mean.
    pub fn legend(&self, beat: &BeatView) -> [LegendLine; 2] {
        let sign = |ink| {
            let points = [(0.2, 1.5), (1.4, 0.6), (2.6, 1.3), (3.8, 0.5)].to_vec();
            vec![LayerShape::Line { points, width: THICK, ink }]
        };
        let tempo = format!("tempo by beats, in {}", words::per_minute(beat));
        [
            LegendLine::Shapes { shapes: sign(LayerInk::Tempo), words: tempo },
            LegendLine::Shapes {
                shapes: sign(LayerInk::Dynamics),
                words: "loudness by beats, as velocity".into(),
            },
        ]
    }

    /// Draws both on a system; the tempo stands `lift` staff spaces higher than usual.
    pub fn draw(&self, part: Part<'_>, lift: f32, shapes: &mut Vec<LayerShape>) {
        let Some(place) = part.view() else { return };
        let spans = stretches(part);
        let bottom = -lift - GAP;
        let band = Band { part, top: bottom - HEIGHT, bottom, right: place.width };
        band.draw(&self.tempo, LayerInk::Tempo, &spans, shapes);
        let top = place.height + GAP;
        let band = Band { part, top, bottom: top + HEIGHT, right: place.width };
        band.draw(&self.loudness, LayerInk::Dynamics, &spans, shapes);
    }
}

/// The tempo from beat to beat, as the tempo lane shows it.
fn tempo(score: &ScoreView, version: &VersionView) -> Curve {
    let mut smoothed = Smoothed::default();
    let whole = (f64::NEG_INFINITY, f64::INFINITY);
    smoothed.add(score, score.beat.quarters, &Clock::new(&version.clock), whole, |quarters| quarters);
    Curve::new(smoothed.by(Grain::Beat).iter().map(|point| (point.x, point.y)).collect())
}

/// The mean velocity of the notes that begin in each beat, in the middle of it; beats without notes are passed over.
fn loudness(score: &ScoreView, version: &VersionView) -> Curve {
    let lines = score.measures.iter().map(|measure| measure.start_quarters);
    let mut starts: Vec<f64> = lines.chain(beats(score)).collect();
    starts.sort_by(f64::total_cmp);
    starts.dedup_by(|b, a| *b - *a < 1e-6);
    let mut sums = vec![(0.0, 0u32); starts.len()];
    for played in &version.performance.notes {
        let Some(note) = score.notes.get(played.note as usize) else { continue };
        let beat = starts.partition_point(|start| *start <= note.onset_quarters + 1e-6).checked_sub(1);
        if let Some((sum, count)) = beat.and_then(|beat| sums.get_mut(beat)) {
            *sum += f64::from(played.velocity);
            *count += 1;
        }
    }
    let ends = starts.iter().skip(1).copied().chain([score.end_quarters]);
    let middle = |((start, end), (sum, count)): ((&f64, f64), &(f64, u32))| {
        (*count > 0).then(|| ((start + end) / 2.0, sum / f64::from(*count)))
    };
    Curve::new(starts.iter().zip(ends).zip(&sums).filter_map(middle).collect())
}

impl Curve {
    fn new(mut points: Vec<(f64, f64)>) -> Self {
        points.retain(|(quarters, value)| quarters.is_finite() && value.is_finite());
        let mut values: Vec<f64> = points.iter().map(|point| point.1).collect();
        values.sort_by(f64::total_cmp);
        let outside = (values.len() as f64 * OUTLIERS) as usize;
        let ends = values.get(outside).zip(values.iter().nth_back(outside));
        Self { points, range: ends.map_or((0.0, 0.0), |(low, high)| (*low, *high)) }
    }

    /// The value at a place: that of the first or last point outside.
    fn at(&self, quarters: f64) -> Option<f64> {
        let next = self.points.partition_point(|point| point.0 <= quarters);
        let after = self.points.get(next);
        let Some(before) = next.checked_sub(1).and_then(|k| self.points.get(k)) else {
            return after.map(|point| point.1);
        };
        let Some(after) = after else { return Some(before.1) };
        let share = (quarters - before.0) / (after.0 - before.0);
        Some(before.1 + share * (after.1 - before.1))
    }

    /// The curve from one place to another, with a point at either end.
    fn between(&self, from: f64, to: f64) -> Vec<(f64, f64)> {
        let end = |quarters: f64| self.at(quarters).map(|value| (quarters, value));
        let inside = self.points.iter().filter(|point| from < point.0 && point.0 < to);
        end(from).into_iter().chain(inside.copied()).chain(end(to)).collect()
    }

    /// Whether there is nothing to see but a straight line.
    fn is_flat(&self) -> bool {
        self.range.1 - self.range.0 <= FLAT * self.range.1.abs()
    }

    /// How high a value stands, from 0 to 1.
    fn share(&self, value: f64) -> f32 {
        let (low, high) = self.range;
        if self.is_flat() { 0.5 } else { ((value - low) / (high - low)).clamp(0.0, 1.0) as f32 }
    }
}

/// Where a curve is drawn: along a system, from one height to another.
struct Band<'a> {
    part: Part<'a>,
    top: f32,
    bottom: f32,
    right: f32,
}

impl Band<'_> {
    fn draw(&self, curve: &Curve, ink: LayerInk, spans: &[(f64, f64)], shapes: &mut Vec<LayerShape>) {
        if curve.points.is_empty() || spans.is_empty() {
            return;
        }
        self.scale(curve, shapes);
        for &(from, to) in spans {
            let point = |(quarters, value): (f64, f64)| {
                let sheet = self.part.sheet;
                let x = if quarters < to { sheet.x_of(quarters) } else { sheet.x_before(quarters) }?;
                Some((rounded(x), self.y(curve.share(value))))
            };
            let points: Vec<(f32, f32)> = curve.between(from, to).into_iter().filter_map(point).collect();
            shapes.push(LayerShape::Line { points, width: THICK, ink });
        }
    }

    fn y(&self, share: f32) -> f32 {
        rounded(self.bottom - share * (self.bottom - self.top))
    }

    /// Two thin lines with the lowest and the highest value; one for a straight line.
    fn scale(&self, curve: &Curve, shapes: &mut Vec<LayerShape>) {
        let (low, high) = curve.range;
        let values = if curve.is_flat() { vec![low] } else { vec![high, low] };
        for value in values {
            let y = self.y(curve.share(value));
            let (left, right) = (rounded(NUMBERS), rounded(self.right));
            let points = vec![(left, y), (right, y)];
            shapes.push(LayerShape::Line { points, width: THIN, ink: LayerInk::Axis });
            let text = format!("{value:.0}");
            shapes.push(LayerShape::Text { at: (0.0, y), size: LETTERS, text, ink: LayerInk::Axis });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_cut_at_the_ends_of_a_stretch() {
        let curve = Curve::new(vec![(0.0, 60.0), (2.0, 80.0), (6.0, 100.0), (8.0, 60.0)]);
        assert_eq!(curve.range, (60.0, 100.0));
        assert_eq!(curve.between(1.0, 4.0), [(1.0, 70.0), (2.0, 80.0), (4.0, 90.0)]);
        assert_eq!(curve.between(-1.0, 1.0), [(-1.0, 60.0), (0.0, 60.0), (1.0, 70.0)]);
        assert_eq!([60.0, 80.0, 100.0, 400.0].map(|value| curve.share(value)), [0.0, 0.5, 1.0, 1.0]);
        assert!(Curve::default().between(0.0, 1.0).is_empty());
    }

    #[test]
    fn what_hardly_changes_is_a_straight_line() {
        let curve = Curve::new(vec![(0.0, 100.0), (4.0, 100.5)]);
        assert!(curve.is_flat());
        assert_eq!(curve.share(100.5), 0.5);
    }

    #[test]
    fn a_hold_does_not_press_the_rest_flat() {
        let mut points: Vec<(f64, f64)> =
            (0..200).map(|k| (f64::from(k), 90.0 + f64::from(k % 20))).collect();
        points[50].1 = 7.0;
        assert_eq!(Curve::new(points).range, (90.0, 109.0));
    }
}
