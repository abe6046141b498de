//! Whether arrays of files of steps hold what can be.

use anyhow::{Result, ensure};

/// Fails unless firsts go from 0 to the end without going back.
pub(super) fn check_starts(name: &str, starts: &[usize], end: usize) -> Result<()> {
    let [first, last] = [starts.first(), starts.last()].map(|at| at.copied());
    ensure!(
        first == Some(0) && last == Some(end) && starts.is_sorted(),
        "array {name} goes from {} to {}, expected 0 to {end} without going back",
        first.unwrap_or(0),
        last.unwrap_or(0)
    );
    Ok(())
}

/// Fails unless every token is less than the size of its column.
pub(super) fn check_tokens(name: &str, tokens: &[u8], sizes: &[usize]) -> Result<()> {
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
