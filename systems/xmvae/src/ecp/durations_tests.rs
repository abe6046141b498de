#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn durations_rise() {
    let quarters: Vec<Quarters> = (1..=51).map(duration_of).collect();
    assert!(quarters.is_sorted_by(|a, b| a < b));
    assert_eq!(DURATIONS.len() + 1, crate::ecp::SIZES[crate::ecp::DURATION]);
}

#[test]
fn each_duration_has_its_token_and_the_first_is_for_grace_notes() {
    for token in 2..=51 {
        assert_eq!(duration_token(duration_of(token), false), token);
    }
    assert_eq!(duration_token(duration_of(1), false), 2);
    assert_eq!(duration_token(Quarters::ZERO, false), 2);
    assert_eq!(duration_token(Quarters::whole(1), true), 1);
}

/// 10 quarters are 1/9 more than 9 and 1/5 less than 12; 10.4 are the middle by ratio.
#[test]
fn other_durations_have_the_nearest_by_ratio() {
    let of = |tenths: i64| duration_of(duration_token(Quarters::new(tenths, 10), false));
    assert_eq!(of(100), Quarters::whole(9));
    assert_eq!(of(103), Quarters::whole(9));
    assert_eq!(of(105), Quarters::whole(12));
    assert_eq!(of(1000), Quarters::whole(12));
}
