//! The table of a transcription.

use std::fmt;

use serde::Serialize;

use super::scores::{Rates, Scores};
use crate::evaluate::rendered::{Condition, Excerpt, Instrument, Place, Wanted};

/// Who heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// Our transcriber.
    Ours,
    /// The package transkun.
    Package,
}

/// One sound, judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// Who heard it.
    pub who: Who,
    /// On which piano it was played.
    pub instrument: Instrument,
    /// What was done to it.
    pub condition: Condition,
    /// Piece and recording.
    pub name: String,
    /// Keys that were played.
    pub keys: usize,
    /// How right it is.
    pub scores: Scores,
    /// How long hearing took, in seconds.
    pub took_secs: f64,
    /// Length of the sound, in seconds.
    pub sound_secs: f64,
}

/// All sounds of a kind, as one heard them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Who heard them.
    pub who: Who,
    /// On which piano they were played.
    pub instrument: Instrument,
    /// What was done to them.
    pub condition: Condition,
    /// How many.
    pub sounds: usize,
    /// Means over them.
    pub scores: Scores,
    /// Seconds of computing for each second of sound.
    pub cost: f64,
}

/// What the evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The split.
    pub split: String,
    /// Seed of what was chosen.
    pub seed: u64,
    /// Pieces, of each one performance.
    pub pieces: usize,
    /// Seconds of each; none for whole performances.
    pub secs: Option<f64>,
    /// A row for each kind of sound and each who heard.
    pub rows: Vec<Row>,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// Every sound.
    pub sounds: Vec<Judged>,
}

impl Judged {
    /// A sound that somebody heard in so many seconds, and its length in seconds.
    pub fn new(
        who: Who,
        place: Place,
        excerpt: &Excerpt,
        scores: Scores,
        (took_secs, sound_secs): (f64, f64),
    ) -> Self {
        let Place { instrument, condition } = place;
        let (name, keys) = (excerpt.name.clone(), excerpt.truth.keys.len());
        Self { who, instrument, condition, name, keys, scores, took_secs, sound_secs }
    }
}

impl Row {
    /// The sounds of one kind that one heard; none if there are none.
    fn of(all: &[Judged], who: Who, instrument: Instrument, condition: Condition) -> Option<Self> {
        let is_it = |j: &&Judged| (j.who, j.instrument, j.condition) == (who, instrument, condition);
        let some: Vec<&Judged> = all.iter().filter(is_it).collect();
        let scores: Vec<Scores> = some.iter().map(|judged| judged.scores).collect();
        let sum = |of: fn(&Judged) -> f64| some.iter().map(|judged| of(judged)).sum::<f64>();
        let cost = sum(|j| j.took_secs) / sum(|j| j.sound_secs).max(f64::MIN_POSITIVE);
        Some(Self { who, instrument, condition, sounds: some.len(), scores: Scores::mean(&scores)?, cost })
    }
}

impl Report {
    /// The rows of all sounds.
    pub fn of(wanted: &Wanted, sounds: Vec<Judged>, notes: Vec<String>) -> Self {
        let mut rows = Vec::new();
        for instrument in Instrument::ALL {
            for condition in Condition::ALL {
                let both = [Who::Ours, Who::Package];
                rows.extend(both.iter().filter_map(|who| Row::of(&sounds, *who, instrument, condition)));
            }
        }
        let &Wanted { seed, count, secs, .. } = wanted;
        Self { split: wanted.split.clone(), seed, pieces: count, secs, rows, notes, sounds }
    }
}

/// The names of the columns of scores.
const COLUMNS: [&str; 6] = ["onset", "+ end", "+ velocity", "all", "pedal", "+ end"];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { split, seed, pieces, .. } = self;
        let length = self.secs.map_or("whole performances".to_owned(), |secs| format!("{secs} s of each"));
        writeln!(f, "{split} split, seed {seed}: {pieces} pieces, {length}; F1, mean over the sounds")?;
        write!(f, "{:<11}{:<8}{:<12}{:>6}", "piano", "sound", "heard by", "count")?;
        COLUMNS.iter().try_for_each(|name| write!(f, "{name:>12}"))?;
        writeln!(f, "{:>10}", "s / s")?;
        for Row { who, instrument, condition, sounds, scores, cost } in &self.rows {
            let who = match who {
                Who::Ours => "espressivo",
                Who::Package => "transkun",
            };
            write!(f, "{:<11}{:<8}{who:<12}{sounds:>6}", instrument.name(), condition.name())?;
            let Scores { onset, ends, velocity, all, pedal, pedal_ends } = *scores;
            for rates in [Some(onset), Some(ends), Some(velocity), Some(all), pedal, pedal_ends] {
                match rates {
                    Some(Rates { f1, .. }) => write!(f, "{f1:>12.4}")?,
                    None => write!(f, "{:>12}", "-")?,
                }
            }
            writeln!(f, "{cost:>10.2}")?;
        }
        writeln!(
            f,
            "onset: pitch, and onset within 50 ms; + end: and end within a fifth of the length or 50 ms; + velocity: \
             onset, and velocity within .1 of the range after a fit by a line; all: onset, end and velocity; pedal: when \
             the sustain pedal goes down, within 50 ms; + end: and comes up; s / s: seconds of computing for a second of \
             sound"
        )?;
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
