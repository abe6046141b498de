//! What the labels alone make of a text, and what the known things make of that.

use performance::cues::Cues;

use super::evidence::Evidence;
use super::imitations::Imitations;
use crate::labels::Weights;
use crate::text::Reading;

/// What the labels alone make of a text without words of size.
#[derive(Clone, Debug, PartialEq)]
pub struct Alone {
    /// How much of each label is in it.
    pub weights: Weights,
    /// How a performance is expected to lean, in deviations between pianists.
    pub cues: Cues,
    /// What was read; none for the name of a label.
    pub reading: Option<Reading>,
}

/// What a text means, the known things considered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corrected {
    /// How a performance is expected to lean, in deviations between pianists.
    pub cues: Cues,
    /// How much the things count, 0 to 1.
    pub share: f64,
    /// What speaks for it.
    pub evidence: Evidence,
    /// Chance that people would agree, 0 to 1.
    pub sureness: f64,
}

impl Alone {
    /// Put right by the things that are known, if there are any. The name of a label is that label,
    /// and always understood as it is meant.
    pub fn corrected(&self, things: Option<&Imitations>) -> Corrected {
        let Some(reading) = &self.reading else {
            let evidence = Evidence::of(1.0, &self.cues, 1.0);
            return Corrected { cues: self.cues, share: 0.0, evidence, sureness: 1.0 };
        };
        let near = things.map(|things| things.correct(&self.cues, &reading.thing, reading.is_set));
        let cues = near.map_or(self.cues, |near| near.cues);
        // Musical terms are known by themselves.
        let nearness = if reading.is_set { 1.0 } else { near.map_or(0.0, |near| near.nearness) };
        let evidence = Evidence::of(nearness, &cues, reading.known);
        let share = near.map_or(0.0, |near| near.share);
        Corrected { cues, share, evidence, sureness: evidence.sureness() }
    }
}
