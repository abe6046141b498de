//! Cues of feeling: the sides of a performance by which listeners recognise its mood.
//!
//! The cues are those of the music psychology of performance (Juslin & Laukka 2003, *Psychological
//! Bulletin* 129, table 7; Gabrielsson & Lindström 2010, *Handbook of Music and Emotion*, chapter
//! 14) that a pianist has: tempo and its freedom, sound level and its variability, articulation, and
//! the piano's own pedal and spread of chords. They are measured over some bars, in the units of
//! [`UNITS`]; what counts is how a performance differs from others of the same score.

use std::ops::Range;

use notation::Score;

use crate::Performance;
use crate::metrics::{Figure, Figures, NoteFlags};
use crate::pedal::PedalCurve;

/// Number of cues.
pub const CUES: usize = 8;

/// A cue, and its column in [`Cues`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// Mean log2 of quarters per second: more is faster.
    Tempo,
    /// Standard deviation of the same: more is freer.
    Rubato,
    /// Mean MIDI velocity.
    Level,
    /// Standard deviation of velocity.
    Range,
    /// Rise of velocity from the first note to the last, by least squares.
    Swell,
    /// Mean log2 of played over nominal duration: more is more legato.
    Articulation,
    /// Mean depth of the sustain pedal, 0 to 1.
    Pedal,
    /// Standard deviation of onsets within chords, in seconds.
    Spread,
}

impl Cue {
    /// All, in the order of the columns.
    pub const ALL: [Self; CUES] = [
        Self::Tempo,
        Self::Rubato,
        Self::Level,
        Self::Range,
        Self::Swell,
        Self::Articulation,
        Self::Pedal,
        Self::Spread,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        ["tempo", "rubato", "level", "range", "swell", "articulation", "pedal", "spread"][self as usize]
    }
}

/// Units of the columns.
pub const UNITS: [&str; CUES] =
    ["log2 quarters/s", "log2", "velocity", "velocity", "velocity", "log2", "depth", "s"];

/// One value a cue; NaN where there is too little to measure.
pub type Cues = [f64; CUES];

/// Fewest values that a mean or a deviation is taken of.
const LEAST: usize = 6;

/// A performance made ready for measuring stretches of it.
pub struct Measured<'a> {
    score: &'a Score,
    groups: Vec<Range<usize>>,
    figures: Figures,
    /// Pedal depth at each onset's time and how long it counts, by score onset.
    pedal: Vec<f64>,
}

impl<'a> Measured<'a> {
    /// Measures a performance; `flags` go by played note.
    pub fn of(score: &'a Score, played: &Performance, flags: Option<&[NoteFlags]>) -> Self {
        let groups = score.onset_groups();
        let figures = Figures::of(score, played, flags);
        let pedal = pedal_depths(score, &groups, played);
        Self { score, groups, figures, pedal }
    }

    /// The figures that the cues are taken from.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Depth of the sustain pedal by score onset, the mean up to the next; NaN where nothing was played.
    pub fn pedal(&self) -> &[f64] {
        &self.pedal
    }

    /// The score's onsets, as notes that start together.
    pub fn groups(&self) -> &[Range<usize>] {
        &self.groups
    }

    /// The onsets of notes that follow one another, as indices of [`Self::groups`].
    pub fn onsets(&self, notes: &Range<usize>) -> Range<usize> {
        self.groups.partition_point(|g| g.start < notes.start)
            ..self.groups.partition_point(|g| g.start < notes.end)
    }

    /// The cues of a stretch of measures.
    pub fn cues(&self, measures: Range<usize>) -> Cues {
        let notes = self.score.notes_in_measures(measures);
        let onsets = self.onsets(&notes);
        let tempo = known(&self.figures.get(Figure::QuarterTempo)[onsets.clone()]);
        let velocity = known(&self.figures.get(Figure::Velocity)[notes.clone()]);
        let articulation = known(&self.figures.get(Figure::Articulation)[notes.clone()]);
        let chord = known(&self.figures.get(Figure::Chord)[notes.clone()]);
        let pedal = known(&self.pedal[onsets]);
        [
            -mean(&tempo),
            deviation(&tempo),
            mean(&velocity),
            deviation(&velocity),
            self.swell(notes),
            mean(&articulation),
            mean(&pedal),
            deviation(&chord),
        ]
    }

    /// The cues around every measure: from `reach` measures before it to as many after it.
    pub fn by_measure(&self, reach: usize) -> Vec<Cues> {
        let count = self.score.measures.len();
        let around = |m: usize| m.saturating_sub(reach)..(m + reach + 1).min(count);
        (0..count).map(|m| self.cues(around(m))).collect()
    }

    fn swell(&self, notes: Range<usize>) -> f64 {
        let at = |n: usize| self.score.notes[n].onset.to_f64();
        let velocity = self.figures.get(Figure::Velocity);
        let points: Vec<(f64, f64)> =
            notes.filter(|n| velocity[*n].is_finite()).map(|n| (at(n), velocity[n])).collect();
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return f64::NAN };
        let length = last.0 - first.0;
        let count = points.len() as f64;
        let (mean_at, mean_v) = (
            points.iter().map(|p| p.0).sum::<f64>() / count,
            points.iter().map(|p| p.1).sum::<f64>() / count,
        );
        let (mut with, mut square) = (0.0, 0.0);
        for (at, v) in &points {
            with += (at - mean_at) * (v - mean_v);
            square += (at - mean_at).powi(2);
        }
        if points.len() < LEAST || square <= 0.0 { f64::NAN } else { with / square * length }
    }
}

