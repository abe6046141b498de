//! What a model does with its Pianist.

use std::ops::Range;

use rayon::prelude::*;

use super::{Played, Posterior, Reading, Value};
use crate::network::Model;
use crate::network::steps::ScoreTokens;

impl Model {
    /// Reads a window of a score. `features` has [`analysis::features`] of each step `[steps, features]`, zeros for
    /// Metric steps; `codes` those of the beats ([`Model::codes`]).
    pub fn read(&self, steps: &[ScoreTokens], features: &[f32], codes: &[u16]) -> Reading {
        self.pianist.read(self.within(steps), features, codes, &self.rotary)
    }

    /// Rows of each step `[steps, hidden]` that say what is played in a manner `[latent]`; in none, as all pianists
    /// have in common.
    pub fn states(&self, reading: &Reading, manner: Option<&[f32]>) -> Vec<f32> {
        let manner = manner.filter(|manner| manner.len() == self.settings.network.latent);
        self.pianist.performance.of(reading.rows.clone(), &self.rotary, &reading.beats, manner)
    }

    /// What is played at some steps, value by value. Columns that do not apply to a step are 0.
    pub fn play(
        &self,
        reading: &Reading,
        states: &[f32],
        among: Range<usize>,
        value: &Value<'_>,
    ) -> Vec<Played> {
        let pianist = &self.pianist;
        let among = among.start.min(reading.steps.len())..among.end.min(reading.steps.len());
        let (first, hidden) = (among.start, pianist.hidden);
        let states = states[first * hidden..among.end * hidden].par_chunks(hidden);
        let said = reading.said[among.clone()].par_iter();
        let steps = reading.steps[among].par_iter().zip(states).zip(said).enumerate();
        let play = |(k, ((step, state), said)): (usize, ((&ScoreTokens, &[f32]), &Played))| {
            pianist.play(step, state, said, &|column, logits| value(first + k, column, logits))
        };
        steps.map(play).collect()
    }

    /// What is expected at each step: of each value the mean, given those before it as expected.
    pub fn expected(&self, reading: &Reading, states: &[f32]) -> Vec<Played> {
        let centres = &self.pianist.centres;
        self.play(reading, states, 0..reading.steps.len(), &|_, column, logits| {
            mean(&centres[column], logits)
        })
    }

    /// Reads the manner of a performance: how what is played at each step differs from what is expected of all
    /// pianists. What is no number is unknown.
    pub fn posterior(&self, reading: &Reading, values: &[Played]) -> Posterior {
        let pianist = &self.pianist;
        let expected = self.expected(reading, &self.states(reading, None));
        let steps = reading.steps.iter().zip(values).zip(&expected);
        let residuals: Vec<f32> =
            steps.flat_map(|((step, values), expected)| pianist.residuals(step, values, expected)).collect();
        pianist.posterior(reading.rows.clone(), reading, &residuals, &self.rotary)
    }
}

/// The mean of a distribution over bins.
fn mean(centres: &[f32], logits: &[f32]) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut sum, mut total) = (0.0, 0.0);
    for (centre, logit) in centres.iter().zip(logits) {
        let share = f64::from(logit - most).exp();
        sum += share * f64::from(*centre);
        total += share;
    }
    (sum / total) as f32
}
