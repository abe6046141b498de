//! Variations, made where takes are performed.

use performers::Job;
use performers::composer::{ComposeError, Similarity, Variation, VariationRequest, why_so_similar};

use super::order::{ComposeOrder, End, News, Tell};
use super::progress::reporter;
use super::started::begun;
use super::stops::SharedStops;
use crate::roster::Roster;

/// Has the variations of an order written and hands over each.
pub(super) fn compose(
    roster: &mut dyn Roster,
    order: &ComposeOrder,
    stops: &SharedStops,
    tell: &Tell,
) -> Result<End, ComposeError> {
    let composer = roster.composer(&order.composer)?;
    let job = begun(order.job, stops, Job::new(reporter(tell.clone(), order.job, |done| done)))?;
    let request = VariationRequest {
        score: &order.score,
        bars: order.bars.clone(),
        similarity: order.similarity,
        count: order.count,
        seed: order.seed,
        constraints: order.constraints.clone(),
    };
    let mut ready = |variation: &Variation| tell(News::Variation(order.job, Box::new(variation.clone())));
    let made = composer.compose(&request, &job, &mut ready)?;
    let similarities: Vec<Similarity> = made.iter().map(|variation| variation.similarity).collect();
    if let Some(why) = why_so_similar(&*composer, &request, &similarities, &job)? {
        tell(News::TooSimilar(order.job, why));
    }
    Ok(End::Done)
}
