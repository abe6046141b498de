#![allow(clippy::unwrap_used)]

use super::*;

/// Bars of 2/4 with a quarter on each beat, played at a second a quarter; every velocity is the bar's number.
fn pack(bars: usize) -> Pack {
    let (mut steps, mut values) = (Vec::new(), Vec::new());
    for bar in 0..bars {
        for beat in 0..2 {
            steps.push([METRIC, 1 + beat, 0, 26]);
            values.extend([1.0, f32::NAN, f32::NAN, f32::NAN, f32::NAN]);
            steps.push([NOTE, 1, 40, 26]);
            values.extend([f32::NAN, 1.0 + bar as f32, 0.05, -1.0, 0.0]);
        }
    }
    let end = steps.len();
    Pack { scores: vec![0], performance_starts: vec![0, end], values, ..Pack::new(steps, vec![0, end]) }
}

#[test]
fn a_passage_is_drawn_from_anywhere() {
    let pack = pack(5);
    assert!(pack.is_whole());
    let bars = |chance: f64| pack.passage(0, 2, chance).map(|notes| notes[0].velocity as usize);
    assert_eq!([0.0, 0.3, 0.99].map(bars), [Some(1), Some(2), Some(4)]);
    assert!(pack.passage(0, 5, 0.99).is_some());
    assert_eq!(pack.passage(0, 6, 0.0), None);
    assert_eq!(pack.passage(1, 2, 0.0), None);
}

#[test]
fn notes_are_where_they_are_played() {
    let notes = pack(2).passage(0, 2, 0.0).unwrap();
    assert_eq!(notes.len(), 4);
    let last = notes[3];
    assert!((last.onset_secs - 3.05).abs() < 1e-6 && (last.duration_secs - 0.5).abs() < 1e-6, "{last:?}");
    assert_eq!(last.pitch, 60);
    assert!(notes[0].bar == notes[1].bar && notes[1].bar < last.bar);
}

#[test]
fn notes_that_are_not_known_are_left_out() {
    let mut pack = pack(2);
    pack.values[PLAYED + 1] = f32::NAN;
    pack.values[2 * PLAYED] = f32::NAN;
    let notes = pack.passage(0, 2, 0.0).unwrap();
    assert_eq!(notes.len(), 3);
    assert!((notes[0].onset_secs - 1.05).abs() < 1e-6, "the tempo goes on as before: {:?}", notes[0]);
}

#[test]
fn arrays_have_to_fit() {
    let mut pack = pack(2);
    pack.performance_starts = vec![0, 3];
    assert!(!pack.is_whole());
}

#[test]
fn a_pack_that_is_missing_is_told() {
    let message = Pack::performances(Path::new("nowhere")).err().unwrap().to_string();
    assert!(message.contains("nowhere") && message.contains("espressivo data ecp"), "{message}");
    assert_eq!(Pack::scores(Path::new("nowhere")).unwrap().all_scores().count(), 0);
}
