//! How fast a piece is taken as a whole, told from the score.
//!
//! The network draws how the tempo departs from this level. The level itself is one number a piece,
//! and there are only some hundred pieces to learn it from: a straight line through some cues does
//! as well as anything more bent (a Gaussian process on them is as far off on pieces left out).

use analysis::tempo_cues::{self, CUES};
use notation::Score;
use serde::{Deserialize, Serialize};

/// Predicts the mean log2 of seconds per quarter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BeatPeriod {
    /// Of the average piece.
    pub mean: f64,
    /// The average piece's cues.
    pub cue_means: [f64; CUES],
    /// Weight of each cue's distance from its mean.
    pub weights: [f64; CUES],
}

impl Default for BeatPeriod {
    /// A hundred and twenty quarters a minute, whatever the piece.
    fn default() -> Self {
        Self { mean: -1.0, cue_means: [0.0; CUES], weights: [0.0; CUES] }
    }
}

impl BeatPeriod {
    /// The mean log beat period that people would choose for this score.
    pub fn of(&self, score: &Score) -> f64 {
        self.told_by(&tempo_cues::of(score))
    }

    /// What these cues speak for: a quarter lasts a sixteenth of a second to sixteen seconds.
    pub fn told_by(&self, cues: &[f64; CUES]) -> f64 {
        let terms = (0..CUES).map(|k| self.weights[k] * (cues[k] - self.cue_means[k]));
        (self.mean + terms.sum::<f64>()).clamp(-4.0, 4.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_score_is_no_panic() {
        assert_eq!(BeatPeriod::default().of(&Score::default()), -1.0);
    }
}
