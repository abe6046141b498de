//! Where in a system a place of the score is, and the other way round.

use protocol::{ScoreView, SystemView};

/// Places closer than this are one, in quarters.
const SAME_QUARTERS: f64 = 1e-6;
/// Points closer than this are one, in staff spaces.
const SAME_SPACES: f32 = 0.01;

/// Straight lines between onsets and their note heads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Quarters, and staff spaces from the left of the system; both rising.
    points: Vec<(f64, f32)>,
}

/// What a point was made from: of several at one place of the score the first kind counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Note,
    Grace,
    Edge,
}

impl Times {
    /// Through the first head of each onset. Where a measure begins with a rest its left edge counts, and the
    /// right edge of the system is its end.
    pub fn new(system: &SystemView, score: &ScoreView) -> Self {
        let heads = system.heads.iter().filter(|head| !head.is_tied_on).filter_map(|head| {
            let note = score.notes.get(head.note as usize)?;
            let kind = if note.is_grace { Kind::Grace } else { Kind::Note };
            Some((note.onset_quarters, kind, (head.left + head.right) / 2.0))
        });
        let starts = system.measures.iter().filter_map(|place| {
            let measure = score.measures.get(place.measure as usize)?;
            Some((measure.start_quarters, Kind::Edge, place.left))
        });
        let end = system.measures.last().and_then(|place| {
            let measure = score.measures.get(place.measure as usize)?;
            Some((measure.end_quarters, Kind::Edge, place.right))
        });
        let mut found: Vec<(f64, Kind, f32)> = heads.chain(starts).chain(end).collect();
        found.retain(|(quarters, _, x)| quarters.is_finite() && x.is_finite());
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2)));
        let mut points: Vec<(f64, f32)> = Vec::with_capacity(found.len());
        for (quarters, _, x) in found {
            let is_rising = |last: &(f64, f32)| quarters > last.0 + SAME_QUARTERS && x > last.1 + SAME_SPACES;
            if points.last().is_none_or(is_rising) {
                points.push((quarters, x));
            }
        }
        Self { points }
    }

    /// Where a place of the score is; the nearer edge for what is not in the system. None if nothing is.
    pub fn x(&self, quarters: f64) -> Option<f32> {
        let next = self.points.partition_point(|point| point.0 <= quarters);
        let after = self.points.get(next);
        let Some(before) = next.checked_sub(1).and_then(|k| self.points.get(k)) else {
            return after.map(|point| point.1);
        };
        let Some(after) = after else { return Some(before.1) };
        let share = (quarters - before.0) / (after.0 - before.0);
        Some(before.1 + share as f32 * (after.1 - before.1))
    }

    /// The place of the score at a place of the system; its first or last one outside. None if nothing is there.
    pub fn quarters(&self, x: f32) -> Option<f64> {
        let next = self.points.partition_point(|point| point.1 <= x);
        let after = self.points.get(next);
        let Some(before) = next.checked_sub(1).and_then(|k| self.points.get(k)) else {
            return after.map(|point| point.0);
        };
        let Some(after) = after else { return Some(before.0) };
        let share = (x - before.1) / (after.1 - before.1);
        Some(before.0 + f64::from(share) * (after.0 - before.0))
    }
}

#[cfg(test)]
mod tests {
    use protocol::{EngravedHead, EngravedMeasure, Hand, MeasureView, NoteView};

    use super::*;

    fn note(onset_quarters: f64, is_grace: bool) -> NoteView {
        NoteView {
            onset_quarters,
            duration_quarters: 1.0,
            pitch: 60,
            hand: Hand::Right,
            measure: 0,
            is_grace,
        }
    }

    fn head(note: u32, left: f32) -> EngravedHead {
        EngravedHead { note, left, top: 0.0, right: left + 1.0, bottom: 1.0, is_tied_on: false }
    }

    /// Two bars of four quarters: a grace note before the first note, a rest at the start of the second bar.
    fn times() -> Times {
        let measure = |start_quarters: f64| MeasureView {
            start_quarters,
            end_quarters: start_quarters + 4.0,
            number: "1".to_owned(),
            pass: 1,
            metre: (4, 4),
            beat_quarters: 1.0,
        };
        let score = ScoreView {
            notes: vec![
                note(0.0, true),
                note(0.0, false),
                note(2.0, false),
                note(2.0, false),
                note(5.0, false),
            ],
            measures: vec![measure(0.0), measure(4.0)],
            end_quarters: 8.0,
            ..ScoreView::default()
        };
        let tied = EngravedHead { is_tied_on: true, ..head(2, 30.0) };
        let system = SystemView {
            measures: vec![
                EngravedMeasure { measure: 0, left: 0.0, right: 20.0 },
                EngravedMeasure { measure: 1, left: 20.0, right: 50.0 },
            ],
            heads: vec![head(0, 4.0), head(1, 6.5), head(2, 14.5), tied, head(3, 13.5), head(4, 34.5)],
            ..SystemView::default()
        };
        Times::new(&system, &score)
    }

    #[test]
    fn onsets_are_at_their_first_heads() {
        let times = times();
        for (quarters, x) in [(0.0, 7.0), (2.0, 14.0), (1.0, 10.5), (4.0, 20.0), (5.0, 35.0), (8.0, 50.0)] {
            assert_eq!(times.x(quarters), Some(x), "{quarters}");
            assert_eq!(times.quarters(x), Some(quarters), "{x}");
        }
    }

    #[test]
    fn what_is_outside_is_at_the_nearer_edge() {
        let times = times();
        assert_eq!((times.x(-3.0), times.x(20.0)), (Some(7.0), Some(50.0)));
        assert_eq!((times.quarters(2.0), times.quarters(99.0)), (Some(0.0), Some(8.0)));
        assert_eq!((Times::default().x(1.0), Times::default().quarters(1.0)), (None, None));
    }
}
