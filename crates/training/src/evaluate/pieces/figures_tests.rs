#![allow(clippy::unwrap_used)]

use super::*;

/// Sixteen notes in two bars, alternately C and E or D and F, of velocities 60 and 70, a fifth of a second apart.
fn notes() -> Vec<Sounded> {
    let note = |k: u32| Sounded {
        bar: k / 8,
        pitch: 60 + 4 * (k % 2) as u8,
        onset_secs: 0.2 * f64::from(k),
        duration_secs: if k.is_multiple_of(2) { 0.1 } else { 0.3 },
        velocity: if k.is_multiple_of(2) { 60.0 } else { 70.0 },
    };
    (0..16).map(note).collect()
}

#[test]
fn figures_are_what_they_say() {
    let mut notes = notes();
    notes[15].pitch = 76;
    notes[3].duration_secs = f64::NAN;
    let found = Figures::of(&notes).unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} instead of {b}");
    close(found.upc, 2.0);
    close(found.pr, 16.0);
    close(found.aps, (14.0 * 4.0 + 16.0) / 15.0);
    close(found.ioi, 0.2);
    close(found.avi, 10.0);
    // Eight of .1, seven of .3.
    let mean = (8.0 * 0.1 + 7.0 * 0.3) / 15.0;
    let variance: f64 = (8.0 * (0.1_f64 - mean).powi(2) + 7.0 * (0.3_f64 - mean).powi(2)) / 15.0;
    close(found.dstd, variance.sqrt());
    assert_eq!(Figures::of(&notes[..8]), None, "too few notes");
}

#[test]
fn the_nearer_one_is_counted() {
    let data = Figures { upc: 5.0, pr: 50.0, aps: 10.0, dstd: 0.3, ioi: 0.2, avi: 8.0 };
    let near = Figures { upc: 5.5, pr: 48.0, aps: 11.0, dstd: 0.3, ioi: 0.1, avi: 8.0 };
    let far = Figures { upc: 4.0, pr: 60.0, aps: 9.5, dstd: 0.1, ioi: 0.1, avi: 9.0 };
    assert_eq!(near.nearer(&far, &data), 4);
    assert_eq!(mean(&[near, far]).upc, 4.75);
    assert_eq!(mean(&[]), Figures::default());
}
