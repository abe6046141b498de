//! Bars and places of one score in another score of the project.

use std::ops::Range;

use notation::Score;
use protocol::{Bars, Shared, ViewState};

use crate::scores::Entry;

/// The bar of another score that shows the same as a bar of this one.
pub fn bar_in(from: &Entry, to: &Entry, bar: usize) -> Option<usize> {
    if from.fingerprint == to.fingerprint { Some(bar) } else { from.printed.measure_in(&to.printed, bar) }
}

/// The bars of another score that show the same as some bars of this one; none if it lacks the first
/// or the last of them, or plays them the other way round.
pub fn bars_in(from: &Entry, to: &Entry, bars: &Bars) -> Option<Bars> {
    let first = bar_in(from, to, bars.start)?;
    let last = bar_in(from, to, bars.end.checked_sub(1)?)?;
    (first <= last).then_some(first..last + 1)
}

/// How the window shows the piece, for another score.
pub fn view_in(view: &ViewState, from: &Entry, to: &Entry) -> ViewState {
    let bars = |bars: &Option<Bars>| bars_in(from, to, bars.as_ref()?);
    let place = |quarters: f64| from.printed.nearest_in(&to.printed, quarters);
    let span = view.span_quarters.map(|(start, end)| {
        let there = place(start);
        (there, there + (end - start))
    });
    ViewState {
        span_quarters: span,
        selection: bars(&view.selection),
        looped: bars(&view.looped),
        ..view.clone()
    }
}

/// What two scores share, in order of the first: one stretch for a score and itself.
pub fn shared(heard: &Entry, compared: &Entry) -> Vec<Shared> {
    if heard.fingerprint == compared.fingerprint {
        let to_quarters = heard.score.end().to_f64();
        return vec![Shared { from_quarters: 0.0, to_quarters, there_quarters: 0.0 }];
    }
    let stretches = heard.printed.shared_with(&compared.printed);
    let shared = |s: &notation::printed::Shared| Shared {
        from_quarters: s.from.to_f64(),
        to_quarters: s.to.to_f64(),
        there_quarters: s.there.to_f64(),
    };
    stretches.iter().map(shared).collect()
}

/// The places of the first score where a place of the second is played.
pub fn places_of(shared: &[Shared], there_quarters: f64) -> impl Iterator<Item = f64> {
    let last = shared.len().saturating_sub(1);
    shared.iter().enumerate().filter_map(move |(k, stretch)| {
        let into = there_quarters - stretch.there_quarters;
        let is_after_start = into >= 0.0 || k == 0;
        let is_before_end = into < stretch.to_quarters - stretch.from_quarters || k == last;
        (is_after_start && is_before_end).then_some(stretch.from_quarters + into)
    })
}

/// The quarters from the start of the first of some bars to the end of the last.
pub fn span(score: &Score, bars: &Bars) -> Option<Range<f64>> {
    let (first, last) = (score.measures.get(bars.start)?, score.measures.get(bars.end.checked_sub(1)?)?);
    Some(first.start.to_f64()..last.end.to_f64())
}
