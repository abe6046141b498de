//! Two versions side by side: a row for each bar, and the path through tempo and loudness.

use notation::{Measure, Score};
use performance::{Performance, pedal};
use protocol::{BarRow, BarValues, CompareView, Shared, Trajectory, TrajectoryPoint, VersionId};

use crate::document::Played;
use crate::places;
use crate::views::Clocked;

/// Standard deviation of the smoothing as a share of a bar: its weight is halved half a bar away,
/// so that it looks over about a bar (Langner and Goebl, "Visualizing Expressive Performance in
/// Tempo-Loudness Space", Computer Music Journal 27(4), 2003).
const DEVIATION_BARS: f64 = 0.425;

/// Beyond so many deviations nothing is seen any more.
const REACH: f64 = 3.0;

/// No trajectory has more points.
const MOST_BEATS: usize = 20_000;

/// Compares two versions, bar by bar of the score that the first plays: a bar of the second is the one
/// that shows the same. Names and loudness are for the caller to fill in.
pub fn compare_view(versions: [VersionId; 2], played: [&Played; 2]) -> CompareView {
    let [heard, compared] = played.map(|p| &p.written);
    let sides = played.map(|p| Side::new(p.score(), &p.performance));
    let same = |k: usize| compared.score.measures.get(places::bar_in(heard, compared, k)?);
    let row = |(k, m): (usize, &Measure)| BarRow {
        number: m.number.clone(),
        pass: m.pass,
        start_quarters: m.start.to_f64(),
        end_quarters: m.end.to_f64(),
        values: [sides[0].bar(m), same(k).and_then(|m| sides[1].bar(m))],
    };
    let shared = places::shared(heard, compared);
    let second = sides[1].trajectory(&compared.score);
    CompareView {
        versions,
        bars: heard.score.measures.iter().enumerate().map(row).collect(),
        trajectories: [sides[0].trajectory(&heard.score), placed(&second, &shared)],
        shared,
        ..CompareView::default()
    }
}

/// The path of the second version at the places of the first one's score.
fn placed(path: &Trajectory, shared: &[Shared]) -> Trajectory {
    let places = |p: &TrajectoryPoint| {
        let point = *p;
        places::places_of(shared, p.quarters).map(move |quarters| TrajectoryPoint { quarters, ..point })
    };
    let mut points: Vec<TrajectoryPoint> = path.points.iter().flat_map(places).collect();
    points.sort_by(|a, b| a.quarters.total_cmp(&b.quarters));
    Trajectory { points }
}

/// One of the versions.
struct Side {
    clocked: Clocked,
    /// Of each played note in score order: place, velocity, log2 of its articulation if it has one.
    notes: Vec<(f64, f64, Option<f64>)>,
    pedal_down: Vec<(f64, f64)>,
    end_secs: f64,
}

impl Side {
    fn new(score: &Score, played: &Performance) -> Self {
        let clocked = Clocked::of(score, played);
        let note = |n: &performance::codec::CodedNote| {
            let written = &score.notes[n.note as usize];
            let articulation = written.grace.is_none().then_some(n.articulation_log2);
            (written.onset.to_f64(), f64::from(n.velocity), articulation.filter(|a| a.is_finite()))
        };
        let notes = clocked.coded.notes.iter().map(note).collect();
        let pedal_down = pedal::down_spans(&played.pedals);
        Self { notes, pedal_down, end_secs: played.end_secs(), clocked }
    }

    /// The notes between two places.
    fn notes_in(&self, from: f64, to: f64) -> &[(f64, f64, Option<f64>)] {
        let first = self.notes.partition_point(|n| n.0 < from);
        let last = self.notes.partition_point(|n| n.0 < to);
        &self.notes[first..last]
    }

    fn bar(&self, measure: &Measure) -> Option<BarValues> {
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
        })
    }

    /// Share of a stretch of time with the sustain pedal down.
    fn pedal_share(&self, from: f64, to: f64) -> f64 {
        let first = self.pedal_down.partition_point(|(_, up)| *up <= from);
        let spans = self.pedal_down[first..].iter().take_while(|(down, _)| *down < to);
        let held: f64 = spans.map(|(down, up)| up.min(self.end_secs.max(to)).min(to) - down.max(from)).sum();
        (held / (to - from)).clamp(0.0, 1.0)
    }

    fn trajectory(&self, score: &Score) -> Trajectory {
        let (Some(first), Some(last)) = (self.notes.first(), self.notes.last()) else {
            return Trajectory::default();
        };
        let beats = beats(score).into_iter().filter(|(q, _)| *q >= first.0 - 1e-9 && *q <= last.0 + 1e-9);
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

/// Every beat with the length of its bar.
fn beats(score: &Score) -> Vec<(f64, f64)> {
    let mut beats = Vec::new();
    for measure in &score.measures {
        let beat = measure.time.beat_length().to_f64().max(1.0 / 16.0);
        let (start, end) = (measure.start.to_f64(), measure.end.to_f64());
        let bar = measure.time.measure_length().to_f64().max(beat);
        let count = ((end - start) / beat - 1e-9).ceil().max(0.0) as usize;
        beats.extend((0..count.min(1000)).map(|k| (start + k as f64 * beat, bar)));
    }
    beats
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
