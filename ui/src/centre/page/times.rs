//! Where in its system a place of a measure is, and the other way round.

use protocol::{EngravedHead, EngravedMeasure, ScoreView, SystemView};

use super::playing::SAME_QUARTERS;

/// Points closer than this are one, in staff spaces.
const SAME_SPACES: f32 = 0.01;

/// Straight lines between the onsets of a measure of the page and their note heads. Places count from where the
/// measure begins, so they are the same each time that it is played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Quarters, and staff spaces from the left of the system; both rising.
    points: Vec<(f64, f32)>,
    /// Length of the measure, in quarters.
    length: f64,
}

/// What a point was made from: of several at one place of the measure the first kind counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Note,
    Grace,
    Edge,
}

/// Where in a measure a note of a head begins, one of the times that it is played; nothing if it only goes on there.
fn onset(engraved: &EngravedMeasure, head: &EngravedHead, score: &ScoreView) -> Option<(f64, Kind)> {
    head.notes.iter().find_map(|note| {
        let note = score.notes.get(*note as usize)?;
        let mut from_starts = engraved.passes.iter().map(|pass| note.onset_quarters - pass.start_quarters);
        let is_inside = |q: &f64| (-SAME_QUARTERS..engraved.length_quarters - SAME_QUARTERS).contains(q);
        let kind = if note.is_grace { Kind::Grace } else { Kind::Note };
        let from_start = from_starts.find(is_inside)?;
        Some((if from_start < SAME_QUARTERS { 0.0 } else { from_start }, kind))
    })
}

impl Times {
    /// Those of each measure of a system.
    pub fn of_system(system: &SystemView, score: &ScoreView) -> Vec<Self> {
        let measures = &system.measures;
        let mut found: Vec<Vec<(f64, Kind, f32)>> =
            measures.iter().map(|engraved| vec![(0.0, Kind::Edge, engraved.left)]).collect();
        for head in system.heads.iter().filter(|head| !head.is_tied_on) {
            let x = (head.left + head.right) / 2.0;
            // In a bar that is squeezed the last one may reach over its end.
            let behind = measures.partition_point(|engraved| engraved.right <= x);
            let around = [Some(behind), behind.checked_sub(1), Some(behind + 1)];
            let point = around.into_iter().flatten().find_map(|k| {
                let (from_start, kind) = onset(measures.get(k)?, head, score)?;
                Some((k, from_start, kind))
            });
            let Some((k, from_start, kind)) = point else { continue };
            if let Some(own) = found.get_mut(k) {
                own.push((from_start, kind, x));
            }
        }
        let lengths = measures.iter().map(|engraved| engraved.length_quarters);
        found.into_iter().zip(lengths).map(|(found, length)| Self::new(found, length)).collect()
    }

    /// Through the first head of each onset. Where a measure begins with a rest its left edge counts.
    fn new(mut found: Vec<(f64, Kind, f32)>, length: f64) -> Self {
        found.retain(|(quarters, _, x)| quarters.is_finite() && x.is_finite());
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2)));
        let mut points: Vec<(f64, f32)> = Vec::with_capacity(found.len());
        for (quarters, _, x) in found {
            let is_rising = |last: &(f64, f32)| quarters > last.0 + SAME_QUARTERS && x > last.1 + SAME_SPACES;
            if points.last().is_none_or(is_rising) {
                points.push((quarters, x));
            }
        }
        Self { points, length }
    }

    /// Where the measure begins.
    pub fn first_x(&self) -> Option<f32> {
        self.points.first().map(|point| point.1)
    }

    /// Where a place of the measure is; the nearer edge for what is outside. `end` is where the measure ends, or
    /// where what follows begins. None if nothing is there.
    pub fn x(&self, quarters: f64, end: f32) -> Option<f32> {
        let next = self.points.partition_point(|point| point.0 <= quarters);
        let Some(before) = next.checked_sub(1).and_then(|k| self.points.get(k)) else {
            return self.first_x();
        };
        let after = self.after(next, end);
        let way = after.0 - before.0;
        let share = if way > 0.0 { ((quarters - before.0) / way).min(1.0) } else { 0.0 };
        Some(before.1 + share as f32 * (after.1 - before.1).max(0.0))
    }

    /// The place of the measure at a place of the system; its first or last one outside. `end` is as for
    /// [`Self::x`]. None if nothing is there.
    pub fn quarters(&self, x: f32, end: f32) -> Option<f64> {
        let next = self.points.partition_point(|point| point.1 <= x);
        let Some(before) = next.checked_sub(1).and_then(|k| self.points.get(k)) else {
            return self.points.first().map(|point| point.0);
        };
        let after = self.after(next, end);
        let way = after.1 - before.1;
        let share = if way > 0.0 { ((x - before.1) / way).min(1.0) } else { 0.0 };
        Some(before.0 + f64::from(share) * (after.0 - before.0).max(0.0))
    }

    /// A point, or the end behind the last one.
    fn after(&self, next: usize, end: f32) -> (f64, f32) {
        self.points.get(next).copied().unwrap_or((self.length, end))
    }
}

