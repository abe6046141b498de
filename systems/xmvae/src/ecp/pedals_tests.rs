#![allow(clippy::unwrap_used)]

use notation::{Note, Quarters};
use performance::PlayedNote;
use performance::metrics::usable_notes;

use super::*;

/// A note each quarter, played at these seconds, with these movements of the pedal.
fn depths_of(onsets: &[f64], moves: &[(f64, u8)]) -> Vec<f64> {
    let written = |k: usize| Note { onset: Quarters::whole(k as i64), ..Note::default() };
    let score = Score { notes: (0..onsets.len()).map(written).collect(), ..Score::default() };
    let note = |(k, onset): (usize, &f64)| PlayedNote {
        note: k as u32,
        onset_secs: *onset,
        duration_secs: 0.1,
        velocity: 64,
    };
    let heard = onsets.iter().enumerate().filter(|(_, onset)| onset.is_finite());
    let event = |(time_secs, value): &(f64, u8)| PedalEvent {
        time_secs: *time_secs,
        pedal: Pedal::Sustain,
        value: *value,
    };
    let played = Performance { notes: heard.map(note).collect(), pedals: moves.iter().map(event).collect() };
    depths(&score, &played, &usable_notes(&score, &played, None))
}

#[test]
fn depth_is_the_mean_up_to_the_next_onset() {
    let found = depths_of(&[0.0, 1.0, f64::NAN, 3.0], &[(0.75, 127), (2.0, 0), (3.5, 127)]);
    assert!((found[0] - 0.25).abs() < 1e-12, "{found:?}");
    assert!((found[1] - 0.5).abs() < 1e-12 && found[2].is_nan(), "{found:?}");
    assert!((found[3] - 0.5).abs() < 1e-12, "{found:?}");
    assert_eq!(depths_of(&[0.0, 1.0], &[]), [0.0, 0.0]);
}

#[test]
fn the_pedal_moves_where_the_depth_changes() {
    let told = |depths: &[(f64, f64)]| -> Vec<(f64, u8)> {
        movements(depths, 9.0).iter().map(|event| (event.time_secs, event.value)).collect()
    };
    assert!(told(&[(0.0, 0.0), (1.0, 0.1), (2.0, f64::NAN)]).is_empty());
    assert_eq!(
        told(&[(0.0, 0.9), (1.0, 1.0), (2.0, 0.6), (3.0, 0.65), (4.0, 0.1), (5.0, 0.5)]),
        [(0.0, 127), (2.0, 76), (4.0, 0), (5.0, 64), (9.0, 0)]
    );
    // Half of the time up, then down again; not for 20 ms.
    assert_eq!(
        told(&[(0.0, 1.0), (1.0, 0.5), (2.0, 1.0), (3.0, 0.5), (3.04, 1.0)]),
        [(0.0, 127), (1.0, 0), (1.5, 127), (3.0, 64), (3.04, 127), (9.0, 0)]
    );
}

#[test]
fn a_change_of_the_pedal_keeps_its_depth() {
    let onsets = [0.0, 0.5, 1.0, 1.5, 2.0];
    let expected = [1.0, 0.4, 1.0, 0.7, 1.0];
    let depths: Vec<(f64, f64)> = onsets.into_iter().zip(expected).collect();
    let moves: Vec<(f64, u8)> =
        movements(&depths, 4.0).iter().map(|event| (event.time_secs, event.value)).collect();
    let found = depths_of(&onsets, &moves);
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
}
