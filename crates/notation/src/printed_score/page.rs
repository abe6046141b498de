//! What stands on the page beside the notes: measures, directions, changes of metre, key and swing.

use std::collections::HashSet;

use super::measures::{Order, PageMeasure};
use crate::marks::{Direction, DirectionKind};
use crate::musicxml::jump_words;
use crate::score::{Measure, Score};
use crate::time::Quarters;

/// The page without its notes; nothing if metre, key or swing are not the same each time that a measure is
/// played.
pub(super) fn page(score: &Score, order: &Order) -> Option<Score> {
    Some(Score {
        title: score.title.clone(),
        composer: score.composer.clone(),
        parts: score.parts.clone(),
        measures: measures(score, order),
        notes: Vec::new(),
        directions: directions(score, order),
        time_signatures: changes(&score.time_signatures, order)?,
        key_signatures: changes(&score.key_signatures, order)?,
        warnings: score.warnings.clone(),
        swing: changes(&score.swing, order)?,
        velocities: score.velocities.clone(),
    })
}

/// The measures as they are the first time. Two parts of one that is cut have different passes, so that
/// each has a name of its own.
fn measures(score: &Score, order: &Order) -> Vec<Measure> {
    let mut taken: HashSet<(u32, u8)> = HashSet::new();
    let measure = |page: &PageMeasure| {
        let first = order.playings[*page.playings.first()?].measure;
        let mut measure = Measure { start: page.start, end: page.end, ..score.measures.get(first)?.clone() };
        while !taken.insert((measure.written, measure.pass)) && measure.pass < u8::MAX {
            measure.pass += 1;
        }
        Some(measure)
    };
    order.page.iter().filter_map(measure).collect()
}

/// What is asked for the first time that each measure is played, without what says in words where to go
/// on: the signs say it.
fn directions(score: &Score, order: &Order) -> Vec<Direction> {
    let ends = order.ends_of_runs();
    let last = order.page.len().saturating_sub(1);
    let mut directions = Vec::new();
    for direction in &score.directions {
        let index = order.playing_at(direction.onset);
        let Some(playing) = order.playings.get(index) else { continue };
        let page = &order.page[playing.page];
        let is_inside = direction.onset < playing.end || playing.page == last;
        let is_sign = direction.kind == DirectionKind::Words && jump_words::speaks_of_signs(&direction.text);
        if page.playings.first() != Some(&index) || !is_inside || is_sign {
            continue;
        }
        let onset = page.start + (direction.onset - playing.start);
        let length = |end: Quarters| (end.min(ends[index]) - direction.onset).max(Quarters::ZERO);
        let end = direction.end.map(|end| onset + length(end));
        directions.push(Direction { onset, end, ..direction.clone() });
    }
    directions.sort_by_key(|direction| direction.onset);
    directions
}

/// What holds in each measure the first time that it is played; nothing if it is something else another
/// time.
fn changes<T: Copy + PartialEq>(played: &[(Quarters, T)], order: &Order) -> Option<Vec<(Quarters, T)>> {
    let next = |at: Quarters| played.partition_point(|(point, _)| *point <= at);
    let value = |at: Quarters| next(at).checked_sub(1).map(|k| played[k].1);
    let mut changes: Vec<(Quarters, T)> = Vec::new();
    for page in &order.page {
        let starts = page.playings.iter().map(|playing| order.playings[*playing].start);
        let first = order.playings.get(*page.playings.first()?)?;
        let at_start = value(first.start);
        if !starts.map(value).all(|value| value == at_start) {
            return None;
        }
        let mut within: Vec<(Quarters, T)> = at_start.map(|value| (page.start, value)).into_iter().collect();
        let inside = played[next(first.start)..].iter().take_while(|(at, _)| *at < first.end);
        within.extend(inside.map(|(at, value)| (page.start + (*at - first.start), *value)));
        for (at, value) in within {
            if changes.last().is_none_or(|(_, last)| *last != value) {
                changes.push((at, value));
            }
        }
    }
    Some(changes)
}
