//! How a performance is judged: five figures and what is made of them.
//!
//! A figure is missing (NaN) where a note was not played, where its timing is an outlier of the
//! alignment, and where the definition has no value. Grace notes count for velocity only.

use std::ops::Range;

use notation::Score;

use crate::{Performance, PlayedNote};

/// How many values two performances must share before a correlation is worth stating.
pub const LEAST_SHARED: usize = 20;

/// Two performances of a piece whose velocities correlate more than this are the same recording.
pub const DUPLICATE_VELOCITY_R: f64 = 0.995;

/// Half the width of the window of a local tempo, in quarters.
const WINDOW_QUARTERS: f64 = 2.0;

/// No interval and no note is shorter than this, so that logarithms stay finite.
const SHORTEST_MEASURED_SECS: f64 = 0.001;

/// The five figures, in the order of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// MIDI velocity, per note.
    Velocity,
    /// log2 of seconds per quarter from one score onset to the next, per onset.
    Tempo,
    /// log2 of the local slope of seconds over quarters within two quarters, per onset.
    QuarterTempo,
    /// Seconds from the mean onset of its chord, per note in a chord of two or more.
    Chord,
    /// log2 of played over nominal duration at the local tempo, per note.
    Articulation,
}

impl Figure {
    /// All five, in the order of [`Figures::values`].
    pub const ALL: [Self; 5] =
        [Self::Velocity, Self::Tempo, Self::QuarterTempo, Self::Chord, Self::Articulation];

    /// Its short name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Velocity => "vel",
            Self::Tempo => "tempo",
            Self::QuarterTempo => "qtempo",
            Self::Chord => "chord",
            Self::Articulation => "art",
        }
    }
}

/// What is known to be wrong with a played note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoteFlags {
    /// The alignment put it far from its neighbours: the whole note counts as missing.
    pub timing_outlier: bool,
    /// The end of the note is not known: its duration counts as missing.
    pub duration_unknown: bool,
}

/// The five figures of one performance.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// In the order of [`Figure::ALL`]: velocity, chord and articulation by score note, tempo and
    /// quarter tempo by distinct score onset. Missing values are NaN.
    pub values: [Vec<f64>; 5],
}

impl Figures {
    /// Measures a performance of a score. `flags` goes by played note, parallel to `played.notes`.
    pub fn of(score: &Score, played: &Performance, flags: Option<&[NoteFlags]>) -> Self {
        let groups = score.onset_groups();
        let usable = usable_notes(score, played, flags);
        let onsets = OnsetTimes::of(score, &groups, &usable);
        let periods = onsets.local_periods(WINDOW_QUARTERS);

        let missing = || vec![f64::NAN; score.notes.len()];
        let (mut velocity, mut chord, mut articulation) = (missing(), missing(), missing());
        for (k, group) in groups.iter().enumerate() {
            let counts = |n: &usize| score.notes[*n].grace.is_none() && usable[*n].is_some();
            let in_chord = group.clone().filter(counts).count() >= 2;
            for n in group.clone() {
                let Some((note, duration_known)) = &usable[n] else { continue };
                velocity[n] = f64::from(note.velocity);
                if score.notes[n].grace.is_some() {
                    continue;
                }
                if in_chord {
                    chord[n] = note.onset_secs - onsets.secs[k];
                }
                let nominal_secs = score.notes[n].duration.to_f64() * periods[k];
                if *duration_known && nominal_secs > 0.0 {
                    articulation[n] = (note.duration_secs.max(SHORTEST_MEASURED_SECS) / nominal_secs).log2();
                }
            }
        }
        let quarter_tempo = periods.iter().map(|p| p.log2()).collect();
        Self { values: [velocity, onsets.log2_periods(), quarter_tempo, chord, articulation] }
    }

    /// The values of one figure.
    pub fn get(&self, figure: Figure) -> &[f64] {
        &self.values[figure as usize]
    }
}

/// The notes that count, by score note, and whether their duration is known. `flags` goes by played
/// note, parallel to `played.notes`.
pub fn usable_notes<'a>(
    score: &Score,
    played: &'a Performance,
    flags: Option<&[NoteFlags]>,
) -> Vec<Option<(&'a PlayedNote, bool)>> {
    let mut usable = vec![None; score.notes.len()];
    for (k, note) in played.notes.iter().enumerate() {
        let flags = flags.and_then(|f| f.get(k)).copied().unwrap_or_default();
        if let Some(slot) = usable.get_mut(note.note as usize)
            && !flags.timing_outlier
        {
            *slot = Some((note, !flags.duration_unknown));
        }
    }
    usable
}

/// When each distinct score onset was played: the mean of its notes, grace notes excepted.
struct OnsetTimes {
    /// Score time in quarters.
    quarters: Vec<f64>,
    /// Seconds; NaN where nothing was played.
    secs: Vec<f64>,
}

