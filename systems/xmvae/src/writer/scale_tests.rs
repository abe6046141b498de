use super::*;
use crate::ecp::duration_token;

const BEAT: ScoreTokens = [METRIC, 1, 0, 0];

fn note(pitch: u8) -> ScoreTokens {
    [NOTE, 1, pitch - 20, duration_token(Quarters::whole(1), false)]
}

fn classes(scale: &Scale) -> Vec<usize> {
    (0..12).filter(|class| scale.is_inside[*class]).collect()
}

#[test]
fn every_key_may_be_drawn() {
    let mut drawn: Vec<Vec<usize>> =
        (0..24).map(|k| classes(&Scale::drawn((f64::from(k) + 0.5) / 24.0))).collect();
    assert_eq!(drawn[0], [0, 2, 4, 5, 7, 9, 11]);
    assert_eq!(drawn[1], [0, 2, 3, 5, 7, 8, 10, 11]);
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn.len(), 24);
}

#[test]
fn the_scale_goes_with_what_is_written() {
    let mut scale = Scale::drawn(0.0);
    for _ in 0..12 {
        for pitch in [66, 70, 73, 71, 75, 78, 77] {
            scale.hear(note(pitch));
        }
        scale.hear(BEAT);
    }
    // F sharp major.
    assert_eq!(classes(&scale), [1, 3, 5, 6, 8, 10, 11]);
}

#[test]
fn pitches_outside_are_less_likely_and_no_others() {
    let scale = Scale::drawn(0.0);
    let logits = scale.lean(&[1.0; 89]);
    // Sub-token 1 is the A below, 2 its sharp.
    assert_eq!(logits[1..5], [1.0, 1.0 - OUTSIDE, 1.0, 1.0]);
    assert_eq!(logits[5], 1.0 - OUTSIDE);
}
