//! First, second, … endings of a passage, and which of them each pass takes.

use std::collections::HashMap;

use super::passages::{Bracket, Passage};
use crate::time::Quarters;

/// The endings of one passage.
#[derive(Debug)]
pub(super) struct Endings {
    pub brackets: Vec<(Quarters, Quarters)>,
    /// Where each pass begins.
    pub passage_start: Quarters,
    /// For each pass the bracket that it takes; nothing if it goes past all of them.
    pub passes: Vec<Option<usize>>,
    /// Whether there is more than one pass after a jump too.
    pub after_jump: bool,
}

/// Puts brackets that touch together. A number that is there already begins the endings of another
/// passage, as does a repeat that starts there.
pub(super) fn group(brackets: Vec<Bracket>, passages: &[Passage]) -> Vec<Endings> {
    let by_end: HashMap<Quarters, &Passage> = passages.iter().map(|p| (p.to, p)).collect();
    let starts_passage = |at: Quarters| passages.binary_search_by_key(&at, |p| p.from).is_ok();
    let mut groups: Vec<Vec<Bracket>> = Vec::new();
    for bracket in brackets {
        let belongs = groups.last().is_some_and(|group| {
            let touches = group.last().is_some_and(|last| last.to == bracket.from);
            let is_taken = |number: &u8| group.iter().any(|b| b.numbers.contains(number));
            touches && !bracket.numbers.iter().any(is_taken) && !starts_passage(bracket.from)
        });
        match groups.last_mut() {
            Some(group) if belongs => group.push(bracket),
            _ => groups.push(vec![bracket]),
        }
    }
    let endings = |group: Vec<Bracket>| {
        let passage = group.iter().find_map(|b| by_end.get(&b.to));
        Endings {
            passes: passes(&group, passage.is_some()),
            passage_start: passage.map_or(Quarters::ZERO, |p| p.from),
            after_jump: passage.is_none_or(|p| p.after_jump),
            brackets: group.into_iter().map(|b| (b.from, b.to)).collect(),
        }
    };
    groups.into_iter().map(endings).collect()
}

/// The bracket of each pass. Numbers that are missing between others are no passes.
fn passes(group: &[Bracket], is_repeated: bool) -> Vec<Option<usize>> {
    if group.len() == 1 && !is_repeated {
        return vec![Some(0)];
    }
    let highest = group.iter().flat_map(|b| &b.numbers).max().copied().unwrap_or(1);
    let bracket_of = |pass: u8| group.iter().position(|b| b.numbers.contains(&pass));
    let mut passes: Vec<Option<usize>> = (1..=highest).map(bracket_of).filter(Option::is_some).collect();
    if group.len() == 1 {
        // A first ending alone: the last time goes past it.
        passes.push(None);
    }
    passes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bracket(from: i64, to: i64, numbers: &[u8]) -> Bracket {
        Bracket { from: Quarters::whole(from), to: Quarters::whole(to), numbers: numbers.to_vec() }
    }

    fn passage(from: i64, to: i64) -> Passage {
        Passage { from: Quarters::whole(from), to: Quarters::whole(to), times: 2, after_jump: true }
    }

    fn passes_of(brackets: Vec<Bracket>, passages: &[Passage]) -> Vec<Vec<Option<usize>>> {
        group(brackets, passages).into_iter().map(|endings| endings.passes).collect()
    }

    #[test]
    fn each_pass_has_its_ending() {
        let first_and_second = vec![bracket(4, 8, &[1]), bracket(8, 12, &[2])];
        assert_eq!(passes_of(first_and_second, &[passage(0, 8)]), [[Some(0), Some(1)]]);
        let shared = vec![bracket(4, 8, &[1, 2]), bracket(8, 12, &[3])];
        assert_eq!(passes_of(shared, &[passage(0, 8)]), [[Some(0), Some(0), Some(1)]]);
        assert_eq!(passes_of(vec![bracket(4, 8, &[1])], &[passage(0, 8)]), [[Some(0), None]]);
        assert_eq!(passes_of(vec![bracket(4, 8, &[1])], &[]), [[Some(0)]]);
        let gap = vec![bracket(4, 8, &[1]), bracket(8, 12, &[3])];
        assert_eq!(passes_of(gap, &[passage(0, 8)]), [[Some(0), Some(1)]]);
    }

    #[test]
    fn endings_of_two_passages_may_touch() {
        let brackets =
            vec![bracket(0, 4, &[1]), bracket(4, 8, &[2]), bracket(8, 12, &[1]), bracket(12, 16, &[2])];
        let passes = passes_of(brackets.clone(), &[passage(0, 4), passage(8, 12)]);
        assert_eq!(passes, [[Some(0), Some(1)], [Some(0), Some(1)]]);
        let other_numbers = [&brackets[..2], &[bracket(8, 12, &[3]), bracket(12, 16, &[4])]].concat();
        assert_eq!(passes_of(other_numbers, &[passage(0, 4), passage(8, 12)]).len(), 2);
    }
}
