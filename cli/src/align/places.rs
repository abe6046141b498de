//! Places of a score as musicians name them.

use std::ops::Range;

use notation::{Note, Quarters, Score};
use serde::Serialize;

/// A place in a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Printed number of the bar.
    pub bar: String,
    /// Which time of playing the bar this is in the score, from 1.
    pub pass: u8,
    /// Beat of the metre, from 1; 2.5 is halfway from the second to the third.
    pub beat: f64,
}

impl Place {
    /// Where something stands in a measure, by its index.
    pub fn of(score: &Score, measure: u32, at: Quarters) -> Self {
        let Some(found) = score.measures.get(measure as usize) else {
            return Self { bar: String::new(), pass: 1, beat: 1.0 };
        };
        let position = found.position(at, measure == 0).to_f64();
        let beat = 1.0 + position / found.time.beat_length().to_f64();
        Self { bar: found.number.clone(), pass: found.pass, beat: (1000.0 * beat).round() / 1000.0 }
    }

    /// That of a note.
    pub fn of_note(score: &Score, note: &Note) -> Self {
        Self::of(score, note.measure, note.onset)
    }

    /// In words: `bar 12, beat 2.5`.
    pub fn text(&self) -> String {
        format!("bar {}, beat {}", self.bar, (100.0 * self.beat).round() / 100.0)
    }
}

/// Measures by their printed numbers: `9-16`, or `9`.
pub fn bars(score: &Score, measures: &Range<usize>) -> String {
    let number = |k: usize| score.measures.get(k).map_or("", |measure| measure.number.as_str());
    match (number(measures.start), number(measures.end.saturating_sub(1))) {
        (first, last) if first == last => first.to_owned(),
        (first, last) => format!("{first}-{last}"),
    }
}
