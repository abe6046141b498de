//! Bars: which there are, and how musicians name them.

use notation::Score;
use protocol::Bars;

/// The requested bars as far as they exist; none if none exists.
pub fn existing(score: &Score, bars: &Bars) -> Option<Bars> {
    let end = bars.end.min(score.measures.len());
    (bars.start < end).then_some(bars.start..end)
}

/// The bars as musicians name them: `bar 5`, `bars 5–8`.
pub fn bars_text(score: &Score, bars: &Bars) -> String {
    let number = |k: usize| score.measures.get(k).map_or("?", |m| m.number.as_str());
    let (first, last) = (number(bars.start), number(bars.end.saturating_sub(1)));
    if bars.len() == 1 { format!("bar {first}") } else { format!("bars {first}–{last}") }
}
