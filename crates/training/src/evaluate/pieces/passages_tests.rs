#![allow(clippy::unwrap_used)]

use super::*;

/// Bars of 2/4 with a quarter on each beat, played at a second a quarter; every velocity is the bar's number.
fn pack(bars: usize) -> Packed {
    let (mut steps, mut values) = (Vec::new(), Vec::new());
    for bar in 0..bars {
        for beat in 0..2 {
            steps.push([METRIC, 1 + beat, 0, 26]);
            values.push([1.0, f32::NAN, f32::NAN, f32::NAN, f32::NAN]);
            steps.push([NOTE, 1, 40, 26]);
            values.push([f32::NAN, 1.0 + bar as f32, 0.05, -1.0, 0.0]);
        }
    }
    let mut packed = Packed::new();
    packed.push_score(&steps, &[]);
    packed.push_performance(0, &vec![[0; PERFORMANCE_COLUMNS]; steps.len()], &values);
    packed
}

#[test]
fn a_passage_is_drawn_from_anywhere() {
    let pack = pack(5);
    let bars = |chance: f64| passage(&pack, 0, 2, chance).map(|notes| notes[0].velocity as usize);
    assert_eq!([0.0, 0.3, 0.99].map(bars), [Some(1), Some(2), Some(4)]);
    assert!(passage(&pack, 0, 5, 0.99).is_some());
    assert_eq!(passage(&pack, 0, 6, 0.0), None);
    assert_eq!(passage(&pack, 1, 2, 0.0), None);
}

#[test]
fn notes_are_where_they_are_played() {
    let notes = passage(&pack(2), 0, 2, 0.0).unwrap();
    assert_eq!(notes.len(), 4);
    let last = notes[3];
    assert!((last.onset_secs - 3.05).abs() < 1e-6 && (last.duration_secs - 0.5).abs() < 1e-6, "{last:?}");
    assert_eq!(last.pitch, 60);
    assert!(notes[0].bar == notes[1].bar && notes[1].bar < last.bar);
}

#[test]
fn notes_that_are_not_known_are_left_out() {
    let mut pack = pack(2);
    pack.values[PERFORMANCE_COLUMNS + 1] = f32::NAN;
    pack.values[2 * PERFORMANCE_COLUMNS] = f32::NAN;
    let notes = passage(&pack, 0, 2, 0.0).unwrap();
    assert_eq!(notes.len(), 3);
    assert!((notes[0].onset_secs - 1.05).abs() < 1e-6, "the tempo goes on as before: {:?}", notes[0]);
}
