//! Variations that are more similar to their passage than was asked for.

use super::error::ComposeError;
use super::lowest::Lowest;
use super::request::VariationRequest;
use super::similarity::Similarity;
use super::system::Composer;
use crate::job::Job;

/// Variations that are so much more similar than what is asked for are not what is asked for.
const MISS: f64 = 0.05;

/// Why variations did not become as different from their passage as the request asks for, in sentences; nothing if
/// they did, or if the composer cannot tell. `made` are the similarities of those that were made.
///
/// # Errors
/// What the composer says.
pub fn why_so_similar(
    composer: &dyn Composer,
    request: &VariationRequest<'_>,
    made: &[Similarity],
    job: &Job,
) -> Result<Option<String>, ComposeError> {
    let found = || made.iter().map(Similarity::overall);
    let mean = found().sum::<f64>() / made.len().max(1) as f64;
    if made.is_empty() || mean <= request.similarity + MISS {
        return Ok(None);
    }
    let lowest = composer
        .lowest(request, job)?
        .map(|lowest| Lowest { similarity: found().fold(lowest.similarity, f64::min), ..lowest });
    Ok(lowest.map(|lowest| lowest.to_string()))
}

#[cfg(test)]
#[path = "shortfall_tests.rs"]
mod tests;
