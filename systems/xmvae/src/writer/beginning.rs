//! What is read before something new is written: some bars of another piece, or those that go on.

use std::ops::Range;

use notation::{Measure, Score};
use performers::composer::excerpt;
use performers::piece::{PieceError, PieceRequest};

use super::metre::Metre;
use super::network::Network;
use crate::ecp::{self, FAMILY, METRIC, NOTE};
use crate::network::{ScoreTokens, score_tokens};

/// So much of a window is read at most: the rest is for what is new.
const SHARE: f64 = 0.5;

/// What a piece begins from.
pub struct Beginning {
    /// The metre of the new bars.
    pub metre: Metre,
    /// What is read, with the codes of beats.
    pub read: Vec<(ScoreTokens, Option<u16>)>,
}

impl Beginning {
    /// That of a request, by two numbers in 0..1: one for the metre, where there is nothing to go by, and one for the
    /// bars that are read of what the piece is to be like.
    ///
    /// # Errors
    /// When the bars have a metre that cannot be written in, or no notes.
    pub fn of(
        request: &PieceRequest<'_>,
        network: &dyn Network,
        chances: [f64; 2],
    ) -> Result<Self, PieceError> {
        let (notes, steps) = network.window();
        let room = |count: usize| (SHARE * count as f64) as usize;
        let room = (room(notes), room(steps));
        let mut metre = None;
        let mut read = Vec::new();
        if let Some(like) = request.like {
            let bars = stretch(like, room, chances[1]).ok_or_else(|| unlike(like))?;
            metre = like.measures.get(bars.start).and_then(|measure| Metre::of(measure.time));
            read = steps_of(like, bars, network);
        }
        if let Some((score, from)) = request.continues {
            let last = score.measures.get(from.saturating_sub(1));
            let time = last.map(|last| last.time).unwrap_or_default();
            metre = Some(Metre::of(time).ok_or_else(|| PieceError::Unreadable {
                what: format!("no piece can go on in {}/{}", time.beats, time.beat_type),
            })?);
            read.extend(steps_of(score, before(score, from, room), network));
        }
        Ok(Self { metre: metre.unwrap_or_else(|| Metre::drawn(chances[0])), read })
    }
}

fn unlike(like: &Score) -> PieceError {
    let name = like.title.as_deref().unwrap_or("the piece that the new one is to be like");
    PieceError::Unreadable {
        what: format!("{name} has no bar with notes and a metre that can be written in"),
    }
}

/// Bars as steps with codes.
fn steps_of(score: &Score, bars: Range<usize>, network: &dyn Network) -> Vec<(ScoreTokens, Option<u16>)> {
    let (_, most) = network.window();
    let mut steps = score_tokens(&ecp::written(&excerpt(score, bars)).tokens);
    steps.truncate(most);
    let mut codes = network.codes(&steps).into_iter();
    let mut with_code = |step: ScoreTokens| {
        let code = if step[FAMILY] == METRIC { codes.next() } else { None };
        (step, code)
    };
    steps.into_iter().map(&mut with_code).collect()
}

/// Notes and steps of each bar.
fn sizes(score: &Score) -> Vec<(usize, usize)> {
    let steps = ecp::written(score);
    let mut sizes = vec![(0, 0); score.measures.len()];
    let ends: Vec<_> = score.measures.iter().map(|measure| measure.end).collect();
    let beats = ecp::beats(score);
    for (step, beat) in steps.tokens.iter().zip(&steps.beats) {
        let start = beats.get(*beat as usize).map(|beat| beat.start).unwrap_or_default();
        let bar = ends.partition_point(|end| *end <= start);
        if let Some((notes, count)) = sizes.get_mut(bar) {
            *notes += usize::from(step[FAMILY] == NOTE);
            *count += 1;
        }
    }
    sizes
}

/// Some bars of one metre with notes, by a number in 0..1: as many as there is room for, and at least one.
fn stretch(score: &Score, room: (usize, usize), chance: f64) -> Option<Range<usize>> {
    let sizes = sizes(score);
    let is_regular = |measure: &Measure| {
        Metre::of(measure.time).is_some() && measure.end - measure.start == measure.time.measure_length()
    };
    let from = |first: usize| {
        let time = score.measures[first].time;
        let (mut notes, mut steps, mut end) = (0, 0, first);
        while end < sizes.len() && is_regular(&score.measures[end]) && score.measures[end].time == time {
            (notes, steps) = (notes + sizes[end].0, steps + sizes[end].1);
            if end > first && (notes > room.0 || steps > room.1) {
                break;
            }
            end += 1;
        }
        first..end
    };
    let has_notes = |bars: &Range<usize>| sizes[bars.clone()].iter().any(|(notes, _)| *notes > 0);
    let stretches: Vec<Range<usize>> = (0..score.measures.len()).map(from).filter(has_notes).collect();
    // Where the piece ends or its metre changes, there is less to read.
    let longest = stretches.iter().map(|bars| bars.len()).max()?;
    let long: Vec<&Range<usize>> = stretches.iter().filter(|bars| 2 * bars.len() >= longest).collect();
    let drawn = ((chance * long.len() as f64) as usize).min(long.len().saturating_sub(1));
    long.get(drawn).map(|bars| (*bars).clone())
}

/// The bars before one, as many as there is room for, and at least one.
fn before(score: &Score, from: usize, room: (usize, usize)) -> Range<usize> {
    let sizes = sizes(score);
    let (mut notes, mut steps, mut first) = (0, 0, from);
    while let Some(size) = first.checked_sub(1).and_then(|bar| sizes.get(bar)) {
        (notes, steps) = (notes + size.0, steps + size.1);
        if first < from && (notes > room.0 || steps > room.1) {
            break;
        }
        first -= 1;
    }
    first..from
}

#[cfg(test)]
#[path = "beginning_tests.rs"]
mod tests;
