//! Files of steps: scores, and performances of them, in one safetensors file.
//!
//! | array | shape | type | what |
//! | --- | --- | --- | --- |
//! | `score_tokens` | `[score steps, 4]` | u8 | what is written ([`xmvae::ecp`]), score after score |
//! | `score_starts` | `[scores + 1]` | i32 | the first step of every score, and the end of the last |
//! | `features` | `[score steps, features]` | f16 | [`analysis::features`] of the notes, zeros at Metric steps |
//! | `score` | `[performances]` | i32 | which score a performance is of |
//! | `performance_starts` | `[performances + 1]` | i32 | the first step of every performance, and the end of the last |
//! | `performance_tokens` | `[performance steps, 5]` | u8 | what is played, as tokens; 0 where unknown |
//! | `values` | `[performance steps, 5]` | f32 | the same as real numbers; NaN where unknown |
//!
//! A performance has the steps of its score. A file of scores alone has the first two arrays. The file says in its
//! metadata, `schema`, which features it has ([`analysis::features::schema`]).

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use analysis::features::{WIDTH, schema};
use anyhow::{Result, bail, ensure};
use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use xmvae::ecp::{PERFORMANCE_COLUMNS, SCORE_COLUMNS, SIZES};

use crate::packs::arrays::{self, array, check_columns, check_starts, integers, length, read_integers};

/// Scores and performances as steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    /// What is written `[score steps, 4]`.
    pub score_tokens: Vec<u8>,
    /// The first step of each score, and the end of the last.
    pub score_starts: Vec<usize>,
    /// Which score each performance is of.
    pub score: Vec<usize>,
    /// The first step of each performance, and the end of the last.
    pub performance_starts: Vec<usize>,
    /// What is played `[performance steps, 5]`; 0 where unknown.
    pub performance_tokens: Vec<u8>,
    /// The same as real numbers; NaN where unknown.
    pub values: Vec<f32>,
    /// Features `[score steps, WIDTH]`; empty in a file of scores alone.
    features: Vec<f16>,
}

impl Packed {
    /// Without scores.
    pub fn new() -> Self {
        Self { score_starts: vec![0], performance_starts: vec![0], ..Self::default() }
    }

    /// Adds a score: its tokens, and the features of its steps `[steps, WIDTH]`, or none in a file of scores alone.
    pub fn push_score(&mut self, tokens: &[[u8; SCORE_COLUMNS]], features: &[f32]) {
        self.score_tokens.extend(tokens.iter().flatten());
        self.features.extend(features.iter().map(|feature| f16::from_f32(*feature)));
        self.score_starts.push(self.score_tokens.len() / SCORE_COLUMNS);
    }

    /// Adds a performance of a score, step by step.
    pub fn push_performance(
        &mut self,
        score: usize,
        tokens: &[[u8; PERFORMANCE_COLUMNS]],
        values: &[[f32; PERFORMANCE_COLUMNS]],
    ) {
        self.score.push(score);
        self.performance_tokens.extend(tokens.iter().flatten());
        self.values.extend(values.iter().flatten());
        self.performance_starts.push(self.performance_tokens.len() / PERFORMANCE_COLUMNS);
    }

    /// Number of scores.
    pub fn scores(&self) -> usize {
        self.score_starts.len().saturating_sub(1)
    }

    /// Number of performances.
    pub fn performances(&self) -> usize {
        self.score.len()
    }

    /// Features of some steps of [`Self::score_tokens`] `[steps, WIDTH]`; zeros in a file of scores alone.
    pub fn features(&self, steps: Range<usize>) -> Vec<f32> {
        match self.features.get(steps.start * WIDTH..steps.end * WIDTH) {
            Some(features) => features.iter().map(|feature| feature.to_f32()).collect(),
            None => vec![0.0; steps.len() * WIDTH],
        }
    }

