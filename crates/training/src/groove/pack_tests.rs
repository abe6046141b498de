use super::*;

/// A sixteenth is a quarter of a quarter: a per cent of it is .0025 of one.
#[test]
fn bins_are_per_cents_of_a_sixteenth() {
    assert_eq!(bin(Some(0.0)), 50);
    assert_eq!(bin(Some(0.0025)), 51);
    assert_eq!(bin(Some(-0.025)), 40);
    assert_eq!((bin(Some(0.125)), bin(Some(-0.125))), (100, 0));
    assert_eq!((bin(Some(0.126)), bin(None)), (NO_TIMING, NO_TIMING));
}

#[test]
fn a_tenth_of_the_songs_is_held_out() {
    assert_eq!((0..909).filter(|k| is_held_out(*k)).count(), 91);
}
