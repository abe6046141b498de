//! What is written around the notes: dynamics, tempo, articulation, slurs.

use notation::{DirectionKind, Marks, Note, Quarters, Score};

use super::context::Context;
use super::row::{Row, log_length};
use crate::tempo_marks::mark_at;

pub(super) fn dynamic_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let next = context.levels.partition_point(|(q, _)| *q <= at);
    let last = next.checked_sub(1).map(|k| context.levels[k]);
    row.flag(last.is_some());
    row.push(last.map_or(0.0, |(_, level)| level * 2.0));
    row.push(last.map_or(2.0, |(q, _)| log_length(at - q)));
    let coming = context.levels.get(next);
    let now = last.map_or(0.0, |(_, level)| level);
    row.push(coming.map_or(0.0, |(_, level)| (level - now) * 2.0));
    row.push(coming.map_or(2.0, |(q, _)| log_length(q - at)));
    for kind in [DirectionKind::Crescendo, DirectionKind::Diminuendo] {
        let progress = hairpin_progress(context.score, kind, note.onset);
        row.flag(progress.is_some());
        row.push(progress.unwrap_or(0.0));
    }
    let accented = |d: &&notation::Direction| d.kind == DirectionKind::Sforzando && d.onset == note.onset;
    row.flag(directions_before(context.score, note.onset).take(8).any(|d| accented(&d)));
}

/// Directions that start at or before a point, latest first.
fn directions_before(score: &Score, at: Quarters) -> impl Iterator<Item = &notation::Direction> {
    let end = score.directions.partition_point(|d| d.onset <= at);
    score.directions[..end].iter().rev()
}

/// How far through a hairpin of that kind a point is, 0 to 1, if it is in one.
fn hairpin_progress(score: &Score, kind: DirectionKind, at: Quarters) -> Option<f64> {
    let hairpin = directions_before(score, at).take(64).find(|d| d.kind == kind)?;
    let end = hairpin.end?;
    (at <= end && end > hairpin.onset).then(|| (at - hairpin.onset).to_f64() / (end - hairpin.onset).to_f64())
}

pub(super) fn tempo_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let mark = mark_at(&context.tempi, at);
    row.flag(mark.is_some());
    row.push(mark.map_or(0.0, |(_, tempo)| tempo));
    row.push(mark.map_or(2.0, |(q, _)| log_length(at - q)));
    let so_far = context.tempo_changes.partition_point(|d| d.onset <= note.onset);
    let change = so_far.checked_sub(1).map(|k| context.tempo_changes[k]);
    let since = change.map_or(2.0, |d| log_length(at - d.onset.to_f64()));
    let is = |kind: DirectionKind| change.is_some_and(|d| d.kind == kind);
    row.flag(is(DirectionKind::Ritardando));
    row.flag(is(DirectionKind::Accelerando));
    row.flag(is(DirectionKind::ATempo));
    row.push(since);
    let down = directions_before(context.score, note.onset)
        .take(16)
        .find(|d| d.kind == DirectionKind::SustainPedal)
        .is_some_and(|d| d.end.is_none_or(|end| end > note.onset));
    row.flag(down);
}

pub(super) fn mark_features(row: &mut Row<'_>, note: &Note) {
    let marks = [
        Marks::STACCATO | Marks::STACCATISSIMO,
        Marks::ACCENT,
        Marks::MARCATO,
        Marks::TENUTO,
        Marks::FERMATA,
        Marks::TRILL,
        Marks::MORDENT | Marks::TURN,
        Marks::ARPEGGIO,
        Marks::TREMOLO,
        Marks::SLUR_START,
        Marks::SLUR_STOP,
        Marks::SLURRED,
    ];
    marks.into_iter().for_each(|mark| row.flag(note.marks.intersects(mark)));
}

/// Where the note stands under its slur, and in the order of sections.
pub(super) fn slur_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let slur = context.slurs[index].filter(|(start, end)| end > start);
    row.push(slur.map_or(0.0, |(start, end)| (at - start) / (end - start)));
    row.push(slur.map_or(2.0, |(_, end)| log_length(end - at)));
    row.push(slur.map_or(0.0, |(start, end)| log_length(end - start)));
    let mark = mark_at(&context.tempi, at);
    row.push(mark.map_or(0.0, |(_, tempo)| (tempo - context.mean_tempo) * 2.0));
    row.flag(note.id.pass > 1);
}
