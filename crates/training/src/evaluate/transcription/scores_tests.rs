#![allow(clippy::unwrap_used)]

use super::*;

fn key(onset_secs: f64, end_secs: f64, pitch: u8, velocity: u8) -> Key {
    Key { pitch, velocity, onset_secs, end_secs }
}

fn keys(keys: &[Key]) -> Keys {
    Keys { keys: keys.to_vec(), pedal: Vec::new() }
}

/// The example of the tests of mir_eval (`tests/test_transcription.py`), with its published figures.
#[test]
fn the_published_example_has_its_published_figures() {
    let played =
        [key(0.1, 0.3, 57, 64), key(0.3, 0.4, 59, 64), key(0.5, 0.6, 61, 64), key(0.55, 0.65, 62, 64)];
    let heard = [
        key(0.12, 0.29, 57, 64),
        key(0.3, 0.34, 59, 64),
        key(0.5, 0.6, 71, 64),
        key(0.55, 0.6, 62, 64),
        key(0.56, 0.65, 62, 64),
    ];
    let scores = Scores::of(&keys(&played), &keys(&heard));
    let near = |rates: Rates, expected: [f64; 3]| {
        let found = [rates.precision, rates.recall, rates.f1];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    };
    near(scores.onset, [0.6, 0.75, 2.0 / 3.0]);
    near(scores.ends, [0.4, 0.5, 4.0 / 9.0]);
    // All are equally loud.
    assert_eq!((scores.velocity, scores.all), (scores.onset, scores.ends));
    assert_eq!((scores.pedal, scores.pedal_ends), (None, None));
}

/// The same of `tests/test_transcription_velocity.py`: the middle one of three is softer than the line.
#[test]
fn velocities_are_fitted_before_they_are_compared() {
    let of = |velocities: [u8; 3]| {
        let [a, b, c] = velocities;
        keys(&[key(0.0, 1.0, 100, a), key(0.5, 0.7, 110, b), key(1.0, 2.0, 80, c)])
    };
    let scores = Scores::of(&of([10, 90, 110]), &of([10, 70, 110]));
    assert!((scores.all.f1 - 2.0 / 3.0).abs() < 1e-12, "{scores:?}");
    assert!((scores.velocity.f1 - 2.0 / 3.0).abs() < 1e-12, "{scores:?}");
    // Half as loud, and louder by as much: the line takes that out.
    assert_eq!(Scores::of(&of([10, 90, 110]), &of([45, 85, 95])).all.f1, 1.0);
    // Nothing can be fitted to keys that are all equally loud.
    assert_eq!(Scores::of(&of([10, 60, 110]), &of([64, 64, 64])).all.recall, 1.0 / 3.0);
}

#[test]
fn nothing_played_or_heard_scores_nothing() {
    let (some, none) = (keys(&[key(0.0, 1.0, 60, 64)]), keys(&[]));
    for (played, heard) in [(&some, &none), (&none, &some), (&none, &none)] {
        assert_eq!(Scores::of(played, heard).onset, Rates::default());
    }
    assert_eq!(Scores::of(&some, &some).all, Rates { precision: 1.0, recall: 1.0, f1: 1.0 });
}

#[test]
fn the_pedal_is_judged_by_when_it_goes_down_and_comes_up() {
    let pedal = |presses: &[(f64, f64)]| Keys {
        keys: Vec::new(),
        pedal: presses
            .iter()
            .map(|(from_secs, to_secs)| Press { from_secs: *from_secs, to_secs: *to_secs })
            .collect(),
    };
    let played = pedal(&[(0.0, 1.0), (2.0, 3.0), (4.0, 5.0)]);
    let heard = pedal(&[(0.02, 1.19), (2.0, 3.3)]);
    let scores = Scores::of(&played, &heard);
    assert!((scores.pedal.unwrap().f1 - 0.8).abs() < 1e-12, "{scores:?}");
    assert!((scores.pedal_ends.unwrap().f1 - 0.4).abs() < 1e-12, "{scores:?}");
    assert_eq!(Scores::of(&played, &pedal(&[])).pedal, Some(Rates::default()));
    // A sound without a pedal counts in no mean of it.
    let unpedalled = Scores::of(&pedal(&[]), &pedal(&[]));
    let mean = Scores::mean(&[scores, unpedalled]).unwrap();
    assert_eq!((mean.pedal, mean.onset), (scores.pedal, Rates::default()));
    assert_eq!(Scores::mean(&[]), None);
}
