//! Where a sign takes effect.
//!
//! Jumps stand where there is room: over the last note of their measure, or at its start before the
//! first. What they ask for happens at the end of the measure, and a sign to go back to means its
//! start, unless something divides the measure there: a bar line, or a pick-up at the beginning of
//! the piece that the rest of the measure makes up for.

use std::collections::HashSet;

use crate::musicxml::written::{Position, Sign, WrittenScore, WrittenSign};
use crate::time::Quarters;

/// A sign and the time at which it takes effect, on a time line without repeats.
#[derive(Clone, Copy, Debug)]
pub(in crate::musicxml) struct PlacedSign<'s> {
    pub at: Quarters,
    pub sign: &'s Sign,
    /// Index into the signs of the written score.
    pub index: usize,
}

/// The signs at their times; `starts` are the times of the measures.
pub(in crate::musicxml) fn place<'s>(score: &'s WrittenScore, starts: &[Quarters]) -> Vec<PlacedSign<'s>> {
    let divided = Divided::of(score);
    let leaves = |sign: &&WrittenSign| matches!(sign.sign, Sign::Jump(_) | Sign::Fine | Sign::ToCoda { .. });
    let leaving = score.signs.iter().filter(leaves).filter(|sign| divided.at(score, sign.position));
    // A segno within a measure makes sense where something leaves a measure at the same place.
    let left: HashSet<Quarters> = leaving.map(|sign| sign.position.offset).collect();
    let place = |(index, written): (usize, &'s WrittenSign)| {
        let Position { measure, offset } = written.position;
        let is_past = offset > Quarters::ZERO && offset >= length(score, measure);
        let position = match written.sign {
            Sign::Jump(_) | Sign::Fine | Sign::ToCoda { .. } => {
                let divides = !is_past && divided.at(score, written.position);
                if divides { written.position } else { Position::start_of(measure + 1) }
            }
            Sign::Segno { .. } | Sign::Coda { .. } if is_past => Position::start_of(measure + 1),
            Sign::Segno { .. } | Sign::Coda { .. } => {
                let divides = divided.at(score, written.position) || left.contains(&offset);
                if divides { written.position } else { Position::start_of(measure) }
            }
            _ => written.position,
        };
        PlacedSign { at: time(starts, position), sign: &written.sign, index }
    };
    score.signs.iter().enumerate().map(place).collect()
}

fn length(score: &WrittenScore, measure: u32) -> Quarters {
    score.measures.get(measure as usize).map_or(Quarters::ZERO, |m| m.length)
}

fn time(starts: &[Quarters], position: Position) -> Quarters {
    let measure = (position.measure as usize).min(starts.len().saturating_sub(1));
    starts.get(measure).copied().unwrap_or_default() + position.offset
}

/// Points within measures at which something divides them.
struct Divided {
    points: HashSet<(u32, Quarters)>,
    /// The length of a pick-up at the beginning.
    pick_up: Option<Quarters>,
}

impl Divided {
    fn of(score: &WrittenScore) -> Self {
        let barlines = score.middle_barlines.iter().map(|p| (p.measure, p.offset));
        let first = score.measures.first().map_or(Quarters::ZERO, |m| m.length);
        let full = score.metres().first().map_or(Quarters::ZERO, |metre| metre.measure_length());
        let pick_up = (first > Quarters::ZERO && first < full).then_some(first);
        Self { points: barlines.collect(), pick_up }
    }

    fn at(&self, score: &WrittenScore, position: Position) -> bool {
        let Position { measure, offset } = position;
        if offset.is_zero() {
            return false;
        }
        let completes = |pick_up: Quarters| offset + pick_up == length(score, measure);
        self.points.contains(&(measure, offset)) || self.pick_up.is_some_and(completes)
    }
}
