//! What of steps is written, and which of them are of the same beat.

use std::ops::Range;

use crate::ecp::{COLUMNS, FAMILY, METRIC, SCORE_COLUMNS};

/// What of a step is written: family, position, pitch, duration.
pub type ScoreTokens = [u8; SCORE_COLUMNS];

/// What of steps is written.
pub fn score_tokens(tokens: &[[u8; COLUMNS]]) -> Vec<ScoreTokens> {
    tokens.iter().map(|token| std::array::from_fn(|column| token[column])).collect()
}

/// Whether a step is a beat's.
pub(super) fn is_metric(step: &ScoreTokens) -> bool {
    step[FAMILY] == METRIC
}

/// For each step, which steps are of the same beat. What stands before the first Metric step is a beat of its own.
pub(super) fn beats(steps: &[ScoreTokens]) -> Vec<Range<usize>> {
    let mut beats = Vec::with_capacity(steps.len());
    let mut start = 0;
    for end in 1..=steps.len() {
        if steps.get(end).is_none_or(is_metric) {
            beats.extend(std::iter::repeat_n(start..end, end - start));
            start = end;
        }
    }
    beats
}

/// The code of the beat of each step. Steps before the first Metric step have none.
pub(super) fn codes_of_steps(steps: &[ScoreTokens], codes: &[u16]) -> Vec<Option<u16>> {
    let mut left = codes.iter().copied();
    let code = |code: &mut Option<u16>, step: &ScoreTokens| {
        if is_metric(step) {
            *code = left.next();
        }
        Some(*code)
    };
    steps.iter().scan(None, code).collect()
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;
