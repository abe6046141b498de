//! How far a performance goes: its rubato, its range of loudness, the spread of its chords.
//!
//! A network tells by the middles of its distributions that somebody plays fast or loud, and learns that soon. That
//! somebody's rubato is free, or range wide, it has to tell by how far apart the middles are, which it learns late. So
//! a manner has three numbers beside the network's: how much further the reference goes than a take of the same piece
//! in the same manner does, as natural logarithms. A take goes as much further from its own trends. The paper has
//! nothing of the kind.

use notation::Score;

use crate::ecp::{BEAT_PERIOD, SCORE_COLUMNS, Steps, TIMING, VELOCITY, beats};
use crate::network::Played;

/// How many extents there are: rubato, range of loudness, spread of chords.
pub(super) const EXTENTS: usize = 3;

/// A trend is the mean over so many quarters on either side: sections of a piece stay apart as they are, phrases do
/// not. On the test split of (n)ASAP r of people's deviations around such a trend with those around the mean of the
/// piece is .94 for tempo and .96 for velocity, between people of a piece.
const TREND_QUARTERS: f64 = 32.0;

/// What is rubato is measured over so many quarters on either side, as [`performance::metrics::Figure::QuarterTempo`]
/// is: unevenness from beat to beat is none.
const TEMPO_QUARTERS: f64 = 2.0;

/// A beat that is further from its trend, in log2, is a stop or an end.
const MOST_RUBATO: f64 = 0.75;

/// A note that is further from its chord is rolled, in seconds.
const MOST_SPREAD_SECS: f64 = 0.09;

/// No extent becomes more than four times as large or as small, a logarithm.
const MOST_LOG: f32 = 2.0 * std::f32::consts::LN_2;

/// Of fewer values there is no extent.
const LEAST: u32 = 16;

/// Root mean squares of rubato (log2), of velocity around its trend, and of notes around their chords (seconds); none
/// where too little is known.
pub(super) type Extents = [Option<f64>; EXTENTS];

/// Where the steps of a piece lie.
pub(super) struct Places {
    /// Quarters from the beginning: of a beat its start, of a note its onset.
    at: Vec<f64>,
    /// Steps that are beats, in order.
    beats: Vec<usize>,
    /// Steps that are notes, in order.
    notes: Vec<usize>,
    /// Notes that are struck together, grace notes excepted.
    chords: Vec<Vec<usize>>,
}

/// A value that is known.
struct Point {
    step: usize,
    at: f64,
    value: f64,
}

impl Places {
    /// Those of the steps of a score.
    pub(super) fn of(score: &Score, steps: &Steps) -> Self {
        let of_beats = beats(score);
        let note = |step: usize| steps.notes[step].and_then(|note| score.notes.get(note as usize));
        let place = |step: usize| match note(step) {
            Some(note) => note.onset.to_f64(),
            None => of_beats.get(steps.beats[step] as usize).map_or(0.0, |beat| beat.start.to_f64()),
        };
        let at: Vec<f64> = (0..steps.len()).map(place).collect();
        let (notes, beats): (Vec<usize>, Vec<usize>) =
            (0..steps.len()).partition(|step| steps.notes[*step].is_some());
        let is_main = |step: &usize| note(*step).is_some_and(|note| note.grace.is_none());
        let main: Vec<usize> = notes.iter().copied().filter(is_main).collect();
        let together = main.chunk_by(|a, b| at[*a] == at[*b]).filter(|chord| chord.len() > 1);
        let chords = together.map(<[usize]>::to_vec).collect();
        Self { at, beats, notes, chords }
    }

    /// How far values go.
    pub(super) fn extents(&self, values: &[Played]) -> Extents {
        let tempo = self.points(values, &self.beats, BEAT_PERIOD);
        let (local, trend) = (means(&tempo, TEMPO_QUARTERS), means(&tempo, TREND_QUARTERS));
        let rubato = local.iter().zip(&trend);
        let rubato = rubato.map(|(local, trend)| (local - trend).clamp(-MOST_RUBATO, MOST_RUBATO));
        let loudness = self.points(values, &self.notes, VELOCITY);
        let level = means(&loudness, TREND_QUARTERS);
        let range = loudness.iter().zip(&level).map(|(point, level)| point.value - level);
        let apart = self.chords.iter().flat_map(|chord| from_mean(values, chord));
        let apart = apart.map(|(_, _, secs)| secs.clamp(-MOST_SPREAD_SECS, MOST_SPREAD_SECS));
        [root_mean_square(rubato), root_mean_square(range), root_mean_square(apart)]
    }

