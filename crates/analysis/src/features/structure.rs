//! Phrases, harmony, what is coming, and how the rules would play.

use notation::{DirectionKind, Note};

use super::context::Context;
use super::row::{Row, log_length};

/// Place in the phrase and the sub-phrase.
pub(super) fn phrase_place_features(row: &mut Row<'_>, index: usize, context: &Context<'_>) {
    let onset = context.onset_of[index];
    let at = |k: usize| context.onsets.get(k).map_or(context.end, |o| o.at);
    for level in &context.form.reading.phrases {
        let (first, end, ends_higher) = level[onset];
        let (from, here, to) = (at(first), at(onset), at(end));
        row.push((here - from) / (to - from).max(1e-6) * 2.0 - 1.0);
        row.push(log_length(here - from));
        row.push(log_length(to - here));
        row.flag(ends_higher);
    }
}

/// The chord, and what the note is in it.
pub(super) fn harmony_features(row: &mut Row<'_>, index: usize, context: &Context<'_>) {
    let onset = context.onset_of[index];
    let at = |k: usize| context.onsets.get(k).map_or(context.end, |o| o.at);
    let (first, end, charge) = context.form.reading.chords[onset];
    row.push(charge / 4.0);
    row.push(log_length(at(onset) - at(first)));
    row.push(log_length(at(end) - at(onset)));
    let (charge, tone) = context.form.reading.tones[index];
    row.push(charge / 4.0);
    (0..3).for_each(|k| row.flag(tone == Some(k)));
    row.flag(context.form.reading.melody[onset] == Some(index));
}

/// What is coming: the next mark of tempo, the next ritardando, the next silence.
pub(super) fn horizon_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let next = context.tempi.partition_point(|(q, _)| *q <= at);
    let now = next.checked_sub(1).map_or(0.0, |k| context.tempi[k].1);
    let coming = context.tempi.get(next).filter(|_| next > 0);
    row.push(coming.map_or(2.0, |(q, _)| log_length(q - at)));
    row.push(coming.map_or(0.0, |(_, tempo)| (tempo - now) * 2.0));
    let after = &context.score.directions;
    let after = &after[after.partition_point(|d| d.onset <= note.onset)..];
    let slowing = after.iter().take(64).find(|d| d.kind == DirectionKind::Ritardando);
    row.push(slowing.map_or(2.0, |d| log_length(d.onset.to_f64() - at)));
    let silence = context.form.silences.get(context.form.silences.partition_point(|s| *s <= at));
    row.push(silence.map_or(2.0, |s| log_length(s - at)));
}

/// How the rules play the note.
pub(super) fn rule_features(row: &mut Row<'_>, index: usize, context: &Context<'_>) {
    let reading = &context.form.reading;
    let (tempo, shaped) = reading.tempo[context.onset_of[index]];
    row.push((tempo - context.form.mean_tempo) * 2.0);
    row.push(shaped * 4.0);
    row.push((reading.velocity[index] - 64.0) / 15.0);
    row.push(reading.articulation[index] * 2.0);
}
