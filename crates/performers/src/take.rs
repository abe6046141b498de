//! A take: what a performer plays of a region, finished, with the amounts, among the notes around it.
//!
//! The command line and the studio both make their takes here, so the same score, seed and controls
//! give the same take in both. A performer plays in its own free time; what follows is done here, in this
//! order: a mood that the performer does not follow is painted, what goes into no performance gets its base
//! tempo, the region is finished, amounts are applied, the base tempo is settled once more (it is a mean,
//! and finishing and amounts have moved it), an end that amounts made slower or longer than people's is taken
//! back to theirs, the region is fitted into its gap, pinned values are made exact and pinned pedalling put
//! back, keys come up in time, and it is put in its place.

use notation::Score;
use performance::deadpan::written_clock;
use performance::{Performance, PlayedNote, amounts, swing};

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

/// No performance lasts longer: a day.
pub const LONGEST_SECS: f64 = 86_400.0;

/// Performs the region and puts it into the request's context, if there is one; the notes outside
/// the region stay as they are, to the last bit.
///
/// A job with a receiver gets the first notes while the rest is still being performed: those of the region
/// as far as they are ready, and as they are the notes around it up to there.
pub fn perform(
    performer: &dyn Performer,
    request: &Request<'_>,
    job: &Job,
) -> Result<Performance, PerformError> {
    let info = performer.info();
    info.check(request.controls)?;
    check_length(request.score)?;
    let hear = |ready: &Performance| {
        if let Some(first_notes) = first_notes(&info, request, ready) {
            job.hand_over(&first_notes);
        }
    };
    let run = if job.wants_partial() { Run::heard(job, &hear) } else { Run::of(job) };
    let free = performer.perform(request, &run)?;
    check(&info, request.score, &free)?;
    let take = finished(&info, request, free);
    // The notes around a region are not the performer's.
    if request.context.is_none() {
        check(&info, request.score, &take)?;
    }
    Ok(take)
}

/// Fails for a score that would last so long, played literally, that a performer who takes half as long
/// again would pass [`LONGEST_SECS`].
fn check_length(score: &Score) -> Result<(), PerformError> {
    let secs = written_clock(score).secs_at(score.end().to_f64());
    let most_secs = LONGEST_SECS / 1.5;
    if secs <= most_secs {
        return Ok(());
    }
    Err(PerformError::TooLong { hours: secs / 3600.0, most_hours: most_secs / 3600.0 })
}

/// Fails unless what was played are notes of the score in their order, at times that are times. A model
/// may be damaged in ways that show only when it plays.
fn check(info: &PerformerInfo, score: &Score, played: &Performance) -> Result<(), PerformError> {
    let fails = |what: String| Err(PerformError::Played { performer: info.name, what });
    let is_time = |secs: f64| secs.is_finite() && secs.abs() <= LONGEST_SECS;
    for note in &played.notes {
        let PlayedNote { note, onset_secs, duration_secs, velocity } = *note;
        if note as usize >= score.notes.len() {
            return fails(format!("a note {note} that is not in the score"));
        }
        let place = || place(score, note);
        if !is_time(onset_secs) {
            return fails(format!("a note of {} at {onset_secs} s", place()));
        }
        if !is_time(duration_secs) || duration_secs < 0.0 {
            return fails(format!("a note of {} for {duration_secs} s", place()));
        }
        if !(1..=127).contains(&velocity) {
            return fails(format!("a note of {} with velocity {velocity}", place()));
        }
    }
    if let Some(two) = played.notes.windows(2).find(|two| two[0].note >= two[1].note) {
        return fails(format!("a note of {} twice or out of order", place(score, two[1].note)));
    }
    match played.pedals.iter().find(|pedal| !is_time(pedal.time_secs) || pedal.value > 127) {
        Some(pedal) => fails(format!("a pedal of {} at {} s", pedal.value, pedal.time_secs)),
        None => Ok(()),
    }
}

/// The bar of a note, for people.
fn place(score: &Score, note: u32) -> String {
    let measure = score.notes.get(note as usize).and_then(|n| score.measures.get(n.measure as usize));
    measure.map_or_else(|| "the score".to_owned(), |measure| format!("bar {}", measure.number))
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
    if has_more_time(controls.amounts) {
        finish::last_keys(request, &mut played);
    }
    let mut played = splice::fit(score, played, context);
    splice::pin(score, &mut played, &controls.pins, context);
    splice::keep_pedal(&mut played, &controls.pedal_pins, context);
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
    if has_more_time(amounts) {
        finish::last_beats(request, &mut played);
    }
    balance::apply(request.score, &mut played, amounts.balance_db);
    played
}

/// Whether amounts make more of what a performer does with time.
fn has_more_time(amounts: Amounts) -> bool {
    amounts.tempo > 1.0 || amounts.rubato > 1.0 || amounts.articulation > 1.0
}

/// What is ready of the region, with the notes of the context up to its last, if there is a context. It
/// is not finished yet.
fn first_notes(info: &PerformerInfo, request: &Request<'_>, ready: &Performance) -> Option<Performance> {
    let mut ready = ready.clone();
    swing::apply(request.score, &mut ready);
    paint(info, request, &mut ready);
    let mut ready = with_amounts(request, ready);
    base_tempo::settle(request, &mut ready);
    let Some(context) = request.context else { return Some(ready) };
    let (first, last) = (ready.notes.first()?.note, ready.notes.last()?.note);
    // Single notes have neighbours on both sides, and some belong to a chord of the context. How long bars
    // will be is not known until they are all there, so they go on freely from what is before them.
    let is_around = |n: &&PlayedNote| match request.region {
        Region::Notes(notes) => notes.binary_search(&n.note).is_err(),
        Region::All | Region::Measures(_) => n.note < first,
    };
    let notes = context.notes.iter().filter(is_around).copied().collect();
    let around = Performance { notes, pedals: context.pedals.clone() };
    let fitted = splice::fit(request.score, ready, Some(&around));
    let mut heard = splice::merge(&around, &fitted);
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

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;
