//! A score as the networks read it, window by window.

use std::ops::Range;

use analysis::features;
use notation::Score;
use performers::PerformError;

use crate::ecp::Steps;
use crate::network::{Model, Reading, ScoreTokens, score_tokens};

/// A score, or a performance of it, as steps with what networks read of its notes.
pub(super) struct Piece<'a> {
    score: &'a Score,
    steps: Steps,
    score_tokens: Vec<ScoreTokens>,
    /// `[notes, features::WIDTH]`
    features: Vec<f32>,
}

impl<'a> Piece<'a> {
    /// Of a score and steps of it.
    pub(super) fn of(score: &'a Score, steps: Steps) -> Self {
        Self { score_tokens: score_tokens(&steps.tokens), features: features::of(score), score, steps }
    }

    /// The steps.
    pub(super) fn steps(&self) -> &Steps {
        &self.steps
    }

    /// What is written of the steps.
    pub(super) fn score_tokens(&self) -> &[ScoreTokens] {
        &self.score_tokens
    }

    /// How many steps there are.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Reads a window; `step` is asked on the way and can put an end to it.
    ///
    /// # Errors
    /// What `step` says.
    pub(super) fn read(
        &self,
        model: &Model,
        window: Range<usize>,
        step: &dyn Fn() -> Result<(), PerformError>,
    ) -> Result<Reading, PerformError> {
        let steps = &self.score_tokens[window.clone()];
        let codes = model.codes(steps);
        step()?;
        Ok(model.read(steps, &self.features_of(window), &codes))
    }

    /// Features of steps `[steps, features::WIDTH]`: zeros where a step is no note.
    fn features_of(&self, window: Range<usize>) -> Vec<f32> {
        let mut rows = vec![0.0; window.len() * features::WIDTH];
        for (row, note) in rows.chunks_exact_mut(features::WIDTH).zip(&self.steps.notes[window]) {
            let Some(note) = note.filter(|note| (*note as usize) < self.score.notes.len()) else { continue };
            row.copy_from_slice(&self.features[note as usize * features::WIDTH..][..features::WIDTH]);
        }
        rows
    }
}