    /// Moves values away from their trends, or towards them, by factors of which the natural logarithms are given; by
    /// 0, not at all.
    pub(super) fn widen(&self, values: &mut [Played], logs: &[f32; EXTENTS]) {
        let [rubato, range, spread] = logs.map(|log| f64::from(log.clamp(-MOST_LOG, MOST_LOG)));
        self.scale_about_trend(values, &self.beats, BEAT_PERIOD, rubato);
        self.scale_about_trend(values, &self.notes, VELOCITY, range);
        if spread != 0.0 {
            for chord in &self.chords {
                for (step, mean, secs) in from_mean(values, chord) {
                    values[step][TIMING - SCORE_COLUMNS] = (mean + spread.exp() * secs) as f32;
                }
            }
        }
    }

    /// Which beats a trend at some of them is over.
    pub(super) fn near(&self, wanted: &[bool]) -> Vec<bool> {
        let starts: Vec<f64> = self.beats.iter().map(|step| self.at[*step]).collect();
        let mut near = vec![false; wanted.len()];
        for (beat, start) in starts.iter().enumerate().filter(|(beat, _)| wanted.get(*beat) == Some(&true)) {
            let end = starts.get(beat + 1).copied().unwrap_or(f64::INFINITY);
            // A note may lie anywhere in its beat.
            let first = starts.partition_point(|other| *other < start - TREND_QUARTERS).saturating_sub(1);
            let last = starts.partition_point(|other| *other <= end + TREND_QUARTERS).min(near.len());
            near[first..last].fill(true);
        }
        near
    }

    fn scale_about_trend(&self, values: &mut [Played], steps: &[usize], column: usize, log: f64) {
        if log == 0.0 {
            return;
        }
        let points = self.points(values, steps, column);
        for (point, trend) in points.iter().zip(means(&points, TREND_QUARTERS)) {
            values[point.step][column - SCORE_COLUMNS] = (trend + log.exp() * (point.value - trend)) as f32;
        }
    }

    /// What is known of a column, in the order of the steps.
    fn points(&self, values: &[Played], steps: &[usize], column: usize) -> Vec<Point> {
        let point = |step: &usize| {
            let value = values.get(*step)?[column - SCORE_COLUMNS];
            value.is_finite().then(|| Point { step: *step, at: self.at[*step], value: f64::from(value) })
        };
        steps.iter().filter_map(point).collect()
    }
}

/// How much further one performance goes than another, as natural logarithms within bounds; 0 where it is not known of
/// both.
pub(super) fn further(one: &Extents, other: &Extents) -> [f32; EXTENTS] {
    std::array::from_fn(|k| {
        let both = one[k].zip(other[k]);
        both.map_or(0.0, |(one, other)| ((one / other).ln() as f32).clamp(-MOST_LOG, MOST_LOG))
    })
}

/// The mean around each point, over those that lie within so many quarters: of some of the points, if all within reach
/// are among them, the same to the bit as of all.
fn means(points: &[Point], quarters: f64) -> Vec<f64> {
    let mean = |point: &Point| {
        let first = points.partition_point(|other| other.at < point.at - quarters);
        let end = points.partition_point(|other| other.at <= point.at + quarters);
        points[first..end].iter().map(|other| other.value).sum::<f64>() / (end - first) as f64
    };
    points.iter().map(mean).collect()
}

/// Of the notes of a chord that are known the step, the mean timing of all, and how far the note's is from it.
fn from_mean(values: &[Played], chord: &[usize]) -> Vec<(usize, f64, f64)> {
    let timing = |step: &usize| {
        let secs = values.get(*step)?[TIMING - SCORE_COLUMNS];
        secs.is_finite().then_some((*step, f64::from(secs)))
    };
    let known: Vec<(usize, f64)> = chord.iter().filter_map(timing).collect();
    if known.len() < 2 {
        return Vec::new();
    }
    let mean = known.iter().map(|(_, secs)| secs).sum::<f64>() / known.len() as f64;
    known.into_iter().map(|(step, secs)| (step, mean, secs - mean)).collect()
}

fn root_mean_square(deviations: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = deviations.fold((0.0, 0_u32), |(sum, count), off| (sum + off * off, count + 1));
    let root = (sum / f64::from(count)).sqrt();
    (count >= LEAST && root.is_finite() && root > 0.0).then_some(root)
}

#[cfg(test)]
#[path = "extents_tests.rs"]
mod tests;
