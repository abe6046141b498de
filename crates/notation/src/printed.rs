//! Places by what is printed: how a place in one score is found in another that shares its bars.
//!
//! Two scores of a piece differ in where a bar stands: one plays the repeats and the other does not,
//! one has a bar more than the other. What they share is the page, so a place is named by the
//! printed measure, which pass through it this is, and how far into it.

use std::collections::HashMap;

use crate::score::{Measure, Note, Score};
use crate::time::Quarters;

/// A printed measure: its number, and how many printed measures before it have the same number
/// (the movements of one file all begin with bar 1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Printed {
    /// The number printed in the score.
    pub number: String,
    /// 0 for the first with this number.
    pub rank: u32,
}

/// A place by what is printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Position<'a> {
    /// The measure.
    pub printed: &'a Printed,
    /// Which pass through it, from 1.
    pub pass: u32,
    /// Distance from where the printed measure starts.
    pub offset: Quarters,
}

/// The measures of a score by what is printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrintedMeasures {
    /// For each measure of the score, in playing order.
    measures: Vec<Stretch>,
    printed: Vec<Printed>,
    /// The measures that show each printed one, in playing order.
    shown: HashMap<Printed, Vec<usize>>,
}

/// A measure of the score: a whole printed measure, or the part of one on one side of a repeat sign.
#[derive(Clone, Debug, PartialEq)]
struct Stretch {
    /// Index into [`PrintedMeasures::printed`].
    printed: usize,
    start: Quarters,
    end: Quarters,
    /// Where it begins in the printed measure.
    offset: Quarters,
    pass: u32,
}

impl Stretch {
    fn length(&self) -> Quarters {
        self.end - self.start
    }

    fn holds(&self, offset: Quarters) -> bool {
        self.offset <= offset && offset < self.offset + self.length()
    }
}

impl PrintedMeasures {
    /// Those of a score.
    pub fn of(score: &Score) -> Self {
        let mut all = Self { printed: names(score), ..Self::default() };
        let indices: HashMap<u32, usize> = written(score).into_iter().zip(0..).collect();
        let mut seen = Seen::default();
        for (k, measure) in score.measures.iter().enumerate() {
            let printed = indices[&measure.written];
            let notes = &score.notes[score.notes_in_measures(k..k + 1)];
            let known = seen.offset(printed, measure, notes);
            // A whole measure does not go on; it is played again, with other notes.
            let full = measure.time.measure_length();
            let before = all.measures.last().filter(|m| m.printed == printed && m.length() < full);
            let offset = known.or_else(|| before.map(|m| m.offset + m.length())).unwrap_or_default();
            seen.add(printed, measure, notes, offset);
            all.shown.entry(all.printed[printed].clone()).or_default().push(k);
            let pass = u32::from(measure.pass);
            all.measures.push(Stretch { printed, start: measure.start, end: measure.end, offset, pass });
        }
        all.count_passes();
        all
    }

    /// In a printed measure that is cut, each part is counted by itself.
    fn count_passes(&mut self) {
        for measures in self.shown.values() {
            if measures.iter().all(|k| self.measures[*k].offset.is_zero()) {
                continue;
            }
            let mut visits: HashMap<(Quarters, Quarters), u32> = HashMap::new();
            for k in measures {
                let Stretch { offset, start, end, .. } = self.measures[*k];
                let holds = |(from, to): &(Quarters, Quarters)| *from <= offset && offset < *to;
                let earlier: u32 = visits.iter().filter(|(span, _)| holds(span)).map(|(_, n)| n).sum();
                self.measures[*k].pass = earlier + 1;
                *visits.entry((offset, offset + end - start)).or_default() += 1;
            }
        }
    }

