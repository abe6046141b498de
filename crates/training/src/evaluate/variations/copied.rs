//! How much of variations was in what a model learned from.

use std::collections::{HashMap, HashSet};

use cadenza::composer::{Bar, bars, tokens};
use cadenza::pertok::{Music, PerTok, Token};
use notation::Score;
use serde::Serialize;

use super::segments::BARS;
use super::subject::Segment;
use crate::composer::Packed;

/// Bars with fewer notes are not counted: there are few of them, so they are everywhere.
const LEAST_NOTES: usize = 4;

/// Shares of bars with at least four notes, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Copied {
    /// Variations.
    pub variations: usize,
    /// Bars of the passages that are, transposed or not, among what was learned: those that recur in any
    /// music.
    pub of_passages: f64,
    /// Bars of variations that are not the passage's.
    pub written: usize,
    /// The share of those that are among what was learned.
    pub copied: f64,
    /// Variations of which two bars or more, other than the passage's, are in one segment that was learned.
    pub segments: f64,
}

/// The bars that there were to learn from, whatever the transposition.
pub struct Known {
    pertok: PerTok,
    /// For each bar, where it is.
    places: HashMap<Vec<i32>, Vec<u32>>,
}

impl Known {
    /// The bars of a file.
    pub fn of(packed: &Packed, pertok: PerTok) -> Self {
        let mut places: HashMap<Vec<i32>, Vec<u32>> = HashMap::new();
        for (place, (ends, metre)) in (0_u32..).zip(packed.bars.windows(2).zip(&packed.metres)) {
            let bar = Bar { metre: *metre, tokens: packed.tokens[ends[0]..ends[1]].to_vec() };
            if let Some(shape) = shape(&pertok, &bar) {
                places.entry(shape).or_default().push(place);
            }
        }
        Self { pertok, places }
    }
}

/// The bars of a score as tokens.
fn told(pertok: &PerTok, score: &Score) -> Option<Vec<Bar>> {
    let music = Music::of_measures(score, 0..score.measures.len(), pertok.config().ticks_per_quarter, 64)?;
    let told = tokens(pertok, &music, score.measures.len()).ok()?;
    let bars = bars(pertok, &told);
    (bars.len() == score.measures.len()).then_some(bars)
}

/// What a bar is whatever its transposition; nothing of one with few notes.
fn shape(pertok: &PerTok, bar: &Bar) -> Option<Vec<i32>> {
    let mut first = None;
    let mut notes = 0;
    let mut shape = vec![i32::from(bar.metre)];
    for id in &bar.tokens {
        let Some(Token::Pitch(pitch)) = pertok.vocabulary().token(*id) else {
            shape.push(i32::from(*id));
            continue;
        };
        notes += 1;
        let pitch = i32::from(pitch);
        // Intervals are below all numbers of tokens.
        shape.push(pitch - *first.get_or_insert(pitch) - 1000);
    }
    (notes >= LEAST_NOTES).then_some(shape)
}

/// What is found of one variation.
#[derive(Default)]
struct Found {
    own: usize,
    own_known: usize,
    written: usize,
    copied: usize,
    is_segment: bool,
}

/// Looks for what was written of segments among what was learned.
pub(super) fn judge(written: &[(&Segment, Option<&Score>)], known: &Known) -> Copied {
    let look = |(segment, score): &(&Segment, Option<&Score>)| -> Found {
        let mut found = Found::default();
        let Some(own) = told(&known.pertok, &segment.score) else { return found };
        let own: Vec<_> = own.iter().map(|bar| shape(&known.pertok, bar)).collect();
        for shape in own.iter().flatten() {
            found.own += 1;
            found.own_known += usize::from(known.places.contains_key(shape));
        }
        let Some(bars) = score.and_then(|score| told(&known.pertok, score)) else { return found };
        let shapes = bars.iter().filter_map(|bar| shape(&known.pertok, bar));
        let written: Vec<_> = shapes.filter(|bar| !own.contains(&Some(bar.clone()))).collect();
        let places: Vec<&Vec<u32>> = written.iter().filter_map(|bar| known.places.get(bar)).collect();
        found.written = written.len();
        found.copied = places.len();
        found.is_segment = are_near(&places);
        found
    };
    let found: Vec<Found> = written.iter().map(look).collect();
    let sum = |value: fn(&Found) -> usize| found.iter().map(value).sum::<usize>();
    let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
    Copied {
        variations: found.len(),
        of_passages: share(sum(|f| f.own_known), sum(|f| f.own)),
        written: sum(|f| f.written),
        copied: share(sum(|f| f.copied), sum(|f| f.written)),
        segments: share(sum(|f| usize::from(f.is_segment)), found.len()),
    }
}

/// Whether two bars stand within four bars of each other somewhere.
fn are_near(places: &[&Vec<u32>]) -> bool {
    (1..places.len()).any(|k| {
        let before: HashSet<u32> = places[..k].iter().flat_map(|places| places.iter().copied()).collect();
        let reach = BARS as u32 - 1;
        places[k].iter().any(|place| {
            (place.saturating_sub(reach)..=place + reach).any(|near| near != *place && before.contains(&near))
        })
    })
}

#[cfg(test)]
#[path = "copied_tests.rs"]
mod tests;
