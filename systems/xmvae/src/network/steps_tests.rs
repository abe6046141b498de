use super::*;
use crate::ecp::{BEGIN, NOTE};

fn step(family: u8) -> ScoreTokens {
    [family, 1, 1, 1]
}

/// Something before the first beat, a beat of two notes, an empty one, one of a note.
fn steps() -> Vec<ScoreTokens> {
    [NOTE, METRIC, NOTE, NOTE, METRIC, METRIC, NOTE].map(step).to_vec()
}

#[test]
fn steps_belong_to_the_beat_that_began_last() {
    assert_eq!(beats(&steps()), [0..1, 1..4, 1..4, 1..4, 4..5, 5..7, 5..7]);
    assert!(beats(&[]).is_empty());
    let only = beats(&[step(BEGIN)]);
    assert_eq!((only.len(), only[0].clone()), (1, 0..1));
}

#[test]
fn steps_have_the_code_of_their_beat() {
    let of = |codes: &[u16]| codes_of_steps(&steps(), codes);
    assert_eq!(of(&[7, 8, 9]), [None, Some(7), Some(7), Some(7), Some(8), Some(9), Some(9)]);
    assert_eq!(of(&[7]), [None, Some(7), Some(7), Some(7), None, None, None], "codes that are missing");
}
