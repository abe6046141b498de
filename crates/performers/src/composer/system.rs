//! The one trait for all systems that write variations.

use notation::Score;

use super::error::ComposeError;
use super::info::ComposerInfo;
use super::lowest::Lowest;
use super::request::VariationRequest;
use super::similarity::Similarity;
use crate::job::Job;

/// Other notes for some bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// The bars alone, from their first bar line, which is at 0, with the metre, the keys, the parts and
    /// staves, and the printed numbers that they have in the piece. Notes are numbered anew, from 0.
    pub score: Score,
    /// How near it is to the passage.
    pub similarity: Similarity,
}

/// A system that writes variations.
pub trait Composer: Send + Sync {
    /// What it is called and what it needs.
    fn info(&self) -> ComposerInfo;

    /// Writes as many variations of the passage as the request asks for, each of them within its constraints,
    /// and hands over each as soon as it is there. The same request gives the same answer.
    ///
    /// Progress, 0 to 1, goes to the job, whose partial performances are not used. A cancel is obeyed
    /// within 200 ms.
    ///
    /// # Errors
    /// When the request cannot be answered (see [`VariationRequest::check`]), or the job was cancelled.
    fn compose(
        &self,
        request: &VariationRequest<'_>,
        job: &Job,
        ready: &mut dyn FnMut(&Variation),
    ) -> Result<Vec<Variation>, ComposeError>;

    /// How similar the variations of a request are at the least, whatever similarity it asks for, and what it keeps
    /// that is the reason; nothing from a composer that cannot tell.
    ///
    /// # Errors
    /// As [`Self::compose`].
    fn lowest(&self, request: &VariationRequest<'_>, job: &Job) -> Result<Option<Lowest>, ComposeError> {
        let _ = (request, job);
        Ok(None)
    }
}
