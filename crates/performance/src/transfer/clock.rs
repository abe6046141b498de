//! When the places of the new score are played, bar by bar.

use notation::{PrintedMeasures, Quarters, Score};

use crate::BeatCurve;

/// The times of the new score's bars.
pub(super) struct Clock<'a> {
    /// The tempo of the old performance, over the old score.
    pub curve: &'a BeatCurve,
    pub bars: Vec<Bar>,
    /// How many bars the old score has.
    pub old_bars: usize,
}

/// A bar of the new score.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub start: Quarters,
    /// When it starts.
    start_secs: f64,
    /// Mean tempo of the last bar that both scores have.
    quarter_secs: f64,
    pub old: Option<OldBar>,
}

/// The bar of the old score that shows the same.
#[derive(Clone, Debug)]
pub(super) struct OldBar {
    pub index: usize,
    pub start: Quarters,
    pub end: Quarters,
    /// How much later the new bar is played. The same to the bit as for the bar before it where both
    /// scores go on in parallel.
    pub shift_secs: f64,
    /// Whether both scores go on in parallel from the bar before, or both begin with this bar.
    pub goes_on: bool,
}

/// Which bar of the old score shows the same as a bar of the new one.
enum Places {
    /// Both have the same bars.
    Same,
    /// By what is printed in the old one and in the new one.
    Printed(Box<[PrintedMeasures; 2]>),
}

impl Places {
    fn of(from: &Score, to: &Score) -> Self {
        if from.measures == to.measures {
            return Self::Same;
        }
        Self::Printed(Box::new([from, to].map(PrintedMeasures::of)))
    }

    fn before(&self, bar: usize) -> Option<usize> {
        match self {
            Self::Same => Some(bar),
            Self::Printed(printed) => printed[1].same_measure_in(&printed[0], bar),
        }
    }
}

impl<'a> Clock<'a> {
    pub(super) fn new(from: &Score, to: &Score, curve: &'a BeatCurve) -> Self {
        let places = Places::of(from, to);
        let mut clock = Self { curve, bars: Vec::with_capacity(to.measures.len()), old_bars: 0 };
        clock.old_bars = from.measures.len();
        let first = from.measures.first().map_or(Quarters::ZERO, |m| m.start);
        let (mut at_secs, mut quarter_secs) = (curve.secs_at(first.to_f64()), clock.mean(first, from.end()));
        // The next old bar if both go on in parallel, and how much later the new one is.
        let mut next = Some((0, 0.0));
        for (k, measure) in to.measures.iter().enumerate() {
            let length = measure.end - measure.start;
            let found = places.before(k).map(|index| (index, &from.measures[index]));
            let Some((index, before)) = found else {
                clock.bars.push(Bar { start: measure.start, start_secs: at_secs, quarter_secs, old: None });
                at_secs += length.to_f64() * quarter_secs;
                next = None;
                continue;
            };
            let goes_on = next.filter(|(expected, _)| *expected == index);
            let shift_secs =
                goes_on.map_or_else(|| at_secs - curve.secs_at(before.start.to_f64()), |(_, shift)| shift);
            quarter_secs = clock.mean(before.start, before.end);
            let is_as_long = before.end - before.start == length;
            let start_secs = curve.secs_at(before.start.to_f64()) + shift_secs;
            at_secs = match is_as_long {
                true => curve.secs_at(before.end.to_f64()) + shift_secs,
                false => start_secs + length.to_f64() * quarter_secs,
            };
            let (start, end) = (before.start, before.end);
            let old = OldBar { index, start, end, shift_secs, goes_on: goes_on.is_some() };
            clock.bars.push(Bar { start: measure.start, start_secs, quarter_secs, old: Some(old) });
            next = is_as_long.then_some((index + 1, shift_secs));
        }
        clock
    }

    /// Mean length of a quarter of the old performance between two places.
    fn mean(&self, from: Quarters, to: Quarters) -> f64 {
        let secs = self.curve.secs_at(to.to_f64()) - self.curve.secs_at(from.to_f64());
        let mean = secs / (to - from).to_f64();
        if mean.is_finite() && mean > 0.0 { mean } else { self.curve.period_secs_at(from.to_f64()) }
    }

    fn bar(&self, quarters: f64) -> Option<&Bar> {
        let next = self.bars.partition_point(|bar| bar.start.to_f64() <= quarters);
        self.bars.get(next.saturating_sub(1))
    }

    /// When a place of the new score is played.
    pub(super) fn secs_at(&self, quarters: f64) -> f64 {
        let Some(bar) = self.bar(quarters) else { return self.curve.secs_at(quarters) };
        let into = quarters - bar.start.to_f64();
        let Some(old) = &bar.old else { return bar.start_secs + into * bar.quarter_secs };
        let over = (into - (old.end - old.start).to_f64()).max(0.0);
        let secs = self.curve.secs_at(old.start.to_f64() + into - over) + old.shift_secs;
        secs + over * bar.quarter_secs
    }

    /// How much later a note is played that stands at a place of the old score and at one of the new;
    /// none if it is not at the same place of the same bar.
    pub(super) fn shift_secs(&self, old: Quarters, new: Quarters) -> Option<f64> {
        let Some(bar) = self.bar(new.to_f64()) else { return (old == new).then_some(0.0) };
        let before = bar.old.as_ref()?;
        (old - before.start == new - bar.start).then_some(before.shift_secs)
    }
}
