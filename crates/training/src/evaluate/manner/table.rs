//! The table of what carries over, for people and for scripts.

use std::fmt;

use performance::metrics::Figure;
use serde::Serialize;

use super::Carried;
use crate::evaluate::row::width;
use crate::evaluate::{Five, Row};

/// One cue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CueRow {
    /// Its name.
    pub cue: &'static str,
    /// From one piece to another.
    pub other: Carried,
    /// From a piece to a passage of the same piece.
    pub own: Carried,
    /// What the people of the reference did in the same passage themselves.
    pub people: Carried,
}

/// What the evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MannerReport {
    /// Name of the split.
    pub split: String,
    /// Who played.
    pub performer: String,
    /// Seed of the takes.
    pub seed: u64,
    /// Pieces that several people played.
    pub pieces: usize,
    /// Performances whose manner was read.
    pub references: usize,
    /// Takes with a reference.
    pub takes: usize,
    /// A row for each cue.
    pub cues: Vec<CueRow>,
    /// How what is played agrees with people.
    pub agreement: Vec<Row>,
}

impl MannerReport {
    /// The row of a cue.
    pub fn cue(&self, name: &str) -> Option<&CueRow> {
        self.cues.iter().find(|row| row.cue == name)
    }
}

impl fmt::Display for MannerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { split, performer, seed, pieces, references, takes, .. } = self;
        writeln!(
            f,
            "{split} split, seed {seed}; {performer} in the manner of {references} performances of {pieces} pieces, \
             {takes} takes"
        )?;
        writeln!(
            f,
            "r: how takes differ with how references do; slope: how much of it they do; shuffled: mean r with \
             references shuffled, and what 95 % stay below"
        )?;
        write!(f, "{:14}", "")?;
        for kind in ["another piece", "the same piece", "people themselves"] {
            write!(f, " |{kind:>40}")?;
        }
        write!(f, "\n{:14}", "")?;
        for _ in 0..3 {
            write!(f, " |{:>6}{:>8}{:>8}{:>10}{:>8}", "takes", "r", "slope", "shuffled", "95 %")?;
        }
        writeln!(f)?;
        for row in &self.cues {
            write!(f, "{:14}", row.cue)?;
            for carried in [row.other, row.own, row.people] {
                let [r, slope, bound] = [carried.r, carried.slope, carried.bound].map(number);
                let shuffled = number(carried.shuffled);
                write!(f, " |{:>6}{r:>8}{slope:>8}{shuffled:>10}{bound:>8}", carried.renders)?;
            }
            writeln!(f)?;
        }
        agreement(f, &self.agreement)
    }
}

/// A number of a table; a dash where there is none.
fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}

fn agreement(f: &mut fmt::Formatter<'_>, rows: &[Row]) -> fmt::Result {
    writeln!(f, "\nr with humans in the same passages | spread (1 = human) | r between takes")?;
    let wide = width(24, rows.iter().map(|row| row.name.as_str()));
    write!(f, "{:wide$}{:>7}", "", "scores")?;
    for _ in 0..3 {
        f.write_str(" |")?;
        Figure::ALL.iter().try_for_each(|figure| write!(f, "{:>8}", figure.name()))?;
    }
    writeln!(f)?;
    for row in rows {
        write!(f, "{:wide$}{:>7}", row.name, row.scores)?;
        for five in [row.agreement, row.spread, row.diversity.unwrap_or(Five::default())] {
            f.write_str(" |")?;
            five.into_iter().try_for_each(|value| write!(f, "{:>8}", number(value)))?;
        }
        writeln!(f)?;
    }
    Ok(())
}
