//! Composers: systems that write other notes for some bars. What they are asked, what they answer, and
//! which there are; the systems themselves are crates of their own (`systems/`).

mod error;
mod excerpt;
mod registry;
mod request;
mod similarity;

pub use error::ComposeError;
pub use excerpt::{close_slurs, excerpt};
pub use registry::{ComposerEntry, ComposerInfo, Composers};
pub use request::{Constraints, VariationRequest};
pub use similarity::{Similarity, Sound};

use notation::Score;

use crate::job::Job;

/// The most bars that one variation has: the networks learned from segments of four.
pub const MOST_BARS: usize = 4;

/// The most variations that are made at once.
pub const MOST_VARIATIONS: usize = 100;

/// Other notes for some bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// The bars alone, from their first bar line, which is at 0, with the metre, the keys, the parts and
    /// staves, and the printed numbers that they have in the piece. Notes are numbered anew, in their order.
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
}
