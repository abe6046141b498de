//! A take: what a performer plays of a region, finished, with the amounts, among the notes around it.
//!
//! The command line and the studio both make their takes here, so the same score, seed and wishes
//! give the same take in both. A performer plays in its own free time; what follows is done here,
//! each once and in this order: a mood that the performer does not follow is painted, the piece gets its
//! base tempo, the region is finished, amounts are applied, it is fitted into its gap, pinned values are
//! made exact, keys come up in time, and it is put in its place.

use performance::{Performance, amounts, swing};

use crate::balance;
use crate::base_tempo;
use crate::error::PerformError;
use crate::finish;
use crate::info::PerformerInfo;
use crate::job::{Job, Run};
use crate::palette;
use crate::performer::Performer;
use crate::request::{Amounts, Region, Request};
use crate::splice;

/// Performs the region and puts it into the request's context, if there is one; the notes outside
/// the region stay as they are, to the last bit.
///
/// A job that wants it hears the first notes of the piece while the rest is still being performed:
/// the notes before the region as they are and those of the region as far as they are ready.
pub fn perform(
    performer: &dyn Performer,
    request: &Request<'_>,
    job: &Job,
) -> Result<Performance, PerformError> {
    let info = performer.info();
    info.check(request.controls)?;
    let hear = |ready: &Performance| {
        if let Some(first_notes) = first_notes(&info, request, ready) {
            job.hand_over(&first_notes);
        }
    };
    let run = if job.wants_partial() { Run::heard(job, &hear) } else { Run::of(job) };
    let free = performer.perform(request, &run)?;
    Ok(finished(&info, request, free))
}

/// From what the performer played in its free time to the take.
fn finished(info: &PerformerInfo, request: &Request<'_>, mut played: Performance) -> Performance {
    let (score, context, controls) = (request.score, request.context, request.controls);
    swing::apply(score, &mut played);
    paint(info, request, &mut played);
    base_tempo::settle(request, &mut played);
    finish::shape(request, info.finishing, &mut played);
    let mut played = with_amounts(request, played);
    // Finishing has the tempo that it works in; what it and the amounts did to the mean is taken back.
    base_tempo::settle(request, &mut played);
    let mut played = splice::fit(score, played, context);
    splice::pin(score, &mut played, &controls.pins, context);
    finish::keys(request, &mut played);
    match context {
        Some(take) => splice::merge(take, &played),
        None => from_zero(played, controls.pins.iter().any(|pin| pin.onset_secs.is_some())),
    }
}

fn paint(info: &PerformerInfo, request: &Request<'_>, played: &mut Performance) {
    if let Some(mood) = request.controls.mood.as_ref().filter(|_| !info.abilities.follows_mood) {
        palette::paint(request.score, played, mood);
    }
}

fn with_amounts(request: &Request<'_>, played: Performance) -> Performance {
    let amounts = request.controls.amounts;
    if amounts == Amounts::default() {
        return played;
    }
    let mut played = amounts::apply(request.score, &played, amounts);
    balance::apply(request.score, &mut played, amounts.balance_db);
    played
}

/// The first notes of the piece, up to the last of the region that is ready: of a whole piece what is
/// ready, of some bars also the context before them. Single notes are soon done and not heard early.
/// They are not finished yet.
fn first_notes(info: &PerformerInfo, request: &Request<'_>, ready: &Performance) -> Option<Performance> {
    let mut ready = ready.clone();
    swing::apply(request.score, &mut ready);
    paint(info, request, &mut ready);
    let mut ready = with_amounts(request, ready);
    base_tempo::settle(request, &mut ready);
    let Some(context) = request.context else {
        return matches!(request.region, Region::All).then_some(ready);
    };
    let (first, last) = (ready.notes.first()?.note, ready.notes.last()?.note);
    if matches!(request.region, Region::Notes(_)) {
        return None;
    }
    let notes = context.notes.iter().filter(|n| n.note < first).copied().collect();
    let before = Performance { notes, pedals: context.pedals.clone() };
    let fitted = splice::fit(request.score, ready, Some(&before));
    let mut heard = splice::merge(&before, &fitted);
    heard.notes.retain(|n| n.note <= last);
    Some(heard)
}

/// Nothing comes before the start: what would (more rubato moves the first notes too) moves later
/// together with all the rest, unless an onset is pinned.
fn from_zero(mut played: Performance, is_pinned: bool) -> Performance {
    let first_secs = played.notes.iter().map(|n| n.onset_secs).fold(0.0, f64::min);
    let later_secs = if is_pinned { 0.0 } else { -first_secs };
    if first_secs < 0.0 {
        played.notes.iter_mut().for_each(|n| n.onset_secs = (n.onset_secs + later_secs).max(0.0));
        played.pedals.iter_mut().for_each(|p| p.time_secs += later_secs);
    }
    played.pedals.iter_mut().for_each(|p| p.time_secs = p.time_secs.max(0.0));
    played
}
