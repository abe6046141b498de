//! The sustain pedal as steps: none where a version plays nothing of what is written.
//!
//! A recording that leaves bars out goes on after them in a moment; drawn over those bars, what the pedal does in that
//! moment would fill all of them.

use egui_plot::PlotPoint;
use protocol::{Pedal, ScoreView, VersionView};

use crate::centre::axis::Clock;

/// The sustain pedal of a version, by its seconds.
pub(super) struct Steps {
    /// When it moves, and where to; in order.
    moves: Vec<(f64, f64)>,
    end_secs: f64,
}

impl Steps {
    /// Those of a version, with the pedal up where it plays nothing of its score.
    pub fn new(version: &VersionView, score: &ScoreView, clock: &Clock) -> Self {
        let sustain = version.performance.pedals.iter().filter(|event| event.pedal == Pedal::Sustain);
        let moves: Vec<(f64, f64)> = sustain.map(|event| (event.time_secs, f64::from(event.value))).collect();
        let mut steps = Self { moves, end_secs: version.end_secs };
        for (from, to) in unplayed(version, score) {
            steps.lift(clock.secs_at(from), clock.secs_at(to));
        }
        steps
    }

    /// Where the pedal is at a moment.
    fn at(&self, secs: f64) -> f64 {
        let next = self.moves.partition_point(|(at, _)| *at <= secs);
        next.checked_sub(1).map_or(0.0, |k| self.moves[k].1)
    }

    /// Lifts it from one moment to another.
    fn lift(&mut self, from: f64, to: f64) {
        let after = self.at(to);
        let (first, last) = (
            self.moves.partition_point(|(at, _)| *at < from),
            self.moves.partition_point(|(at, _)| *at <= to),
        );
        drop(self.moves.splice(first..last.max(first), [(from, 0.0), (to, after)]));
    }

    /// Corners of the steps: at each movement the value before and the value after.
    pub fn corners(&self, unit_of_secs: impl Fn(f64) -> f64) -> Vec<PlotPoint> {
        let mut corners = Vec::new();
        let mut value = 0.0;
        for (at, after) in &self.moves {
            let unit = unit_of_secs(*at);
            corners.extend([PlotPoint::new(unit, value), PlotPoint::new(unit, *after)]);
            value = *after;
        }
        if value > 0.0 {
            corners.push(PlotPoint::new(unit_of_secs(self.end_secs), value));
        }
        corners
    }

    /// Those between two moments, from the pedal up to the pedal up.
    pub fn corners_within(&self, from: f64, to: f64, unit_of_secs: impl Fn(f64) -> f64) -> Vec<PlotPoint> {
        let inside = self.moves.iter().copied().filter(|(at, _)| from < *at && *at < to);
        let moves = std::iter::once((from, self.at(from))).chain(inside).chain([(to, 0.0)]).collect();
        Self { moves, end_secs: to }.corners(unit_of_secs)
    }
}

/// The bars in which something is written and nothing played, from where to where in quarters; those in a row as one.
fn unplayed(version: &VersionView, score: &ScoreView) -> Vec<(f64, f64)> {
    let mut is_written = vec![false; score.measures.len()];
    let mut is_played = is_written.clone();
    let note_in = |bars: &mut Vec<bool>, measure: u32| {
        if let Some(bar) = bars.get_mut(measure as usize) {
            *bar = true;
        }
    };
    score.notes.iter().for_each(|note| note_in(&mut is_written, note.measure));
    let played = version.performance.notes.iter().filter_map(|played| score.notes.get(played.note as usize));
    played.for_each(|note| note_in(&mut is_played, note.measure));
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for (k, measure) in score.measures.iter().enumerate().filter(|(k, _)| is_written[*k] && !is_played[*k]) {
        match spans.last_mut().filter(|_| k > 0 && is_written[k - 1] && !is_played[k - 1]) {
            Some(span) => span.1 = measure.end_quarters,
            None => spans.push((measure.start_quarters, measure.end_quarters)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use protocol::{Hand, MeasureView, NoteView, PedalEvent, Performance, PlayedNote};

    use super::*;

    /// Four bars of one note each, of which the version plays the first and the last in a second each, with the pedal
    /// down from the middle of the first bar to the end.
    fn piece() -> (VersionView, ScoreView, Clock) {
        let mut score = ScoreView { end_quarters: 16.0, ..ScoreView::default() };
        for k in 0..4u32 {
            let start = f64::from(k) * 4.0;
            score.notes.push(NoteView {
                onset_quarters: start,
                duration_quarters: 4.0,
                pitch: 60,
                hand: Hand::Right,
                measure: k,
                is_grace: false,
            });
            score.measures.push(MeasureView {
                start_quarters: start,
                end_quarters: start + 4.0,
                number: (k + 1).to_string(),
                pass: 1,
                metre: (4, 4),
                beat_quarters: 1.0,
            });
        }
        let played =
            |note: u32, onset_secs: f64| PlayedNote { note, onset_secs, duration_secs: 1.0, velocity: 64 };
        let pedal = |time_secs: f64, value: u8| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        let performance = Performance {
            notes: vec![played(0, 0.0), played(3, 1.2)],
            pedals: vec![pedal(0.5, 100), pedal(1.1, 0), pedal(1.15, 90)],
        };
        let version = VersionView { performance, end_secs: 2.2, ..VersionView::default() };
        (version, score, Clock::new(&[(0.0, 0.0), (4.0, 1.0), (12.0, 1.2), (16.0, 2.2)]))
    }

    #[test]
    fn over_bars_that_are_not_played_the_pedal_is_up() {
        let (version, score, clock) = piece();
        assert_eq!(unplayed(&version, &score), [(4.0, 12.0)]);
        let steps = Steps::new(&version, &score, &clock);
        let corners = steps.corners(|secs| clock.quarters_at(secs));
        let found: Vec<(f64, f64)> = corners.iter().map(|p| ((100.0 * p.x).round() / 100.0, p.y)).collect();
        let expected =
            [(2.0, 0.0), (2.0, 100.0), (4.0, 100.0), (4.0, 0.0), (12.0, 0.0), (12.0, 90.0), (16.0, 90.0)];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_stretch_begins_and_ends_with_the_pedal_up() {
        let (version, score, clock) = piece();
        let steps = Steps::new(&version, &score, &clock);
        let corners = steps.corners_within(0.6, 0.9, |secs| secs);
        let found: Vec<(f64, f64)> = corners.iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(found, [(0.6, 0.0), (0.6, 100.0), (0.9, 100.0), (0.9, 0.0)]);
    }
}
