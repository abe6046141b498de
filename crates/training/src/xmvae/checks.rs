//! Whether files of steps hold what can be.

use anyhow::{Result, bail, ensure};
use xmvae::ecp::{PERFORMANCE_COLUMNS, SCORE_COLUMNS, SIZES};

use super::packed::Packed;

/// Fails unless scores and performances follow each other, every performance has the steps of its score, and every
/// token and number is one that can be.
pub(super) fn check(packed: &Packed) -> Result<()> {
    let steps = packed.score_tokens.len() / SCORE_COLUMNS;
    check_starts("score_starts", &packed.score_starts, steps)?;
    let played = packed.performance_tokens.len() / PERFORMANCE_COLUMNS;
    check_starts("performance_starts", &packed.performance_starts, played)?;
    let (found, expected) = (packed.performance_starts.len(), packed.score.len() + 1);
    ensure!(found == expected, "array performance_starts has {found} numbers, expected {expected}");
    for (k, ends) in packed.performance_starts.windows(2).enumerate() {
        let (score, scores) = (packed.score[k], packed.scores());
        ensure!(score < scores, "array score has {score} for performance {k}, expected less than {scores}");
        let (found, expected) =
            (ends[1] - ends[0], packed.score_starts[score + 1] - packed.score_starts[score]);
        ensure!(found == expected, "performance {k} has {found} steps, expected the {expected} of its score");
    }
    check_tokens("score_tokens", &packed.score_tokens, &SIZES[..SCORE_COLUMNS])?;
    check_tokens("performance_tokens", &packed.performance_tokens, &SIZES[SCORE_COLUMNS..])?;
    if let Some(k) = packed.values.iter().position(|value| value.is_infinite()) {
        bail!("array values has an infinite number in step {}", k / PERFORMANCE_COLUMNS);
    }
    Ok(())
}

fn check_starts(name: &str, starts: &[usize], end: usize) -> Result<()> {
    let [first, last] = [starts.first(), starts.last()].map(|at| at.copied());
    ensure!(
        first == Some(0) && last == Some(end) && starts.is_sorted(),
        "array {name} goes from {} to {}, expected 0 to {end} without going back",
        first.unwrap_or(0),
        last.unwrap_or(0)
    );
    Ok(())
}

fn check_tokens(name: &str, tokens: &[u8], sizes: &[usize]) -> Result<()> {
    for (k, token) in tokens.iter().enumerate() {
        let (step, column) = (k / sizes.len(), k % sizes.len());
        let most = sizes[column] - 1;
        ensure!(
            usize::from(*token) <= most,
            "array {name} has {token} in column {column} of step {step}, expected {most} at most"
        );
    }
    Ok(())
}