impl OnsetTimes {
    fn of(score: &Score, groups: &[Range<usize>], usable: &[Option<(&PlayedNote, bool)>]) -> Self {
        let quarters = groups.iter().map(|g| score.notes[g.start].onset.to_f64()).collect();
        let mean = |group: &Range<usize>| {
            let main = group.clone().filter(|n| score.notes[*n].grace.is_none());
            let (sum, count) = main
                .filter_map(|n| usable[n])
                .fold((0.0, 0u32), |(sum, count), (note, _)| (sum + note.onset_secs, count + 1));
            if count == 0 { f64::NAN } else { sum / f64::from(count) }
        };
        Self { quarters, secs: groups.iter().map(mean).collect() }
    }

    /// log2 of seconds per quarter up to the next onset; NaN at the last.
    fn log2_periods(&self) -> Vec<f64> {
        let step = |k: usize| {
            let next = k + 1;
            if next >= self.secs.len() {
                return f64::NAN;
            }
            let secs = self.secs[next] - self.secs[k];
            // `max` would turn a missing value into the shortest.
            if secs.is_nan() {
                secs
            } else {
                (secs.max(SHORTEST_MEASURED_SECS) / (self.quarters[next] - self.quarters[k])).log2()
            }
        };
        (0..self.secs.len()).map(step).collect()
    }

    /// Seconds per quarter of the least-squares line around each onset; NaN where the window holds
    /// less than three onsets or less than a quarter, or where time runs backwards.
    fn local_periods(&self, half_width: f64) -> Vec<f64> {
        let known: Vec<(f64, f64)> = self
            .quarters
            .iter()
            .copied()
            .zip(self.secs.iter().copied())
            .filter(|(_, t)| !t.is_nan())
            .collect();
        let (mut first, mut last) = (0, 0);
        let at = |u: f64| {
            while first < known.len() && known[first].0 < u - half_width {
                first += 1;
            }
            while last < known.len() && known[last].0 <= u + half_width {
                last += 1;
            }
            slope(&known[first..last.max(first)])
        };
        self.quarters.iter().copied().map(at).collect()
    }
}

/// Slope of the least-squares line through at least three points that span a quarter, if positive.
fn slope(points: &[(f64, f64)]) -> f64 {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return f64::NAN };
    if points.len() < 3 || last.0 - first.0 < 1.0 {
        return f64::NAN;
    }
    let n = points.len() as f64;
    let mean_u = points.iter().map(|p| p.0).sum::<f64>() / n;
    let mean_t = points.iter().map(|p| p.1).sum::<f64>() / n;
    let (mut covariance, mut variance) = (0.0, 0.0);
    for (u, t) in points {
        covariance += (u - mean_u) * (t - mean_t);
        variance += (u - mean_u).powi(2);
    }
    let slope = covariance / variance;
    if slope > 0.0 { slope } else { f64::NAN }
}

/// Pearson's r of each figure between two performances of one score, over the values that both
/// have; nothing below [`LEAST_SHARED`] of them or where one does not vary.
pub fn agreement(a: &Figures, b: &Figures) -> [Option<f64>; 5] {
    std::array::from_fn(|k| pearson(&a.values[k], &b.values[k]))
}

/// Pearson r over the values that both have; nothing if they share too few or one is constant.
pub fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let both: Vec<(f64, f64)> =
        a.iter().copied().zip(b.iter().copied()).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    if both.len() < LEAST_SHARED { None } else { correlation(&both) }
}

