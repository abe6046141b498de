//! A person's local tempo as a grid, beat by beat, and how far from it each note is.
//!
//! Every beat stands where the straight line of least squares through the onsets within a beat on either side
//! puts it, so that it follows the pianist from beat to beat, and a note on the beat can be early or late, too.
//! Between beats the grid is straight. What is left is micro-timing: it can be put on a fixed tempo.

use notation::{Marks, Quarters, Score};
use performance::metrics::{NoteFlags, usable_notes};
use performance::{BeatCurve, Performance};

/// A performance's grid.
pub struct LocalTempo {
    curve: BeatCurve,
    /// Seconds per quarter, of half of the beats more, of half less.
    median_period_secs: f64,
}

impl LocalTempo {
    /// The grid of a performance; nothing if less than two beats can be placed. `flags` goes by played note.
    pub fn of(score: &Score, played: &Performance, flags: Option<&[NoteFlags]>) -> Option<Self> {
        let onsets = onsets(score, played, flags);
        let mut placed: Vec<(f64, f64)> = Vec::new();
        for (at, beat) in beats(score) {
            let from = onsets.partition_point(|onset| onset.0 < at - beat - 1e-9);
            let to = onsets.partition_point(|onset| onset.0 <= at + beat + 1e-9);
            let Some(secs) = line(onsets.get(from..to).unwrap_or_default(), at) else { continue };
            if placed.last().is_none_or(|before| before.0 < at && before.1 < secs) {
                placed.push((at, secs));
            }
        }
        let mut stretches: Vec<(f64, f64)> =
            placed.windows(2).map(|w| (w[0].0, (w[1].1 - w[0].1) / (w[1].0 - w[0].0))).collect();
        let curve = BeatCurve::from_periods(placed.first()?.1, stretches.iter().copied());
        stretches.sort_by(|a, b| a.1.total_cmp(&b.1));
        let median_period_secs = stretches.get(stretches.len() / 2)?.1;
        Some(Self { curve, median_period_secs })
    }

    /// The middle of the beats' tempi, in seconds per quarter.
    pub fn median_period_secs(&self) -> f64 {
        self.median_period_secs
    }

    /// How late a time is for a place of the score, in quarters of the tempo there.
    pub fn late_quarters(&self, secs: f64, at: Quarters) -> f64 {
        let at = at.to_f64();
        (secs - self.curve.secs_at(at)) / self.curve.period_secs_at(at)
    }
}

/// How late each note of a score is played, in quarters; none where nothing is played or the time is doubtful,
/// and of grace notes and rolled chords, which are off the grid on purpose. `late` says it of a time and a place.
pub fn timings(
    score: &Score,
    played: &Performance,
    flags: Option<&[NoteFlags]>,
    late: &dyn Fn(f64, Quarters) -> f64,
) -> Vec<Option<f64>> {
    let usable = usable_notes(score, played, flags);
    let timing = |(n, note): (usize, &notation::Note)| {
        let (played, _) = usable[n]?;
        is_on_grid(note).then(|| late(played.onset_secs, note.onset))
    };
    score.notes.iter().enumerate().map(timing).collect()
}

fn is_on_grid(note: &notation::Note) -> bool {
    note.grace.is_none() && !note.marks.contains(Marks::ARPEGGIO)
}

/// Mean onsets: quarters and seconds.
fn onsets(score: &Score, played: &Performance, flags: Option<&[NoteFlags]>) -> Vec<(f64, f64)> {
    let usable = usable_notes(score, played, flags);
    let mean = |group: std::ops::Range<usize>| {
        let at = score.notes[group.start].onset.to_f64();
        let struck = group.filter(|n| is_on_grid(&score.notes[*n])).filter_map(|n| usable[n]);
        let (sum, count) =
            struck.fold((0.0, 0.0), |(sum, count), (note, _)| (sum + note.onset_secs, count + 1.0));
        (count > 0.0).then(|| (at, sum / count))
    };
    score.onset_groups().into_iter().filter_map(mean).collect()
}

/// Where the beats are and how long each is, in quarters. Those of a pick-up are counted from its end.
fn beats(score: &Score) -> Vec<(f64, f64)> {
    let mut beats = Vec::new();
    for (k, bar) in score.measures.iter().enumerate() {
        let beat = bar.time.beat_length();
        let length = bar.end - bar.start;
        // The bar lines themselves are beats; so many whole beats are between them.
        let whole = (length.to_f64() / beat.to_f64() + 1e-9) as i64;
        let is_pick_up = k == 0 && length < bar.time.measure_length();
        let start = if is_pick_up { bar.end - beat * whole } else { bar.start };
        beats.extend((0..whole.max(1)).map(|k| ((start + beat * k).to_f64(), beat.to_f64())));
    }
    beats
}

/// The value at a place of the line of least squares through some points; a single point must be there.
fn line(points: &[(f64, f64)], at: f64) -> Option<f64> {
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    let both: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    match points {
        [] => None,
        [only] => ((only.0 - at).abs() < 1e-9).then_some(only.1),
        _ => Some(y + both / spread * (at - x)),
    }
}

#[cfg(test)]
#[path = "local_tempo_tests.rs"]
mod tests;
