#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn every_token_is_that_of_its_centre() {
    for column in DURATION..COLUMNS {
        assert_eq!(centres(column).len(), SIZES[column] - 1);
        for token in 1..SIZES[column] as u8 {
            assert_eq!(token_of(column, centre(column, token)), token, "{}", NAMES[column]);
        }
        assert_eq!(token_of(column, f32::NAN), 0);
        assert!(centre(column, 0).is_nan());
    }
}

#[test]
fn bins_have_edges_half_way_and_the_last_have_the_rest() {
    // Half of .025 is .0125.
    assert_eq!([0.0, 0.0124, 0.0126].map(|x| token_of(BEAT_PERIOD, x)), [81, 81, 82]);
    assert_eq!([-7.0, 7.0].map(|x| token_of(BEAT_PERIOD, x)), [1, 161]);
    assert_eq!([-0.3, 0.0, 0.0047, 0.0048, 0.3].map(|x| token_of(TIMING, x)), [1, 21, 21, 22, 41]);
    assert_eq!([-9.0, 0.0, 0.037, 0.038, 9.0].map(|x| token_of(ARTICULATION, x)), [1, 54, 54, 55, 81]);
    assert_eq!([0.0, 0.19, 0.21, 1.0].map(|x| token_of(PEDAL, x)), [1, 1, 2, 5]);
}

#[test]
fn four_velocities_are_a_bin() {
    for velocity in 1..=127u8 {
        let token = token_of(VELOCITY, f32::from(velocity));
        assert_eq!(token, 1 + velocity / 4);
        assert!((centre(VELOCITY, token) - f32::from(velocity)).abs() <= 2.0);
    }
}

#[test]
fn pitches_are_those_of_a_piano() {
    assert_eq!([20.0, 21.0, 60.0, 108.0, 109.0].map(|pitch| token_of(PITCH, pitch)), [1, 1, 40, 88, 88]);
    assert_eq!(centre(PITCH, 40), 60.0);
    // A column that is not there has no tokens.
    assert_eq!(token_of(COLUMNS, 1.0), 0);
    assert!(centre(COLUMNS, 1).is_nan());
}