/// Pearson r of pairs, however few; nothing if either side is constant.
pub fn correlation(both: &[(f64, f64)]) -> Option<f64> {
    let n = both.len() as f64;
    let mean_a = both.iter().map(|p| p.0).sum::<f64>() / n;
    let mean_b = both.iter().map(|p| p.1).sum::<f64>() / n;
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in both {
        let (x, y) = (x - mean_a, y - mean_b);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    // Rounding leaves a constant figure with a trace of variance; it has none.
    if aa < 1e-18 * n || bb < 1e-18 * n { None } else { Some(ab / (aa * bb).sqrt()) }
}

/// Standard deviation of each figure over the values that it has; nothing below
/// [`LEAST_SHARED`] of them.
pub fn deviation(figures: &Figures) -> [Option<f64>; 5] {
    std::array::from_fn(|k| {
        let values: Vec<f64> = figures.values[k].iter().copied().filter(|v| v.is_finite()).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (values.len() >= LEAST_SHARED)
            .then(|| (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
    })
}

/// Standard deviation of a render over the mean standard deviation of the humans; 1 is human.
pub fn spread(render: &Figures, humans: &[Figures]) -> [Option<f64>; 5] {
    let render = deviation(render);
    let humans = mean(humans.iter().map(deviation));
    std::array::from_fn(|k| Some(render[k]? / humans[k].filter(|h| *h > 0.0)?))
}

/// Agreement of a render with each human of a piece, averaged over the humans.
pub fn agreement_with_humans(render: &Figures, humans: &[Figures]) -> [Option<f64>; 5] {
    mean(humans.iter().map(|human| agreement(render, human)))
}

/// The performances without those that duplicate an earlier one, as indices.
pub fn without_duplicates(performances: &[Figures]) -> Vec<usize> {
    let velocity = Figure::Velocity as usize;
    let mut kept: Vec<usize> = Vec::new();
    for (k, candidate) in performances.iter().enumerate() {
        let same = |j: &usize| {
            pearson(&performances[*j].values[velocity], &candidate.values[velocity])
                .is_some_and(|r| r > DUPLICATE_VELOCITY_R)
        };
        if !kept.iter().any(same) {
            kept.push(k);
        }
    }
    kept
}

/// Agreement between all pairs of performances, averaged: the human ceiling of a piece when they
/// are its humans, take diversity when they are takes of one performer.
pub fn mutual_agreement(performances: &[Figures]) -> [Option<f64>; 5] {
    let kept = without_duplicates(performances);
    let pairs = kept.iter().enumerate().flat_map(|(k, a)| kept[..k].iter().map(move |b| (*b, *a)));
    mean(pairs.map(|(a, b)| agreement(&performances[a], &performances[b])))
}

/// Mean of each figure over those that have it: humans of a piece, or pieces of a split.
pub fn mean(rows: impl IntoIterator<Item = [Option<f64>; 5]>) -> [Option<f64>; 5] {
    let mut sums = [(0.0, 0u32); 5];
    for row in rows {
        for (sum, value) in sums.iter_mut().zip(row) {
            if let Some(value) = value {
                *sum = (sum.0 + value, sum.1 + 1);
            }
        }
    }
    sums.map(|(sum, count)| (count > 0).then(|| sum / f64::from(count)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use notation::{Note, Quarters};

    fn note(onset: i64, duration: i64) -> Note {
        Note { onset: Quarters::whole(onset), duration: Quarters::whole(duration), ..Note::default() }
    }

    /// Five quarters at half a second each, the third a chord spread by 20 ms.
    fn example() -> (Score, Performance) {
        let onsets = [0, 1, 2, 2, 3, 4];
        let secs = [0.0, 0.5, 0.99, 1.01, 1.5, 2.0];
        let score = Score { notes: onsets.map(|q| note(q, 1)).to_vec(), ..Score::default() };
        let played = |k: usize| PlayedNote {
            note: k as u32,
            onset_secs: secs[k],
            duration_secs: 0.25,
            velocity: 60 + k as u8,
        };
        (score, Performance { notes: (0..6).map(played).collect(), pedals: Vec::new() })
    }

    #[test]
    fn a_steady_tempo_reads_as_written() {
        let (score, played) = example();
        let figures = Figures::of(&score, &played, None);
        for tempo in [figures.get(Figure::QuarterTempo), &figures.get(Figure::Tempo)[..4]] {
            assert!(tempo.iter().all(|t| (t + 1.0).abs() < 1e-9), "{tempo:?}");
        }
        assert!(figures.get(Figure::Tempo)[4].is_nan());
        assert!(figures.get(Figure::Articulation).iter().all(|a| (a + 1.0).abs() < 1e-9));
        let chord = figures.get(Figure::Chord);
        assert!((chord[2] + 0.01).abs() < 1e-12 && (chord[3] - 0.01).abs() < 1e-12);
        assert!(chord[0].is_nan());
    }

    #[test]
    fn outliers_and_unknown_durations_are_missing() {
        let (score, played) = example();
        let mut flags = [NoteFlags::default(); 6];
        flags[1].timing_outlier = true;
        flags[4].duration_unknown = true;
        let figures = Figures::of(&score, &played, Some(&flags));
        assert!(figures.get(Figure::Velocity)[1].is_nan());
        assert!(figures.get(Figure::Tempo)[0].is_nan() && figures.get(Figure::Tempo)[1].is_nan());
        assert!(figures.get(Figure::Articulation)[4].is_nan());
        assert!(figures.get(Figure::QuarterTempo)[1].is_finite(), "the line spans the gap");
    }

    #[test]
    fn correlation_needs_twenty_shared_values_that_vary() {
        let rising: Vec<f64> = (0..20).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().map(|v| 5.0 - 2.0 * v).collect();
        assert_eq!(pearson(&rising[..19], &falling[..19]), None);
        assert!((pearson(&rising, &falling).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(pearson(&rising, &[3.3; 20]), None);
    }

    #[test]
    fn a_copy_is_a_duplicate_and_has_the_spread_of_its_model() {
        let score = Score { notes: (0..30).map(|q| note(q, 1)).collect(), ..Score::default() };
        let played = |k: u32| PlayedNote {
            note: k,
            onset_secs: f64::from(k) + 0.1 * f64::from(k % 3),
            duration_secs: 0.5 + 0.1 * f64::from(k % 4),
            velocity: 40 + (k * k % 37) as u8,
        };
        let human = Performance { notes: (0..30).map(played).collect(), pedals: Vec::new() };
        let figures = vec![Figures::of(&score, &human, None); 2];
        assert_eq!(without_duplicates(&figures), [0]);
        assert_eq!(mutual_agreement(&figures), [None; 5]);
        let spread = spread(&figures[0], &figures);
        assert!((spread[0].unwrap() - 1.0).abs() < 1e-12 && (spread[4].unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(spread[3], None, "no chords, no chord spread");
    }
}
