use neural::chance::Chances;

use super::*;

/// Numbers as chance with a coherence draws them: so many things at each half of a quarter.
fn drawn(coherence: &Coherence, together: usize, seeds: u64) -> Vec<Left> {
    let places = || (0..400).map(|k| (f64::from(k) / 2.0, together));
    let one = |seed: u64| -> Left {
        let chances = Chances::of_groups(places(), coherence, seed, 1);
        let at = places().flat_map(|(at, count)| std::iter::repeat_n(at, count));
        at.enumerate().map(|(k, at)| (at, chances.number(k, 1.0))).collect()
    };
    (1..=seeds).map(one).collect()
}

#[test]
fn what_chance_was_drawn_with_is_found() {
    let drawn_with = Coherence { chord: 0.7, take: 0.2, quarters: 2.0 };
    // Of beats there is one at each place: what is each one's own is told by those around.
    for together in [1, 2] {
        let found = coherence_of(&drawn(&drawn_with, together, 150));
        assert!((found.chord - 0.7).abs() < 0.1, "{found:?}");
        assert!((found.take - 0.2).abs() < 0.1, "{found:?}");
        assert!((1.3..3.2).contains(&found.quarters), "{found:?}");
        assert!(found.is_possible());
    }
}

#[test]
fn chance_of_each_notes_own_hangs_together_nowhere() {
    let found = coherence_of(&drawn(&Coherence::default(), 2, 30));
    assert!(found.chord < 0.05 && found.take < 0.05, "{found:?}");
}

#[test]
fn of_nothing_and_of_single_notes_something_possible_is_found() {
    for left in [vec![], vec![vec![]], vec![vec![(0.0, 1.0)]], vec![vec![(0.0, 0.0), (1.0, 0.0)]]] {
        let found = coherence_of(&left);
        assert!(found.is_possible(), "{left:?}: {found:?}");
    }
}
