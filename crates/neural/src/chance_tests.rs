use notation::{Note, Quarters};

use super::*;

/// Chords of two notes, a quarter apart.
fn chords(count: i64) -> Score {
    let note = |k: i64| Note { onset: Quarters::whole(k / 2), pitch: 60 + (k % 2) as u8, ..Note::default() };
    Score { notes: (0..2 * count).map(note).collect(), ..Score::default() }
}

/// Correlation of pairs of numbers whose mean is 0 and whose variance is 1.
fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, count) = pairs.fold((0.0, 0.0), |(sum, count), (a, b)| (sum + a * b, count + 1.0));
    sum / count
}

#[test]
fn chance_is_as_coherent_as_asked_for() {
    let score = chords(60);
    let coherence = Coherence { chord: 0.7, take: 0.3, quarters: 2.0 };
    // Over many takes, since a take has one number throughout.
    let takes: Vec<Vec<f64>> = (0..2000).map(|seed| Chances::of(&score, &coherence, seed, 1).0).collect();
    let pairs =
        |far: usize| takes.iter().flat_map(move |take| take.iter().zip(&take[far..]).map(|(a, b)| (*a, *b)));
    let chord = takes.iter().flat_map(|take| take.chunks(2).map(|two| (two[0], two[1])));
    assert!((correlation(chord) - 0.7).abs() < 0.05);
    for (quarters, far) in [(1.0, 2), (3.0, 6), (20.0, 40)] {
        let expected = 0.3 + 0.4 * f64::exp(-quarters / 2.0);
        let found = correlation(pairs(far));
        assert!((found - expected).abs() < 0.05, "{quarters} quarters apart: {found}, not {expected}");
    }
    assert!((correlation(pairs(0)) - 1.0).abs() < 0.05);
}

#[test]
fn chance_belongs_to_seed_and_purpose() {
    let score = chords(20);
    let of = |seed, purpose| Chances::of(&score, &Coherence::default(), seed, purpose).0;
    assert_eq!(of(1, 1), of(1, 1));
    assert!(of(1, 1) != of(2, 1) && of(1, 1) != of(1, 2));
    let still = Chances::of(&score, &Coherence::default(), 1, 1);
    assert!((0..40).all(|n| (still.below(n, 0.0) - 0.5).abs() < 1e-7));
}

/// Quantiles of the normal distribution, from tables.
#[test]
fn shares_of_the_normal_distribution_are_those_of_the_tables() {
    for (x, share) in [(0.0, 0.5), (1.0, 0.841_344_746), (-1.96, 0.024_997_895), (3.0, 0.998_650_102)] {
        assert!((normal_below(x) - share).abs() < 1e-7, "{x}: {}", normal_below(x));
    }
}

/// Shares of a half, a quarter, a quarter.
#[test]
fn places_are_those_of_the_distribution() {
    let logits = [f32::ln(2.0), 0.0, 0.0];
    let places = [(0.0, 0.0), (0.25, 0.5), (0.5, 1.0), (0.625, 1.5), (1.0, 3.0)];
    for (below, place) in places {
        assert!((place_of(&logits, below) - place).abs() < 1e-6, "{below}");
    }
    assert!((place_of(&[f32::NEG_INFINITY, 0.0], 0.5) - 1.5).abs() < 1e-6);
}

/// Notes one by one are groups of one at their places.
#[test]
fn chance_of_groups_is_that_of_the_notes_in_them() {
    let (score, coherence) = (chords(10), Coherence { chord: 0.6, take: 0.2, quarters: 3.0 });
    let groups = Chances::of_groups((0..10).map(|k| (f64::from(k), 2)), &coherence, 5, 2);
    assert_eq!(groups.0, Chances::of(&score, &coherence, 5, 2).0);
    assert_eq!(groups.number(3, 0.5), 0.5 * groups.0[3]);
}

#[test]
fn impossible_coherences_are_told() {
    assert!(Coherence::default().is_possible());
    let possible = Coherence { chord: 0.5, take: 0.2, quarters: 2.0 };
    let changes: [fn(&mut Coherence); 4] =
        [|c| c.chord = 1.5, |c| c.take = 0.6, |c| c.quarters = 0.0, |c| c.chord = f64::NAN];
    for change in changes {
        let mut coherence = possible;
        change(&mut coherence);
        assert!(!coherence.is_possible(), "{coherence:?}");
    }
}
