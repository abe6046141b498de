#![allow(clippy::unwrap_used)]

use super::*;

/// Three codes of two numbers.
fn codes() -> Vec<f32> {
    vec![0.0, 0.0, 1.0, 1.0, 5.0, -5.0]
}

#[test]
fn codes_move_to_the_mean_of_the_rows_that_chose_them() {
    let mut averages = Averages::of(codes(), 2);
    let chosen = Chosen { codes: vec![0, 0, 2], rows: vec![2.0, 0.0, 4.0, 2.0, 5.0, -5.0] };
    let first = averages.step(&chosen, MOST_KEPT, 1);
    // (.99 · 0 + .01 · 6) / (.99 + .02), and .01 · 2 over the same.
    assert!((first[0] - 0.06 / 1.01).abs() < 1e-4 && (first[1] - 0.02 / 1.01).abs() < 1e-4, "{first:?}");
    for (found, expected) in first[2..].iter().zip([1.0, 1.0, 5.0, -5.0]) {
        assert!((found - expected).abs() < 1e-3, "a code moves that nothing pulls: {first:?}");
    }
    let last = (0..1000).map(|_| averages.step(&chosen, MOST_KEPT, 1)).last().unwrap();
    assert!((last[0] - 3.0).abs() < 0.01 && (last[1] - 1.0).abs() < 0.01, "{last:?}");
}

#[test]
fn codes_that_nothing_chooses_begin_anew_as_rows_of_the_batch() {
    let mut averages = Averages::of(codes(), 2);
    let chosen = Chosen { codes: vec![0, 0], rows: vec![7.0, 8.0, 9.0, 10.0] };
    let near = |code: &[f32], row: [f32; 2]| code.iter().zip(row).all(|(a, b)| (a - b).abs() < 0.01);
    let restarted = |code: &[f32]| near(code, [7.0, 8.0]) || near(code, [9.0, 10.0]);
    let steps: Vec<Vec<f32>> = (0..25).map(|seed| averages.step(&chosen, MOST_KEPT, seed)).collect();
    assert!(near(&steps[23][2..4], [1.0, 1.0]), "24 steps without a choice are no reason: {:?}", steps[23]);
    assert!(restarted(&steps[24][2..4]) && restarted(&steps[24][4..6]), "{:?}", steps[24]);
    // Nothing of a batch without rows is there to begin with.
    let mut starved = Averages::of(codes(), 2);
    let last = (0..200).map(|seed| starved.step(&Chosen::default(), MOST_KEPT, seed)).last().unwrap();
    assert!(near(&last[2..4], [1.0, 1.0]), "{last:?}");
}

#[test]
fn a_random_codebook_becomes_rows_of_the_first_batch() {
    let mut averages = Averages::new(codes(), 2);
    let first = averages.step(&Chosen { codes: vec![2], rows: vec![7.0, 8.0] }, MOST_KEPT, 1);
    assert!(first[..4].chunks(2).all(|code| (code[0] - 7.0).abs() < 0.01), "{first:?}");
    assert!((first[4] - 5.0).abs() < 0.1, "what is chosen stays: {first:?}");
}

#[test]
fn averages_come_back_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let mut averages = Averages::new(codes(), 2);
    averages.step(&Chosen { codes: vec![1], rows: vec![0.1, 1.0 / 3.0] }, MOST_KEPT, 1);
    averages.write(folder.path()).unwrap();
    assert_eq!(Averages::read(folder.path(), 3, 2).unwrap(), averages);
    let other = format!("{:#}", Averages::read(folder.path(), 4, 2).unwrap_err());
    assert!(other.ends_with("array unused has the shape [3], expected [4]"), "{other}");
    let none = Averages::read(&folder.path().join("none"), 3, 2).unwrap_err().to_string();
    assert!(none.starts_with("the checkpoint has no "), "{none}");
}

#[test]
fn early_averages_are_fast() {
    assert!((kept(0) - 2.0 / 11.0).abs() < 1e-6 && kept(100) < MOST_KEPT);
    assert_eq!(kept(10_000), MOST_KEPT);
}
