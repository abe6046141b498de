//! Making decks, away from the audio callback.

use std::sync::Arc;

use super::deck::{Deck, Start};
use super::track::Track;
use crate::error::SoundError;
use crate::format::BLOCK;
use crate::piano::Piano;
use crate::source::Position;

/// How long a deck takes to fade in or out.
pub(crate) const FADE_SECS: f64 = 0.010;

/// What a deck is made of and for.
pub(crate) struct Plan<'a> {
    pub id: u64,
    pub version: u64,
    pub track: &'a Arc<Track>,
    pub piano: &'a Piano,
    pub sample_rate: u32,
    pub rate: f64,
    /// The place in the score where it will be heard.
    pub quarters: f64,
    /// Whether it fades in under another deck at the same place, and not a little before the place.
    pub joins: bool,
}

/// Makes a deck. What began before its place and still sounds there has been rendered unheard.
pub(crate) fn prepare(plan: &Plan<'_>) -> Result<Box<Deck>, SoundError> {
    let content = &plan.track.content;
    let sample_rate = f64::from(plan.sample_rate);
    let place_secs = plan.track.clock.secs_at(plan.quarters);
    let wanted_secs = if plan.joins { place_secs } else { start_before(plan, place_secs) };
    // On the grid of blocks that a rendering from the start has, so that both are the same sound.
    let block = (wanted_secs * sample_rate / BLOCK + 1e-6).floor().max(0.0);
    let at = Position { frame: block * BLOCK / plan.rate, rate: plan.rate, sample_rate };
    // An event in the second half of a block sounds with the next one.
    let is_sounding = content.is_sounding(at.secs_after(-0.5 * BLOCK), plan.rate);
    let source = content.open(plan.piano, at)?;
    let start = Start { at, quarters: plan.quarters, is_sounding };
    Ok(Box::new(Deck::new((plan.id, plan.version), Arc::clone(plan.track), source, &start)))
}

/// Where to start so that what belongs to a place is heard from its beginning, with time to fade in
/// if something sounds there.
fn start_before(plan: &Plan<'_>, place_secs: f64) -> f64 {
    let first_secs = plan.track.content.attack_secs(place_secs);
    let is_sounding = plan.track.content.is_sounding(first_secs, plan.rate);
    if is_sounding { first_secs - FADE_SECS * plan.rate } else { first_secs }
}
