#![allow(clippy::unwrap_used)]

use super::*;

/// Onsets on some sixteenths of a tempo, each late by what `off` says in sixteenths.
fn onsets(per_minute: f64, origin_secs: f64, off: impl Fn(usize) -> f64) -> Vec<f64> {
    let sixteenth = 15.0 / per_minute;
    let places = (0..1600).filter(|k| [0, 3, 4, 6, 8, 11, 12, 14].contains(&(k % 16)));
    places.map(|k| origin_secs + sixteenth * (k as f64 + off(k))).collect()
}

/// POP909's files are at whole numbers of quarters a minute: the last of 100 bars is to be where it is.
#[test]
fn a_fixed_tempo_is_found_to_the_last_bar() {
    for (per_minute, origin) in [(67.0, 0.3), (76.0, 5.8997), (103.2, 1.5843), (126.0, 0.1587)] {
        let unsteady = |k: usize| 0.08 * ((k * 7919 % 101) as f64 / 50.0 - 1.0);
        for onsets in [onsets(per_minute, origin, |_| 0.0), onsets(per_minute, origin, unsteady)] {
            let pulse = Pulse::find(&onsets).unwrap();
            let last = pulse.at(origin + 1600.0 * 15.0 / per_minute) - pulse.at(origin);
            assert!((last - 1600.0).abs() < 0.05, "{per_minute}: {last}");
            let off = pulse.at(origin) - pulse.at(origin).round();
            assert!(off.abs() < 0.05, "{per_minute}: {off}");
        }
    }
}

#[test]
fn a_tempo_that_is_not_fixed_is_none() {
    let slower: Vec<f64> = onsets(80.0, 0.0, |_| 0.0).iter().map(|secs| secs + 2e-3 * secs * secs).collect();
    assert_eq!(Pulse::find(&slower), None);
    assert_eq!(Pulse::find(&onsets(80.0, 0.0, |_| 0.0)[..40]), None);
    assert_eq!(Pulse::find(&[]), None);
}
