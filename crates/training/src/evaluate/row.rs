//! One line of the table.

use serde::Serialize;

/// Five figures, in the order of [`Figure::ALL`](performance::metrics::Figure::ALL).
pub type Five = [Option<f64>; 5];

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Who played.
    pub name: String,
    /// Scores that it played.
    pub scores: usize,
    /// Pearson r with humans.
    pub agreement: Five,
    /// Standard deviation over that of humans.
    pub spread: Five,
    /// Pearson r between takes of different seeds; of the humans, between each other.
    pub diversity: Option<Five>,
}

/// Width of a column of names: at least so many characters.
pub(super) fn width<'a>(least: usize, names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.chars().count()).fold(least, usize::max)
}
