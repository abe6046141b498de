//! What was found of spread and variety, as tables.

use std::fmt;

use performance::metrics::Figure;
use pianoflow::take_variety::TakeVariety;

use super::fit::WIDTHS;
use super::variety::Between;

/// What was found.
#[derive(Clone, Debug)]
pub struct SpreadReport {
    /// Pieces learned from, and others that it was tried on.
    pub pieces: [usize; 2],
    /// By figure of the evaluation.
    pub rows: Vec<SpreadRow>,
    /// What the tempo from onset to onset answers to the gain of quarter tempo.
    pub onset_to_quarter: f64,
    /// How people and takes differ as wholes.
    pub between: Between,
    /// What takes draw; nothing if there was one take a piece.
    pub variety: Option<TakeVariety>,
}

/// Share of pieces whose spread lies within .75 to 1.33 of people's, and root mean square of its log2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Share.
    pub within: f64,
    /// Root mean square.
    pub off: f64,
}

/// One figure of the evaluation.
#[derive(Clone, Debug)]
pub struct SpreadRow {
    /// Which.
    pub figure: Figure,
    /// As it is played now.
    pub before: Outcome,
    /// With the factor told by the other pieces, by [`WIDTHS`].
    pub told: [Outcome; 3],
    /// Which of these is written.
    pub chosen: usize,
    /// Its weight against large coefficients.
    pub penalty: f64,
    /// On the pieces that it was tried on: now, with the factor, and with what takes draw of their own.
    pub tried: Option<[Outcome; 3]>,
    /// By how much of what its own gain is multiplied by it spreads wider, as log2.
    pub response: f64,
    /// log2 of how much wider the average piece is to spread.
    pub mean: f64,
}

#[cfg(test)]
impl SpreadRow {
    /// Of a figure that is to spread wider by so much.
    pub fn plain(figure: Figure, mean: f64) -> Self {
        let (before, told) = (Outcome::default(), [Outcome::default(); 3]);
        Self { figure, before, told, chosen: 0, penalty: 0.0, tried: None, response: 1.0, mean }
    }
}

/// What the [`WIDTHS`] are called.
const INPUTS: [&str; WIDTHS.len()] = ["alike", "score", "+ networks"];

/// What kinds of values are called.
const KINDS: [&str; pianoflow::values::KINDS] =
    ["velocity", "quarter tempo", "onset tempo", "chord", "articulation", "pedal"];

impl fmt::Display for SpreadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [learned, tried] = self.pieces;
        writeln!(
            f,
            "share of pieces with spread within .75 to 1.33 of people's | root mean square of its log2\n\
             {learned} pieces, each told by the others; {tried} tried on, whose mean is told by the others of them"
        )?;
        write!(f, "{:8}{:>13}", "", "now")?;
        INPUTS.iter().try_for_each(|name| write!(f, "{name:>13}"))?;
        writeln!(
            f,
            "{:>11}{:>9}{:>13}{:>13}{:>13}{:>7}{:>9}",
            "written", "penalty", "tried: now", "told", "varied", "mean", "answers"
        )?;
        for row in &self.rows {
            write!(f, "{:8}", row.figure.name())?;
            [row.before].iter().chain(&row.told).try_for_each(|outcome| cell(f, Some(*outcome)))?;
            write!(f, "{:>11}{:>9.0}", INPUTS.get(row.chosen).copied().unwrap_or_default(), row.penalty)?;
            (0..3).try_for_each(|k| cell(f, row.tried.map(|tried| tried[k])))?;
            writeln!(f, "{:>7.2}{:>9.2}", row.mean, row.response)?;
        }
        writeln!(f, "tempo answers to the gain of quarter tempo, too: {:.2}", self.onset_to_quarter)?;
        writeln!(
            f,
            "\ndeviation between performances of one piece: level (velocity, log2) and log2 of spread\n\
             {:16}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "", "people", "takes", "drawn", "people", "takes", "drawn"
        )?;
        let (people, takes) = (&self.between.people, &self.between.takes);
        for (kind, name) in KINDS.iter().enumerate() {
            let drawn = self.variety.map(|variety| (drawn_level(&variety, kind), variety.spread[kind]));
            write!(f, "{name:16}{:>10.3}{:>10.3}", people.level[kind], takes.level[kind])?;
            number(f, drawn.and_then(|(level, _)| level))?;
            write!(f, "{:>10.3}{:>10.3}", people.spread[kind], takes.spread[kind])?;
            number(f, drawn.map(|(_, spread)| spread))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

/// What takes draw for the level of a kind, if they draw any.
fn drawn_level(variety: &TakeVariety, kind: usize) -> Option<f64> {
    use pianoflow::values::{ARTICULATION, QUARTER_TEMPO, VELOCITY};
    match kind {
        VELOCITY => Some(variety.velocity),
        QUARTER_TEMPO => Some(variety.tempo),
        ARTICULATION => Some(variety.articulation),
        _ => None,
    }
}

fn cell(f: &mut fmt::Formatter<'_>, outcome: Option<Outcome>) -> fmt::Result {
    match outcome {
        Some(Outcome { within, off }) => write!(f, "{within:>7.2}|{off:<5.2}"),
        None => write!(f, "{:>13}", "-"),
    }
}

fn number(f: &mut fmt::Formatter<'_>, value: Option<f64>) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{value:>10.3}"),
        None => write!(f, "{:>10}", "-"),
    }
}