    /// Writes the file; without performances it has scores alone. The same steps give the same bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let (score_starts, starts) = (integers(&self.score_starts), integers(&self.performance_starts));
        let score = integers(&self.score);
        let features: Vec<u8> = self.features.iter().flat_map(|feature| feature.to_le_bytes()).collect();
        let values: Vec<u8> = self.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let steps = self.score_tokens.len() / SCORE_COLUMNS;
        let played = self.performance_tokens.len() / PERFORMANCE_COLUMNS;
        let mut arrays = vec![
            ("score_tokens", TensorView::new(Dtype::U8, vec![steps, SCORE_COLUMNS], &self.score_tokens)?),
            ("score_starts", TensorView::new(Dtype::I32, vec![self.score_starts.len()], &score_starts)?),
        ];
        if self.performances() > 0 {
            let shape = vec![played, PERFORMANCE_COLUMNS];
            let tokens = TensorView::new(Dtype::U8, shape.clone(), &self.performance_tokens)?;
            arrays.extend([
                ("features", TensorView::new(Dtype::F16, vec![steps, WIDTH], &features)?),
                ("score", TensorView::new(Dtype::I32, vec![self.score.len()], &score)?),
                ("performance_starts", TensorView::new(Dtype::I32, vec![starts.len() / 4], &starts)?),
                ("performance_tokens", tokens),
                ("values", TensorView::new(Dtype::F32, shape, &values)?),
            ]);
        }
        let metadata = HashMap::from([("schema".to_owned(), schema())]);
        arrays::write(path, arrays, Some(metadata))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is missing or damaged; when an array is missing, has another type or shape, or holds what cannot be:
    /// the error names it, with what was found and expected.
    pub fn read(path: &Path) -> Result<Self> {
        arrays::read(path, "steps", "ecp", Self::of_arrays)
    }

    fn of_arrays(file: &SafeTensors<'_>) -> Result<Self> {
        let integers = |name: &str| read_integers(file, name, length(file, name)?);
        let steps = length(file, "score_tokens")?;
        let mut packed = Self {
            score_tokens: array(file, "score_tokens", Dtype::U8, &[steps, SCORE_COLUMNS])?.to_vec(),
            score_starts: integers("score_starts")?,
            ..Self::new()
        };
        if file.names().contains(&"score") {
            let played = length(file, "values")?;
            let shape = [played, PERFORMANCE_COLUMNS];
            let features = array(file, "features", Dtype::F16, &[steps, WIDTH])?.as_chunks().0;
            let values = array(file, "values", Dtype::F32, &shape)?.as_chunks().0;
            packed.features = features.iter().map(|b| f16::from_le_bytes(*b)).collect();
            packed.values = values.iter().map(|b| f32::from_le_bytes(*b)).collect();
            packed.score = integers("score")?;
            packed.performance_starts = integers("performance_starts")?;
            packed.performance_tokens = array(file, "performance_tokens", Dtype::U8, &shape)?.to_vec();
        }
        packed.check()?;
        Ok(packed)
    }

    /// Fails unless scores and performances follow each other, every performance has the steps of its score, and every
    /// token and number is one that can be.
    fn check(&self) -> Result<()> {
        let steps = self.score_tokens.len() / SCORE_COLUMNS;
        check_starts("score_starts", &self.score_starts, steps)?;
        let played = self.performance_tokens.len() / PERFORMANCE_COLUMNS;
        check_starts("performance_starts", &self.performance_starts, played)?;
        let (found, expected) = (self.performance_starts.len(), self.score.len() + 1);
        ensure!(found == expected, "array performance_starts has {found} numbers, expected {expected}");
        for (k, ends) in self.performance_starts.windows(2).enumerate() {
            let (score, scores) = (self.score[k], self.scores());
            ensure!(
                score < scores,
                "array score has {score} for performance {k}, expected less than {scores}"
            );
            let (found, expected) =
                (ends[1] - ends[0], self.score_starts[score + 1] - self.score_starts[score]);
            ensure!(
                found == expected,
                "performance {k} has {found} steps, expected the {expected} of its score"
            );
        }
        check_columns("score_tokens", &self.score_tokens, &SIZES[..SCORE_COLUMNS], "step")?;
        check_columns("performance_tokens", &self.performance_tokens, &SIZES[SCORE_COLUMNS..], "step")?;
        if let Some(k) = self.values.iter().position(|value| value.is_infinite()) {
            bail!("array values has an infinite number in step {}", k / PERFORMANCE_COLUMNS);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "packed_tests.rs"]
mod tests;
