use super::*;

#[test]
fn two_hands_strike_ten_keys_within_two_tenths() {
    assert!(can_strike(&[]));
    assert!(can_strike(&[36, 40, 43, 48, 52, 60, 64, 67, 72, 76]));
    assert!(!can_strike(&[36, 40, 43, 48, 52, 60, 64, 67, 72, 76, 77]));
    assert!(can_strike(&[21, 37, 92, 108]));
    assert!(!can_strike(&[21, 50, 108]));
    assert!(!can_strike(&[60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70]));
}

#[test]
fn low_and_high_are_left_and_right() {
    let mut hands = Hands::default();
    assert_eq!(hands.divide(&[43, 47, 50, 67, 71], &[]), Division { left: 3, let_go: vec![] });
    assert_eq!(hands.divide(&[74], &[]).left, 0);
    assert_eq!(hands.divide(&[40], &[]).left, 1);
}

#[test]
fn a_hand_that_leaps_lets_go() {
    let mut hands = Hands::default();
    let held = [Held { pitch: 36, hand: Hand::Left }, Held { pitch: 76, hand: Hand::Right }];
    let division = hands.divide(&[55, 58], &held);
    assert_eq!(division, Division { left: 2, let_go: vec![0] });
}

#[test]
fn what_a_hand_can_hold_it_holds() {
    let mut hands = Hands::default();
    let held = [Held { pitch: 48, hand: Hand::Left }, Held { pitch: 72, hand: Hand::Right }];
    assert_eq!(hands.divide(&[52], &held), Division { left: 1, let_go: vec![] });
    let five: Vec<Held> =
        [60, 62, 64, 65, 67].iter().map(|pitch| Held { pitch: *pitch, hand: Hand::Right }).collect();
    let division = hands.divide(&[69], &five);
    assert_eq!((division.left, division.let_go), (0, vec![0]));
}