    /// A place in a measure, given as its distance from where the measure starts.
    pub fn position(&self, measure: usize, from_start: Quarters) -> Option<Position<'_>> {
        let stretch = self.measures.get(measure)?;
        let printed = &self.printed[stretch.printed];
        Some(Position { printed, pass: stretch.pass, offset: stretch.offset + from_start })
    }

    /// The measure that shows a place: the same pass, else the last before it, else the first.
    fn measure_at(&self, position: &Position<'_>) -> Option<usize> {
        let shown = self.shown.get(position.printed)?;
        let here = || shown.iter().copied().filter(|k| self.measures[*k].holds(position.offset));
        let before = here().filter(|k| self.measures[*k].pass <= position.pass);
        let found = before.max_by_key(|k| self.measures[*k].pass).or_else(|| here().next());
        // Behind the end of a bar that is longer elsewhere, or at the end of the piece.
        found.or_else(|| shown.iter().copied().rfind(|k| self.measures[*k].pass <= position.pass))
    }

    /// The measure of another score that shows the same as a measure of this one: the same pass,
    /// else the last before it, else the first. None if the other has no such bar.
    pub fn measure_in(&self, other: &Self, measure: usize) -> Option<usize> {
        other.measure_at(&self.position(measure, Quarters::ZERO)?)
    }

    /// The measure of another score that shows the same as a measure of this one in the same pass.
    pub fn same_measure_in(&self, other: &Self, measure: usize) -> Option<usize> {
        let position = self.position(measure, Quarters::ZERO)?;
        let found = other.measure_at(&position)?;
        let is_same =
            (other.measures[found].pass, other.measures[found].offset) == (position.pass, position.offset);
        is_same.then_some(found)
    }

    /// A place of this score in another one: in the measure that [`PrintedMeasures::measure_in`]
    /// finds, and not behind its end. None if the other has no such bar.
    pub fn place_in(&self, other: &Self, quarters: f64) -> Option<f64> {
        let here = &self.measures[self.measure_of(quarters)?];
        let from_start = quarters - here.start.to_f64();
        let offset = here.offset + Quarters::nearest(from_start, GRID);
        let position = Position { printed: &self.printed[here.printed], pass: here.pass, offset };
        let there = &other.measures[other.measure_at(&position)?];
        let from_start = from_start + (here.offset - there.offset).to_f64();
        Some(there.start.to_f64() + from_start.min(there.length().to_f64()))
    }

    /// As [`PrintedMeasures::place_in`]; for a bar that the other does not have the end of the last
    /// one before it that it has, or its start.
    pub fn nearest_in(&self, other: &Self, quarters: f64) -> f64 {
        let before = || {
            let bars = (0..self.measure_of(quarters)?).rev();
            let last = bars.filter_map(|k| self.measure_in(other, k)).next()?;
            Some(other.measures[last].end.to_f64())
        };
        let start = || other.measures.first().map_or(quarters, |m| m.start.to_f64());
        self.place_in(other, quarters).or_else(before).unwrap_or_else(start)
    }

    /// The measure that a place is in: the first or the last for what lies outside.
    fn measure_of(&self, quarters: f64) -> Option<usize> {
        let next = self.measures.partition_point(|m| m.start.to_f64() <= quarters);
        (!self.measures.is_empty()).then_some(next.saturating_sub(1))
    }

    /// The stretches of this score that another one plays too, in order. A stretch that the other
    /// plays less often is there each time, as what [`PrintedMeasures::measure_in`] finds.
    pub fn shared_with(&self, other: &Self) -> Vec<Shared> {
        let mut shared: Vec<Shared> = Vec::new();
        for here in &self.measures {
            let (mut offset, end) = (here.offset, here.offset + here.length());
            // A measure that is cut in the other score is as many stretches there.
            while offset < end {
                let position = Position { printed: &self.printed[here.printed], pass: here.pass, offset };
                let found = other.measure_at(&position).map(|k| &other.measures[k]);
                let Some(there) = found.filter(|there| there.holds(offset)) else { break };
                let to = end.min(there.offset + there.length());
                let stretch = Shared {
                    from: here.start + offset - here.offset,
                    to: here.start + to - here.offset,
                    there: there.start + offset - there.offset,
                };
                match shared.last_mut() {
                    Some(last) if last.goes_on_with(&stretch) => last.to = stretch.to,
                    _ => shared.push(stretch),
                }
                offset = to;
            }
        }
        shared
    }
}

/// A stretch that two scores have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Where it starts in the first score.
    pub from: Quarters,
    /// Where it ends there.
    pub to: Quarters,
    /// Where it starts in the second score.
    pub there: Quarters,
}

impl Shared {
    fn goes_on_with(&self, next: &Self) -> bool {
        next.from == self.to && next.there - self.there == next.from - self.from
    }
}

/// Fine enough to tell on which side of a bar line a decimal place is.
const GRID: i64 = 1 << 20;

/// The printed measures that a score shows, in the order of the page.
fn written(score: &Score) -> Vec<u32> {
    let mut written: Vec<u32> = score.measures.iter().map(|m| m.written).collect();
    written.sort_unstable();
    written.dedup();
    written
}

/// Their names.
fn names(score: &Score) -> Vec<Printed> {
    let numbers: HashMap<u32, &str> =
        score.measures.iter().rev().map(|m| (m.written, m.number.as_str())).collect();
    let mut ranks: HashMap<&str, u32> = HashMap::new();
    let name = |written: u32| {
        let number = numbers[&written];
        let rank = ranks.entry(number).or_default();
        let printed = Printed { number: number.to_owned(), rank: *rank };
        *rank += 1;
        printed
    };
    written(score).into_iter().map(name).collect()
}

/// Where notes and empty stretches were found in their printed measures.
#[derive(Default)]
struct Seen {
    /// By printed measure and written note.
    notes: HashMap<(usize, u32), Quarters>,
    /// By printed measure and length.
    rests: HashMap<(usize, Quarters), Quarters>,
}

impl Seen {
    /// Where a measure begins in its printed measure, if one with the same notes came before it.
    fn offset(&self, printed: usize, measure: &Measure, notes: &[Note]) -> Option<Quarters> {
        if notes.is_empty() {
            return self.rests.get(&(printed, measure.end - measure.start)).copied();
        }
        let offset = |n: &Note| Some(*self.notes.get(&(printed, n.id.written))? - (n.onset - measure.start));
        notes.iter().find_map(offset).map(|offset| offset.max(Quarters::ZERO))
    }

    fn add(&mut self, printed: usize, measure: &Measure, notes: &[Note], offset: Quarters) {
        if notes.is_empty() {
            self.rests.entry((printed, measure.end - measure.start)).or_insert(offset);
        }
        for note in notes {
            let at = offset + note.onset - measure.start;
            self.notes.entry((printed, note.id.written)).or_insert(at);
        }
    }
}

#[cfg(test)]
#[path = "printed_tests.rs"]
mod tests;
