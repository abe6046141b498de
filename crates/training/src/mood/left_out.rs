//! Ridge regression of ratings on what is known of performances, and what it is worth on performances that
//! it did not learn from.

use std::collections::BTreeSet;
use std::ops::Range;

use performance::metrics::correlation;

use crate::linear;

/// The pull of the weights to zero, in performances whose columns all differ by a deviation: the best of 10,
/// 30 and 100 do not differ by .01.
const PULL: f64 = 30.0;

/// More columns are taken only if left-out ratings are predicted better by this: otherwise chance would choose.
const WORTH: f64 = 0.01;

/// A performance, as it differs from the mean of its segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Example {
    /// Who played.
    pub player: String,
    /// Of which piece it is.
    pub piece: String,
    /// What is known of it, column by column, in deviations between players; 0 where it is not known.
    pub known: Vec<f64>,
    /// 1 to 7, scale by scale.
    pub ratings: Vec<f64>,
}

/// The player of an example.
pub(super) fn player(example: &Example) -> &str {
    &example.player
}

/// The piece of an example.
pub(super) fn piece(example: &Example) -> &str {
    &example.piece
}

/// The weight of every column for one scale, 0 outside `columns`.
pub(super) fn weights(examples: &[&Example], scale: usize, columns: &Range<usize>) -> Vec<f64> {
    let row = |example: &&Example| (example.known[columns.clone()].to_vec(), example.ratings[scale]);
    let solved = linear::ridge(columns.len(), columns.len(), PULL, examples.iter().map(row));
    let mut weights = vec![0.0; examples.first().map_or(columns.end, |example| example.known.len())];
    weights[columns.clone()].copy_from_slice(&solved);
    weights
}

/// What weights make of what is known.
pub(super) fn predict(weights: &[f64], known: &[f64]) -> f64 {
    weights.iter().zip(known).map(|(weight, value)| weight * value).sum()
}

/// r over all performances, each predicted by what was learned without those of its group; none of one group,
/// or where nothing varies.
pub(super) fn left_out(
    examples: &[&Example],
    scale: usize,
    group: fn(&Example) -> &str,
    learn: &dyn Fn(&[&Example]) -> Vec<f64>,
) -> Option<f64> {
    let groups: BTreeSet<&str> = examples.iter().map(|example| group(example)).collect();
    if groups.len() < 2 {
        return None;
    }
    let mut pairs = Vec::with_capacity(examples.len());
    for out in groups {
        let (theirs, others): (Vec<&Example>, Vec<&Example>) =
            examples.iter().copied().partition(|example| group(example) == out);
        let weights = learn(&others);
        pairs.extend(theirs.iter().map(|e| (predict(&weights, &e.known), e.ratings[scale])));
    }
    correlation(&pairs)
}

/// Which of some sets of columns, the smallest first, predicts a scale best on pieces that are left out in
/// turn, or on players where there is one piece; a larger one only if it is worth it.
pub(super) fn choose(examples: &[&Example], scale: usize, sets: &[Range<usize>]) -> Range<usize> {
    let pieces: BTreeSet<&str> = examples.iter().map(|example| piece(example)).collect();
    let group: fn(&Example) -> &str = if pieces.len() > 1 { piece } else { player };
    let worth = |set: &Range<usize>| {
        left_out(examples, scale, group, &|others| weights(others, scale, set)).unwrap_or_default()
    };
    let mut best: Option<(&Range<usize>, f64)> = None;
    for set in sets {
        let worth = worth(set);
        if best.is_none_or(|(_, most)| worth > most + WORTH) {
            best = Some((set, worth));
        }
    }
    best.map_or(0..0, |(set, _)| set.clone())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Forty performances of two pieces by ten people. The rating is the first column, and in part what
    /// the second says; the third is a riddle that the pieces answer otherwise.
    fn examples(second: f64) -> Vec<Example> {
        let of = |k: usize| {
            let (player, piece) = (k % 10, k / 20);
            let first = player as f64 - 4.5;
            let other = ((k * 7) % 5) as f64 - 2.0;
            let riddle = ((k * 3) % 7) as f64 - 3.0;
            let answer = if piece == 0 { riddle } else { -riddle };
            Example {
                player: player.to_string(),
                piece: piece.to_string(),
                known: vec![first, other, riddle],
                ratings: vec![first + second * other + 2.0 * answer],
            }
        };
        (0..40).map(of).collect()
    }

    #[test]
    fn weights_are_found_and_columns_outside_have_none() {
        let examples = examples(1.5);
        let all: Vec<&Example> = examples.iter().collect();
        let found = weights(&all, 0, &(0..2));
        assert!((found[0] - 1.0).abs() < 0.3 && (found[1] - 1.5).abs() < 0.8, "{found:?}");
        assert_eq!((found.len(), found[2]), (3, 0.0));
        assert!((predict(&[2.0, 0.0, 1.0], &[1.0, 9.0, -3.0]) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_a_group_alone_answers_is_not_known_of_it_when_it_is_left_out() {
        let examples = examples(0.0);
        let all: Vec<&Example> = examples.iter().collect();
        let r = |columns: Range<usize>, group: fn(&Example) -> &str| {
            left_out(&all, 0, group, &|others| weights(others, 0, &columns)).unwrap()
        };
        assert!(r(0..1, piece) > 0.3, "{}", r(0..1, piece));
        assert!(r(0..3, piece) < r(0..1, piece));
        let one: Vec<&Example> = examples.iter().filter(|e| e.piece == "0").collect();
        assert_eq!(left_out(&one, 0, piece, &|others| weights(others, 0, &(0..1))), None);
    }

    #[test]
    fn more_columns_are_chosen_only_where_they_are_worth_it() {
        let sets = [0..1, 0..2, 0..3];
        let chosen = |second: f64| {
            let examples = examples(second);
            choose(&examples.iter().collect::<Vec<_>>(), 0, &sets)
        };
        assert_eq!(chosen(3.0), 0..2);
        assert_eq!(chosen(0.0), 0..1);
    }
}
