//! A version, bar by bar and beat by beat.

use notation::{Measure, Score};
use performance::hands::{BothHands, both_hands};
use performance::{Performance, pedal};
use protocol::{BarValues, Trajectory, TrajectoryPoint};

use super::beats;
use crate::views::Clocked;

/// Standard deviation of the smoothing as a share of a bar: its weight is halved half a bar away,
/// so that it looks over about a bar (Langner and Goebl, "Visualizing Expressive Performance in
/// Tempo-Loudness Space", Computer Music Journal 27(4), 2003).
const DEVIATION_BARS: f64 = 0.425;

/// Beyond so many deviations nothing is seen any more.
const REACH: f64 = 3.0;

/// No trajectory has more points.
const MOST_BEATS: usize = 20_000;

/// One of the versions.
pub(super) struct Side {
    clocked: Clocked,
    /// Of each played note in score order: place, velocity, log2 of its articulation if it has one.
    notes: Vec<(f64, f64, Option<f64>)>,
    pedal_down: Vec<(f64, f64)>,
    hands: Vec<BothHands>,
    end_secs: f64,
}

impl Side {
    pub(super) fn new(score: &Score, played: &Performance) -> Self {
        let clocked = Clocked::of(score, played);
        let note = |n: &performance::codec::CodedNote| {
            let written = &score.notes[n.note as usize];
            let articulation = written.grace.is_none().then_some(n.articulation_log2);
            (written.onset.to_f64(), f64::from(n.velocity), articulation.filter(|a| a.is_finite()))
        };
        let notes = clocked.coded.notes.iter().map(note).collect();
        let pedal_down = pedal::down_spans(&played.pedals);
        let hands = both_hands(score, played);
        Self { notes, pedal_down, hands, end_secs: played.end_secs(), clocked }
    }

    /// The notes between two places.
    fn notes_in(&self, from: f64, to: f64) -> &[(f64, f64, Option<f64>)] {
        let first = self.notes.partition_point(|n| n.0 < from);
        let last = self.notes.partition_point(|n| n.0 < to);
        &self.notes[first..last]
    }

    /// What it does in a bar; none where it plays no note.
    pub(super) fn bar(&self, measure: &Measure) -> Option<BarValues> {
        let (from, to) = (measure.start.to_f64(), measure.end.to_f64());
        let notes = self.notes_in(from, to);
        let start_secs = self.clocked.curve.secs_at(from);
        let length_secs = self.clocked.curve.secs_at(to) - start_secs;
        if notes.is_empty() || length_secs <= 0.0 {
            return None;
        }
        Some(BarValues {
            start_secs,
            quarters_per_minute: 60.0 * (to - from) / length_secs,
            velocity: mean(notes.iter().map(|n| n.1)).unwrap_or(0.0),
            articulation: mean(notes.iter().filter_map(|n| n.2)).map_or(1.0, f64::exp2),
            pedal: self.pedal_share(start_secs, start_secs + length_secs),
            hands_apart_ms: mean(self.hands_in(from, to).map(|both| 1000.0 * both.right_later_secs.abs())),
        })
    }

    /// Where both hands are to strike at once between two places.
    fn hands_in(&self, from: f64, to: f64) -> impl Iterator<Item = &BothHands> {
        let first = self.hands.partition_point(|both| both.quarters < from);
        let last = self.hands.partition_point(|both| both.quarters < to);
        self.hands[first..last].iter()
    }

    /// Where both hands are to strike at once.
    pub(super) fn hands(&self) -> &[BothHands] {
        &self.hands
    }

    /// Share of a stretch of time with the sustain pedal down.
    fn pedal_share(&self, from: f64, to: f64) -> f64 {
        let first = self.pedal_down.partition_point(|(_, up)| *up <= from);
        let spans = self.pedal_down[first..].iter().take_while(|(down, _)| *down < to);
        let held: f64 = spans.map(|(down, up)| up.min(self.end_secs.max(to)).min(to) - down.max(from)).sum();
        (held / (to - from)).clamp(0.0, 1.0)
    }

    /// Its path through tempo and loudness.
    pub(super) fn trajectory(&self, score: &Score) -> Trajectory {
        let (Some(first), Some(last)) = (self.notes.first(), self.notes.last()) else {
            return Trajectory::default();
        };
        let beats =
            beats::all(score).into_iter().filter(|(q, _)| *q >= first.0 - 1e-9 && *q <= last.0 + 1e-9);
        let points = beats.take(MOST_BEATS).filter_map(|(quarters, bar)| self.point(quarters, bar));
        Trajectory { points: points.collect() }
    }

    /// Tempo and loudness around a place, weighted by a bell as wide as a bar.
    fn point(&self, quarters: f64, bar_quarters: f64) -> Option<TrajectoryPoint> {
        let deviation = DEVIATION_BARS * bar_quarters;
        let bell = |q: f64| (-0.5 * ((q - quarters) / deviation).powi(2)).exp();
        let reach = REACH * deviation;
        let (mut loud, mut weight) = (0.0, 0.0);
        for (q, velocity, _) in self.notes_in(quarters - reach, quarters + reach) {
            loud += velocity * bell(*q);
            weight += bell(*q);
        }
        // Tempo is the quarters over the seconds, each under the bell; outside the notes there is none.
        const STEPS: usize = 24;
        let (first, last) = (self.notes.first()?.0, self.notes.last()?.0);
        let from = (quarters - reach).max(first);
        let to = (quarters + reach).min(last.max(first + 1e-3));
        let step = (to - from) / STEPS as f64;
        let (mut length_quarters, mut length_secs) = (0.0, 0.0);
        for k in 0..STEPS {
            let (a, b) = (from + k as f64 * step, from + (k + 1) as f64 * step);
            let w = bell(0.5 * (a + b));
            length_quarters += w * (b - a);
            length_secs += w * (self.clocked.curve.secs_at(b) - self.clocked.curve.secs_at(a));
        }
        let tempo = 60.0 * length_quarters / length_secs;
        let point = TrajectoryPoint { quarters, quarters_per_minute: tempo, velocity: loud / weight };
        (point.quarters_per_minute.is_finite() && point.velocity.is_finite()).then_some(point)
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
