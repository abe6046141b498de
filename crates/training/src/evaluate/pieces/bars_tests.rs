use xmvae::ecp::METRIC;

use super::*;

/// A bar of two quarters with four notes.
fn bar(pitches: [u8; 4]) -> Vec<ScoreTokens> {
    let note = |place: u8, pitch: u8| [NOTE, 1 + place, pitch, 19];
    let [a, b, c, d] = pitches;
    vec![[METRIC, 1, 0, 26], note(0, a), note(12, b), [METRIC, 2, 0, 26], note(0, c), note(12, d)]
}

fn known(bars: &[[u8; 4]]) -> Known {
    let steps: Vec<ScoreTokens> = bars.iter().flat_map(|pitches| bar(*pitches)).collect();
    let mut packed = Packed::new();
    packed.push_score(&steps, &[]);
    Known::of(&[&packed])
}

#[test]
fn a_bar_in_another_key_is_known() {
    let known = known(&[[40, 44, 47, 52], [40, 42, 44, 45]]);
    assert_eq!(known.count(), 2);
    let found = known.judge(&of_steps(&bar([50, 54, 57, 62])));
    assert_eq!(found, Copied { bars: 1, copied: 1.0, nearest: 1.0 });
}

#[test]
fn what_two_bars_share_is_counted() {
    let known = known(&[[40, 44, 47, 52]]);
    let found = known.judge(&of_steps(&bar([40, 44, 48, 52])));
    assert_eq!(found.copied, 0.0);
    // Two beats and three notes of twice six.
    assert!((found.nearest - 10.0 / 12.0).abs() < 1e-9, "{found:?}");
    assert_eq!(likeness(&[1, 1, 2], &[1, 3]), 2.0 / 5.0);
}

#[test]
fn bars_of_few_notes_are_not_counted() {
    assert!(of_steps(&bar([40, 44, 47, 52])[..5]).is_empty());
    assert_eq!(known(&[]).judge(&[]), Copied::default());
}
