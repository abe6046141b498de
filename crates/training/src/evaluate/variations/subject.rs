//! What is judged: a model on segments.

use cadenza::composer::Model;
use cadenza::variations::Variations;
use notation::Score;
use performers::Job;
use performers::composer::{ComposeError, Composer, Constraints, Variation, VariationRequest};

/// A passage to vary.
pub(crate) struct Segment {
    /// The segment as a score.
    pub score: Score,
    /// Its place in the order of segments, which is part of its seed.
    pub place: usize,
}

/// A model and the seed of all that it is asked.
pub(crate) struct Subject {
    /// The model.
    pub variations: Variations<Model>,
    /// The seed.
    pub seed: u64,
}

impl Subject {
    /// Variations of a whole segment; fewer where no more are found.
    pub fn vary(
        &self,
        segment: &Segment,
        similarity: f64,
        count: usize,
    ) -> Result<Vec<Variation>, ComposeError> {
        let request = VariationRequest {
            score: &segment.score,
            bars: 0..segment.score.measures.len(),
            similarity,
            count,
            seed: self.seed_of(segment),
            constraints: Constraints::default(),
        };
        let mut found = Vec::new();
        match self.variations.compose(&request, &Job::default(), &mut |next| found.push(next.clone())) {
            Err(ComposeError::TooNarrow { .. }) => Ok(found),
            all => all,
        }
    }

    /// The seed for a segment.
    pub fn seed_of(&self, segment: &Segment) -> u64 {
        self.seed.wrapping_mul(1_000_003).wrapping_add(segment.place as u64)
    }
}
