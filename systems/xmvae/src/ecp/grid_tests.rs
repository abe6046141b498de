#![allow(clippy::unwrap_used)]

use notation::Quarters;

use super::*;

fn beats(count: i64) -> Vec<Beat> {
    let beat = |k| Beat { start: Quarters::whole(k), length: Quarters::whole(1), number: 0 };
    (0..count).map(beat).collect()
}

#[test]
fn gaps_are_filled_by_lines() {
    let nan = f64::NAN;
    assert_eq!(filled(&[nan, 1.0, nan, nan, 4.0, nan]), [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
    assert_eq!(filled(&[nan, nan]), [0.0, 0.0]);
    assert!(filled(&[]).is_empty());
}

/// 200 beats of .51 s: log2 1.02 = .0286 lies between the bins 0 and .05, whose beats are 10 ms shorter and 7.6 ms
/// longer. Added up, the nearest alone would miss the last beat by 1.5 s.
#[test]
fn rounding_does_not_add_up() {
    let beats = beats(200);
    let spans = [Span { beats: 0..200, secs: (0..=200).map(|k| 3.0 + 0.51 * f64::from(k)).collect() }];
    let grid = Grid::follow(&beats, &spans, &|period| 0.05 * (period / 0.05).round());
    for beat in 0..200 {
        let found = grid.secs_at(BeatPlace { beat, after_quarters: 0.0 });
        assert!((found - 3.0 - 0.51 * beat as f64).abs() < 0.009, "{beat}: {found}");
    }
    let again = Grid::of_periods(&beats, grid.known.clone(), grid.start_secs());
    assert_eq!(again.secs, grid.secs);
}

#[test]
fn before_the_first_span_the_grid_goes_back_and_between_spans_it_starts_anew() {
    let spans =
        [Span { beats: 2..4, secs: vec![10.0, 11.0, 12.0] }, Span { beats: 6..7, secs: vec![20.0, 20.5] }];
    let grid = Grid::follow(&beats(8), &spans, &|period| period);
    assert_eq!(grid.secs[..4], [8.0, 9.0, 10.0, 11.0]);
    assert_eq!((grid.secs[4], grid.secs[6], grid.secs[7]), (12.0, 20.0, 20.5));
    assert_eq!(grid.known_period(3), 1.0);
    assert!(grid.known_period(4).is_nan() && grid.known_period(7).is_nan() && grid.known_period(99).is_nan());
    let anchored: Vec<bool> = (0..8).map(|beat| grid.is_anchored(beat)).collect();
    assert_eq!(anchored, [true, true, true, true, true, false, true, true]);
}

#[test]
fn a_single_onset_gives_a_place_without_a_tempo() {
    let spans = [Span { beats: 2..2, secs: vec![7.0] }];
    let grid = Grid::follow(&beats(4), &spans, &|period| period);
    assert_eq!(grid.secs, [6.0, 6.5, 7.0, 7.5]);
    assert!(grid.is_anchored(0) && grid.known_period(2).is_nan());
}
