//! The table of recordings.

use std::fmt;

use performance::metrics::{Figure, mean};
use serde::Serialize;

use crate::evaluate::Five;
use crate::evaluate::rendered::{Condition, Instrument, Wanted};

/// What r is to be at least, in the order of [`Figure::ALL`]: of velocity, onset tempo and quarter tempo.
pub const GOALS: Five = [Some(0.95), Some(0.85), Some(0.95), None, None];

/// One excerpt, heard and aligned.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PieceRow {
    /// Piece and recording.
    pub name: String,
    /// On which piano it was played.
    pub instrument: Instrument,
    /// Notes of the score that were played.
    pub notes: usize,
    /// Those of them that the version has.
    pub found: usize,
    /// r with what was played; none where the version does not exist or too few values are known.
    pub r: Five,
}

/// All excerpts on one piano.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The piano.
    pub instrument: Instrument,
    /// Excerpts.
    pub pieces: usize,
    /// Excerpts of which nothing was found in the score.
    pub lost: usize,
    /// Share of the notes that the versions have.
    pub found: f64,
    /// Mean r.
    pub mean: Five,
    /// The least r.
    pub worst: Five,
}

/// What the evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The split.
    pub split: String,
    /// Seed of what was chosen.
    pub seed: u64,
    /// Seconds of each excerpt; none for whole performances.
    pub secs: Option<f64>,
    /// What the sounds were: MP3, or as they are where there is no encoder.
    pub condition: Condition,
    /// A row for each piano.
    pub rows: Vec<Row>,
    /// A row for each excerpt on each piano.
    pub pieces: Vec<PieceRow>,
}

impl Row {
    fn of(instrument: Instrument, pieces: &[PieceRow]) -> Option<Self> {
        let some: Vec<&PieceRow> = pieces.iter().filter(|row| row.instrument == instrument).collect();
        let sum = |of: fn(&PieceRow) -> usize| some.iter().map(|row| of(row)).sum::<usize>();
        let least = |k: usize| some.iter().filter_map(|row| row.r[k]).min_by(f64::total_cmp);
        (!some.is_empty()).then(|| Self {
            instrument,
            pieces: some.len(),
            lost: some.iter().filter(|row| row.found == 0).count(),
            found: sum(|row| row.found) as f64 / sum(|row| row.notes).max(1) as f64,
            mean: mean(some.iter().map(|row| row.r)),
            worst: std::array::from_fn(least),
        })
    }
}

impl Report {
    /// The rows of all excerpts.
    pub fn of(wanted: &Wanted, condition: Condition, pieces: Vec<PieceRow>) -> Self {
        let rows =
            Instrument::ALL.into_iter().filter_map(|instrument| Row::of(instrument, &pieces)).collect();
        let &Wanted { seed, secs, .. } = wanted;
        Self { split: wanted.split.clone(), seed, secs, condition, rows, pieces }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { split, seed, .. } = self;
        let length = self.secs.map_or("whole performances".to_owned(), |secs| format!("{secs} s of each"));
        let sound = match self.condition {
            Condition::Mp3 => "MP3, mono, 64 kbit/s",
            _ => "WAV (no MP3 encoder: lame or ffmpeg)",
        };
        writeln!(
            f,
            "{split} split, seed {seed}, {length}, {sound}; r of what comes back with what was played"
        )?;
        let wide = self.pieces.iter().map(|row| row.name.chars().count()).fold(24, usize::max);
        write!(f, "{:wide$} {:<11}{:>8}", "", "piano", "found")?;
        Figure::ALL.iter().try_for_each(|figure| write!(f, "{:>9}", figure.name()))?;
        writeln!(f)?;
        for PieceRow { name, instrument, notes, found, r } in &self.pieces {
            write!(f, "{name:wide$} {:<11}{:>8.3}", instrument.name(), share(*found, *notes))?;
            five(f, r)?;
        }
        for Row { instrument, pieces, lost, found, mean, worst } in &self.rows {
            let name = instrument.name();
            write!(
                f,
                "{:wide$} {name:<11}{found:>8.3}",
                format!("mean of {pieces} ({lost} not recognised)")
            )?;
            five(f, mean)?;
            write!(f, "{:wide$} {name:<11}{:>8}", "worst", "")?;
            five(f, worst)?;
        }
        write!(f, "{:wide$} {:<11}{:>8}", "goal of the mean", "", "")?;
        five(f, &GOALS)?;
        for row in &self.rows {
            let is_met = |(r, goal): (&Option<f64>, &Option<f64>)| {
                goal.is_none_or(|goal| r.is_some_and(|r| r >= goal))
            };
            let met = row.lost == 0 && row.mean.iter().zip(&GOALS).all(is_met);
            writeln!(f, "{}: goals {}", row.instrument.name(), if met { "met" } else { "not met" })?;
        }
        Ok(())
    }
}

fn share(found: usize, notes: usize) -> f64 {
    found as f64 / notes.max(1) as f64
}

fn five(f: &mut fmt::Formatter<'_>, values: &Five) -> fmt::Result {
    values.iter().try_for_each(|value| match value {
        Some(value) => write!(f, "{value:>9.3}"),
        None => write!(f, "{:>9}", "-"),
    })?;
    writeln!(f)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn row(found: usize, r: Five) -> PieceRow {
        PieceRow { name: "Bach".to_owned(), instrument: Instrument::Soundfont, notes: 100, found, r }
    }

    fn report(pieces: Vec<PieceRow>) -> Report {
        let wanted = Wanted {
            data: PathBuf::new(),
            split: "test".to_owned(),
            count: pieces.len(),
            secs: None,
            seed: 1,
        };
        Report::of(&wanted, Condition::Mp3, pieces)
    }

    #[test]
    fn means_are_held_against_the_goals() {
        let high = row(98, [Some(0.99), Some(0.9), Some(0.98), Some(0.3), None]);
        let low = row(90, [Some(0.93), Some(0.82), Some(0.96), None, None]);
        let good = report(vec![high.clone(), low.clone()]);
        let [found] = good.rows.as_slice() else { panic!("one piano") };
        assert_eq!((found.pieces, found.lost, found.found), (2, 0, 0.94));
        assert!((found.mean[0].unwrap_or(0.0) - 0.96).abs() < 1e-12);
        assert_eq!(found.worst, [Some(0.93), Some(0.82), Some(0.96), Some(0.3), None]);
        assert!(good.to_string().ends_with("soundfont: goals met\n"), "{good}");
        let lost = row(0, [None; 5]);
        let bad = report(vec![low, lost]);
        assert_eq!(bad.rows[0].lost, 1);
        assert!(bad.to_string().contains("(1 not recognised)"), "{bad}");
        assert!(bad.to_string().ends_with("goals not met\n"), "{bad}");
    }
}
