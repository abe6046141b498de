#![allow(clippy::unwrap_used)]

use cadenza::composer::written;

use super::*;

#[test]
fn a_segment_as_a_score_is_told_as_it_was() {
    let pertok = PerTok::new(written()).unwrap();
    let time = |beats| TimeSignature { beats, beat_type: 4 };
    let note =
        |onset_ticks, pitch| cadenza::pertok::Note { onset_ticks, pitch, duration_ticks: 240, velocity: 64 };
    // A bar of three quarters, two of four.
    let music = Music {
        notes: vec![note(0, 72), note(0, 40), note(1440, 60), note(1600, 59), note(4800, 72)],
        metres: vec![(0, time(3)), (1440, time(4))],
    };
    let score = score_of(&pertok, &music, 3);
    let ends: Vec<f64> = score.measures.iter().map(|measure| measure.end.to_f64()).collect();
    assert_eq!(ends, [3.0, 7.0, 11.0]);
    let places: Vec<_> = score.notes.iter().map(|note| (note.pitch, note.measure, note.staff)).collect();
    assert_eq!(places, [(40, 0, 2), (72, 0, 1), (60, 1, 1), (59, 1, 2), (72, 2, 1)]);
    let back = Music::of_measures(&score, 0..3, 480, 64).unwrap();
    let mut told = music.notes;
    told.sort_unstable();
    assert_eq!(back.notes, told);
}
