//! Spans of beats in which it is known when they were played.

use std::ops::Range;

use notation::Score;
use performance::{BeatCurve, Performance, codec};

use super::beats::{Beat, beat_at};
use super::usable::Usable;

/// So many written onsets in a row that were not played are a gap: what lies between is no tempo.
const MOST_MISSING: usize = 4;

/// What is played next to an end tells the tempo beyond it: so many quarters.
const EDGE_QUARTERS: f64 = 1.0;

/// It is between these seconds a quarter, which tokens can say.
const EDGE_PERIOD_SECS: (f64, f64) = (0.125, 2.0);

/// Beats one after another that were played.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    /// The beats; empty in a performance of one single onset.
    pub beats: Range<usize>,
    /// When each starts, in seconds, and when the last ends; of a single onset, when its beat starts at the neutral
    /// beat period.
    pub secs: Vec<f64>,
}

/// The spans of a performance, in order. Without two onsets there is one, without beats: where the single onset was.
pub(super) fn spans(score: &Score, usable: &[Usable<'_>], beats: &[Beat]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let pieces = pieces(score, usable);
    for piece in &pieces {
        let next = spans.last().map(|span| span.beats.end);
        spans.extend(span(score, usable, beats, piece, next));
    }
    if spans.is_empty() {
        spans.extend(pieces.first().and_then(|piece| single(score, usable, beats, piece)));
    }
    spans
}

/// Notes that make up the grid: those of one onset after another, without a gap.
type Piece = Vec<usize>;

/// The notes that were played, grace notes excepted, between gaps.
fn pieces(score: &Score, usable: &[Usable<'_>]) -> Vec<Piece> {
    let (mut pieces, mut piece, mut missing) = (Vec::new(), Piece::new(), 0);
    for group in score.onset_groups() {
        let mut main = group.filter(|n| score.notes[*n].grace.is_none()).peekable();
        if main.peek().is_none() {
            continue;
        }
        let mut heard = main.filter(|n| usable[*n].is_some()).peekable();
        if heard.peek().is_none() {
            missing += 1;
            continue;
        }
        if missing > MOST_MISSING && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
        missing = 0;
        piece.extend(heard);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// The beats that lie at least in part between the first and the last onset of a piece: from one on, or, of the first
/// piece, with all beats before it, which go at the tempo of its first.
fn span(
    score: &Score,
    usable: &[Usable<'_>],
    beats: &[Beat],
    piece: &[usize],
    next: Option<usize>,
) -> Option<Span> {
    let [from, to] = [piece.first()?, piece.last()?].map(|n| score.notes[*n].onset);
    let first = next.map_or(0, |next| beats.partition_point(|beat| beat.end() <= from).max(next));
    let end = beats.partition_point(|beat| beat.start < to);
    if from == to || first >= end {
        return None;
    }
    let notes = piece.iter().filter_map(|n| usable[*n]).map(|(note, _)| *note).collect();
    let curve = codec::encode(score, &Performance { notes, pedals: Vec::new() }).curve();
    let starts = beats[first..end].iter().map(|beat| beat.start);
    let places = starts.chain(std::iter::once(beats[end - 1].end()));
    let ends = (from.to_f64(), to.to_f64());
    Some(Span { beats: first..end, secs: places.map(|at| secs_at(&curve, ends, at.to_f64())).collect() })
}

/// When a place is played; before the first and after the last onset at the mean tempo of the quarter next to it,
/// since two onsets close to each other say little about it.
fn secs_at(curve: &BeatCurve, (from, to): (f64, f64), at: f64) -> f64 {
    let (end, inner) = if at < from {
        (from, (from + EDGE_QUARTERS).min(to))
    } else if at > to {
        (to, (to - EDGE_QUARTERS).max(from))
    } else {
        return curve.secs_at(at);
    };
    let period_secs = (curve.secs_at(inner) - curve.secs_at(end)) / (inner - end);
    curve.secs_at(end) + (at - end) * period_secs.clamp(EDGE_PERIOD_SECS.0, EDGE_PERIOD_SECS.1)
}

/// Where a single onset was played.
fn single(score: &Score, usable: &[Usable<'_>], beats: &[Beat], piece: &[usize]) -> Option<Span> {
    let onset = score.notes[*piece.first()?].onset;
    let heard: Vec<f64> = piece.iter().filter_map(|n| usable[*n]).map(|(note, _)| note.onset_secs).collect();
    let beat = beat_at(beats, onset);
    let after_secs = (onset - beats.get(beat)?.start).to_f64() * 0.5;
    let mean_secs = heard.iter().sum::<f64>() / heard.len().max(1) as f64;
    Some(Span { beats: beat..beat, secs: vec![mean_secs - after_secs] })
}

#[cfg(test)]
#[path = "spans_tests.rs"]
mod tests;
