//! What a comparison finds.

use std::collections::BTreeMap;

/// The outcome: for each column, how many values are equal and why the others are not.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Scores in both containers.
    pub scores: usize,
    /// Performances in both containers.
    pub performances: usize,
    /// By table and column, in the order in which they were compared.
    pub columns: Vec<(String, Column)>,
    /// What only one of the containers holds: name and number.
    pub unmatched: BTreeMap<String, usize>,
}

/// Values of a column in both containers.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Equal values.
    pub equal: usize,
    /// Different values by reason.
    pub reasons: BTreeMap<String, usize>,
    /// Different values by score, to find where they are.
    pub places: BTreeMap<String, usize>,
    /// The largest difference of two numbers.
    pub largest: f64,
}

impl Column {
    /// Number of different values.
    pub fn different(&self) -> usize {
        self.reasons.values().sum()
    }
}

impl Comparison {
    /// A column by table and name, such as `score.onset_q`.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|(n, _)| n == name).map(|(_, column)| column)
    }

    fn entry(&mut self, name: &str) -> &mut Column {
        let at = self.columns.iter().position(|(n, _)| n == name).unwrap_or_else(|| {
            self.columns.push((name.to_owned(), Column::default()));
            self.columns.len() - 1
        });
        &mut self.columns[at].1
    }

    /// Counts a pair of numbers: equal, or different for a reason at a place.
    pub(super) fn count(
        &mut self,
        name: &str,
        (ours, theirs): (f64, f64),
        same: bool,
        reason: &str,
        place: &str,
    ) {
        let column = self.entry(name);
        if same {
            column.equal += 1;
            return;
        }
        *column.reasons.entry(reason.to_owned()).or_default() += 1;
        *column.places.entry(place.to_owned()).or_default() += 1;
        let distance = (ours - theirs).abs();
        if distance > column.largest {
            column.largest = distance;
        }
    }

    /// Counts what only one of the containers has.
    pub(super) fn lacks(&mut self, what: &str, number: usize) {
        if number > 0 {
            *self.unmatched.entry(what.to_owned()).or_default() += number;
        }
    }
}