#[cfg(test)]
mod tests {
    use protocol::{EngravedPass, Hand, NoteView};

    use super::*;

    fn note(onset_quarters: f64, is_grace: bool, measure: u32) -> NoteView {
        NoteView { onset_quarters, duration_quarters: 1.0, pitch: 60, hand: Hand::Right, measure, is_grace }
    }

    fn head(notes: &[u32], left: f32) -> EngravedHead {
        let notes = notes.to_vec();
        EngravedHead { notes, left, top: 0.0, right: left + 1.0, bottom: 1.0, is_tied_on: false }
    }

    fn measure(bars: &[u32], left: f32, right: f32) -> EngravedMeasure {
        let pass = |bar: &u32| EngravedPass { measure: *bar, start_quarters: f64::from(*bar) * 4.0 };
        EngravedMeasure { passes: bars.iter().map(pass).collect(), length_quarters: 4.0, left, right }
    }

    /// Two bars of four quarters: a grace note before the first note, a rest at the start of the second bar. The
    /// second one is played before the first, too.
    fn times() -> Vec<Times> {
        let score = ScoreView {
            notes: vec![
                note(1.0, false, 0),
                note(4.0, true, 1),
                note(4.0, false, 1),
                note(6.0, false, 1),
                note(6.0, false, 1),
                note(9.0, false, 2),
            ],
            ..ScoreView::default()
        };
        let tied = EngravedHead { is_tied_on: true, ..head(&[3], 30.0) };
        let system = SystemView {
            measures: vec![measure(&[1], 0.0, 20.0), measure(&[0, 2], 20.0, 50.0)],
            heads: vec![
                head(&[0, 5], 34.5),
                head(&[1], 4.0),
                head(&[2], 6.5),
                head(&[3], 14.5),
                tied,
                head(&[4], 13.5),
            ],
            ..SystemView::default()
        };
        Times::of_system(&system, &score)
    }

    #[test]
    fn onsets_are_at_their_first_heads() {
        let times = times();
        for (quarters, x) in [(0.0, 7.0), (2.0, 14.0), (1.0, 10.5), (3.0, 17.0)] {
            assert_eq!(times[0].x(quarters, 20.0), Some(x), "{quarters}");
            assert_eq!(times[0].quarters(x, 20.0), Some(quarters), "{x}");
        }
        for (quarters, x) in [(0.0, 20.0), (1.0, 35.0), (4.0, 50.0)] {
            assert_eq!(times[1].x(quarters, 50.0), Some(x), "{quarters}");
            assert_eq!(times[1].quarters(x, 50.0), Some(quarters), "{x}");
        }
        assert_eq!([times[0].first_x(), times[1].first_x()], [Some(7.0), Some(20.0)]);
    }

    #[test]
    fn what_is_outside_is_at_the_nearer_edge() {
        let times = times();
        assert_eq!((times[0].x(-3.0, 20.0), times[0].x(20.0, 20.0)), (Some(7.0), Some(20.0)));
        assert_eq!((times[0].quarters(2.0, 20.0), times[0].quarters(99.0, 20.0)), (Some(0.0), Some(4.0)));
        // A head may reach over the end of a bar that is squeezed.
        assert_eq!((times[0].x(4.0, 13.0), times[0].quarters(14.5, 13.0)), (Some(14.0), Some(2.0)));
        assert_eq!((Times::default().x(1.0, 5.0), Times::default().quarters(1.0, 5.0)), (None, None));
    }
}