/// Pedal depth at each score onset, as the mean up to the next; NaN where nothing was played.
fn pedal_depths(score: &Score, groups: &[Range<usize>], played: &Performance) -> Vec<f64> {
    let mut times = vec![f64::NAN; score.notes.len()];
    played.notes.iter().for_each(|n| {
        if let Some(slot) = times.get_mut(n.note as usize) {
            *slot = n.onset_secs;
        }
    });
    let onset = |g: &Range<usize>| mean_of_known(&times[g.clone()]);
    let onsets: Vec<f64> = groups.iter().map(onset).collect();
    let pedal = PedalCurve::of(played);
    let between = |k: usize| {
        let next = onsets[k + 1..].iter().copied().find(|t| t.is_finite()).unwrap_or(onsets[k] + 0.5);
        (0..4).map(|j| pedal.at(onsets[k] + (next - onsets[k]) * f64::from(j) / 4.0)).sum::<f64>() / 4.0
    };
    (0..onsets.len()).map(|k| if onsets[k].is_finite() { between(k) } else { f64::NAN }).collect()
}

fn known(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|v| v.is_finite()).collect()
}

fn mean_of_known(values: &[f64]) -> f64 {
    let known = known(values);
    known.iter().sum::<f64>() / known.len() as f64
}

fn mean(values: &[f64]) -> f64 {
    if values.len() < LEAST { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::{Marks, Measure, Note, NoteId, Quarters, TimeSignature};

    use super::*;

    use crate::{Pedal, PedalEvent, deadpan};

    fn score(bars: i64) -> Score {
        let time = TimeSignature { beats: 4, beat_type: 4 };
        let mut score = Score::default();
        for k in 0..bars * 8 {
            score.notes.push(Note {
                id: NoteId { written: k as u32, pass: 1 },
                onset: Quarters::new(k, 2),
                duration: Quarters::new(1, 2),
                pitch: 60,
                measure: (k / 8) as u32,
                part: 0,
                staff: 1,
                voice: 1,
                grace: None,
                marks: Marks::default(),
            });
        }
        score.measures = (0..bars as u32).map(|k| Measure::regular(k, time)).collect();
        score
    }

    /// Deadpan at another speed, level and articulation.
    fn played(score: &Score, speed: f64, louder: i16, longer: f64) -> Performance {
        let mut played = deadpan(score);
        for note in &mut played.notes {
            note.onset_secs /= speed;
            note.duration_secs *= longer / speed;
            note.velocity = (i16::from(note.velocity) + louder) as u8;
        }
        played
    }

    #[test]
    fn every_cue_moves_with_what_it_names_and_no_other() {
        let score = score(4);
        let plain = Measured::of(&score, &played(&score, 1.0, 0, 1.0), None).cues(0..4);
        let changed = Measured::of(&score, &played(&score, 1.5, 12, 0.5), None).cues(0..4);
        let moved = |cue: Cue| changed[cue as usize] - plain[cue as usize];
        assert!((moved(Cue::Tempo) - 1.5f64.log2()).abs() < 1e-6);
        assert!((moved(Cue::Level) - 12.0).abs() < 1e-9);
        assert!((moved(Cue::Articulation) + 1.0).abs() < 1e-6);
        for cue in [Cue::Rubato, Cue::Range, Cue::Swell, Cue::Pedal] {
            assert!(moved(cue).abs() < 1e-6, "{}", cue.name());
        }
    }

    #[test]
    fn swell_and_pedal_are_measured_where_they_are() {
        let score = score(4);
        let mut take = played(&score, 1.0, 0, 1.0);
        let count = take.notes.len();
        for (k, note) in take.notes.iter_mut().enumerate() {
            note.velocity = (40 + 40 * k / (count - 1)) as u8;
        }
        let half = take.notes[count / 2].onset_secs;
        take.pedals.push(PedalEvent { time_secs: half, pedal: Pedal::Sustain, value: 127 });
        let measured = Measured::of(&score, &take, None);
        assert!((measured.cues(0..4)[Cue::Swell as usize] - 40.0).abs() < 1.0);
        assert_eq!(measured.cues(0..2)[Cue::Pedal as usize], 0.0);
        assert_eq!(measured.cues(2..4)[Cue::Pedal as usize], 1.0);
        let by_measure = measured.by_measure(0);
        assert_eq!(by_measure.len(), 4);
        assert!(by_measure[3][Cue::Level as usize] > by_measure[0][Cue::Level as usize]);
    }

    #[test]
    fn too_little_is_no_number() {
        let score = score(1);
        let mut take = deadpan(&score);
        take.notes.truncate(2);
        assert!(Measured::of(&score, &take, None).cues(0..1)[Cue::Level as usize].is_nan());
    }
}
