//! What was understood of a mood, told to people and programs.

use mood::feeling::Laid;
use notation::{Measure, Score};
use serde::Serialize;

/// What was understood of a mood.
#[derive(Debug, Serialize)]
pub(super) struct Understood {
    text: String,
    /// Printed numbers of the first and the last bar.
    bars: [String; 2],
    /// Chance that the reading is right, 0 to 1.
    sureness: f64,
    /// What is expected to change.
    expected: String,
    /// Words that were not understood.
    unknown: Vec<String>,
}

impl Understood {
    /// One line for printed bars, however often they are repeated.
    pub(super) fn all<'a>(score: &Score, laid: impl Iterator<Item = &'a Laid>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for one in laid.map(|laid| Self::of(score, laid)) {
            if !all.iter().any(|known| known.bars == one.bars && known.text == one.text) {
                all.push(one);
            }
        }
        all
    }

    fn of(score: &Score, laid: &Laid) -> Self {
        let number = |measure: Option<&Measure>| measure.map(|m| m.number.clone()).unwrap_or_default();
        let first = score.measures.iter().find(|m| m.end > laid.from);
        let last = score.measures.iter().rfind(|m| m.start < laid.to);
        Self {
            text: laid.feeling.text.clone(),
            bars: [number(first), number(last)],
            sureness: laid.feeling.sureness,
            expected: laid.feeling.in_words(),
            unknown: laid.feeling.unknown.clone(),
        }
    }

    /// One line for people.
    pub(super) fn line(&self) -> String {
        let [first, last] = &self.bars;
        let sure = 100.0 * self.sureness;
        let mut line =
            format!("mood, bars {first}-{last}: {} ({sure:.0} % sure): {}", self.text, self.expected);
        if !self.unknown.is_empty() {
            line.push_str(&format!("; unknown: {}", self.unknown.join(", ")));
        }
        line
    }
}
