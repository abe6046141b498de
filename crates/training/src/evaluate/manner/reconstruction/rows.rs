//! Rows of what was found.

use serde::Serialize;

/// One kind of sub-token.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WrittenRow {
    /// Its name.
    pub name: &'static str,
    /// How many there are.
    pub count: usize,
    /// Share that is told right.
    pub right: Option<f64>,
    /// The same with the codes of other beats.
    pub other: Option<f64>,
}

/// One value that is played.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlayedRow {
    /// Its name.
    pub name: &'static str,
    /// Pearson r over all performances, with the manner of the passage, of another passage, and none.
    pub all: [Option<f64>; 3],
    /// Mean over performances of r within each, likewise.
    pub within: [Option<f64>; 3],
}
