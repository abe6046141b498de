//! What the tempo of a piece as a whole can be predicted from: the mark, the note values, the metre, the
//! texture, the signs.

use notation::{DirectionKind, Marks, Note, Score};

use crate::tempo_marks;

/// How many cues there are.
pub const CUES: usize = 29;

/// The cues of a score. Durations and gaps are log2 of quarters.
pub fn of(score: &Score) -> [f64; CUES] {
    let gaps = Gaps::of(score);
    let tempi = tempo_marks::marked_tempi(score);
    let [metronome, words] = marks_apart(score);
    let given = |marks: &[(f64, f64)]| f64::from(u8::from(!marks.is_empty()));
    let of_notes = |marks: &[(f64, f64)]| {
        let found = score.notes.iter().filter_map(|n| tempo_marks::mark_at(marks, n.onset.to_f64()));
        mean(found.map(|(_, tempo)| tempo), score.notes.len())
    };
    let mark = of_notes(&tempi);
    let time = score.time_signature_at(score.notes.first().map(|n| n.onset).unwrap_or_default());
    let share = |is: &dyn Fn(&Note) -> bool| {
        mean(score.notes.iter().map(|n| f64::from(u8::from(is(n)))), score.notes.len())
    };
    let lengths = score.notes.iter().map(|n| clamped(n.duration.to_f64()));
    let (notes, onsets) = (score.notes.len().max(1) as f64, gaps.onsets.max(1) as f64);
    let quarters = gaps.quarters.max(1.0);
    [
        given(&tempi),
        mark,
        mark * gaps.by_time(0.25),
        given(&metronome),
        of_notes(&metronome),
        given(&words),
        of_notes(&words),
        gaps.by_count(0.02),
        gaps.by_count(0.1),
        gaps.by_count(0.5),
        gaps.mean,
        gaps.deviation,
        gaps.by_time(0.1),
        gaps.by_time(0.25),
        gaps.by_time(0.5),
        gaps.by_time(0.9),
        mean(lengths, score.notes.len()),
        share(&|n| n.duration.to_f64() < 0.2),
        share(&|n| n.grace.is_some()),
        (notes / onsets).log2(),
        (onsets / quarters).log2(),
        (notes / quarters).log2(),
        quarters.log2(),
        time.beat_length().to_f64().max(0.125).log2(),
        time.measure_length().to_f64().max(0.25).log2(),
        pitch_deviation(&score.notes) / 10.0,
        share(&|n| n.marks.contains(Marks::STACCATO)),
        share(&|n| n.marks.contains(Marks::SLURRED)),
        loudness(score),
    ]
}

/// Metronome marks and tempo words by themselves, as [`tempo_marks::marked_tempi`] gives them. A score whose
/// marks are all 120 has none: that is what notation programs write where no person chose.
fn marks_apart(score: &Score) -> [Vec<(f64, f64)>; 2] {
    let of_kind = |wanted: fn(&DirectionKind) -> Option<f64>| {
        let found = score.directions.iter().filter_map(|d| {
            let bpm = wanted(&d.kind).filter(|bpm| *bpm > 0.0)?;
            Some((d.onset.to_f64(), (bpm / 120.0).log2()))
        });
        found.collect::<Vec<_>>()
    };
    let mut metronome = of_kind(|kind| match kind {
        DirectionKind::Metronome(bpm) => Some(*bpm),
        _ => None,
    });
    if metronome.iter().all(|(_, tempo)| tempo.abs() < 0.01) {
        metronome.clear();
    }
    let words = of_kind(|kind| match kind {
        DirectionKind::Tempo(bpm) => *bpm,
        _ => None,
    });
    [metronome, words]
}

/// The times between neighbouring onsets, in order of size, log2 of quarters.
struct Gaps {
    sorted: Vec<f64>,
    mean: f64,
    deviation: f64,
    onsets: usize,
    /// From the first onset to the last.
    quarters: f64,
}

impl Gaps {
    fn of(score: &Score) -> Self {
        let groups = score.onset_groups();
        let at: Vec<f64> = groups.iter().map(|g| score.notes[g.start].onset.to_f64()).collect();
        let mut sorted: Vec<f64> = at.windows(2).map(|w| clamped(w[1] - w[0])).collect();
        sorted.sort_by(f64::total_cmp);
        let average = mean(sorted.iter().copied(), sorted.len());
        let square = mean(sorted.iter().map(|g| (g - average).powi(2)), sorted.len());
        let quarters = at.last().zip(at.first()).map_or(0.0, |(last, first)| last - first);
        Self { mean: average, deviation: square.sqrt(), onsets: at.len(), quarters, sorted }
    }

    /// The gap that this share of the gaps is shorter than.
    fn by_count(&self, share: f64) -> f64 {
        self.sorted.get((self.sorted.len() as f64 * share) as usize).copied().unwrap_or(0.0)
    }

    /// The gap that this share of the time is spent in shorter ones than.
    fn by_time(&self, share: f64) -> f64 {
        let total: f64 = self.sorted.iter().map(|g| g.exp2()).sum();
        let mut sum = 0.0;
        let reached = self.sorted.iter().find(|g| {
            sum += g.exp2();
            sum >= share * total
        });
        reached.copied().unwrap_or(0.0)
    }
}

/// log2 of a duration from a sixty-fourth to a whole.
fn clamped(quarters: f64) -> f64 {
    quarters.clamp(1.0 / 16.0, 4.0).log2()
}

fn mean(values: impl Iterator<Item = f64>, count: usize) -> f64 {
    if count > 0 { values.sum::<f64>() / count as f64 } else { 0.0 }
}

fn pitch_deviation(notes: &[Note]) -> f64 {
    let average = mean(notes.iter().map(|n| f64::from(n.pitch)), notes.len());
    mean(notes.iter().map(|n| (f64::from(n.pitch) - average).powi(2)), notes.len()).sqrt()
}

/// The mean of the dynamic signs in force, pppp 1 to ffff 10; notes before the first sign count 0.
fn loudness(score: &Score) -> f64 {
    let signs = score.directions.iter().filter_map(|d| match d.kind {
        DirectionKind::Dynamic(dynamic) => Some((d.onset, f64::from(dynamic.level()))),
        _ => None,
    });
    let signs: Vec<_> = signs.collect();
    let in_force = |note: &Note| {
        let passed = signs.partition_point(|(at, _)| *at <= note.onset);
        passed.checked_sub(1).map_or(0.0, |k| signs[k].1)
    };
    mean(score.notes.iter().map(in_force), score.notes.len())
}
