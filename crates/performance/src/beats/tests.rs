//! What estimates promise, on plain music and on random notes.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Chords on the beat, single notes between: an accompaniment of so many bars, with a bass on the first beat
/// of each, whose tempo goes up and down.
fn accompaniment(bars: usize, beats_per_bar: usize, beat_secs: f64, rubato: f64) -> (PlayedMidi, Vec<f64>) {
    let mut played = PlayedMidi::default();
    let (mut now, mut beats) = (1.0, Vec::new());
    for beat in 0..bars * beats_per_bar {
        let length = beat_secs * (1.0 + rubato * (beat as f64 * 0.3).sin());
        let mut strike = |secs: f64, pitch: u8, velocity: u8| {
            let note = MidiNote { onset_secs: secs, duration_secs: 0.8 * length, pitch, velocity, track: 0 };
            played.notes.push(note);
        };
        let root = [48, 53, 55, 50][beat / beats_per_bar % 4];
        if beat % beats_per_bar == 0 {
            strike(now, root - 12, 80);
        }
        for (k, step) in [0, 4, 7].into_iter().enumerate() {
            strike(now + 0.004 * k as f64, root + 12 + step, 64);
        }
        strike(now + 0.5 * length, root + 24, 50);
        beats.push(now);
        now += length;
    }
    played.notes.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
    (played, beats)
}

#[test]
fn beats_of_a_plain_accompaniment_are_found_at_any_tempo_and_with_rubato() {
    // Of steady music in 0.45 s a beat every second beat is as good an answer.
    for (beat_secs, rubato, is_slow) in [(0.45, 0.0, false), (0.6, 0.1, true), (0.8, 0.15, true)] {
        let (played, beats) = accompaniment(24, 4, beat_secs, rubato);
        let found = estimate(&played, &BeatOptions::default()).unwrap();
        let agreement = agreement(&found.grid.beats_secs, &beats);
        assert!(agreement.at_half_or_double > 0.95, "{beat_secs}, {rubato}: {agreement:?}");
        assert!(!is_slow || agreement.as_they_are > 0.95, "{beat_secs}, {rubato}: {agreement:?}");
        assert!(found.struck > 0.95 && found.sureness != Sureness::Unsure);
    }
}

#[test]
fn bars_of_three_begin_where_the_bass_is() {
    let (played, beats) = accompaniment(24, 3, 0.6, 0.05);
    let found = estimate(&played, &BeatOptions::default()).unwrap().grid;
    assert_eq!(found.beats_per_bar, 3);
    let firsts: Vec<f64> = found.first_beats.iter().map(|beat| found.beats_secs[*beat]).collect();
    let annotated: Vec<f64> = beats.iter().copied().step_by(3).collect();
    assert!(agreement(&firsts, &annotated).as_they_are > 0.9);
}

#[test]
fn who_knows_the_metre_and_the_tempo_can_say_so() {
    let (played, _) = accompaniment(24, 4, 0.5, 0.0);
    let options = BeatOptions { beats_per_bar: Some(4), beat_secs: 0.9..=1.1 };
    let grid = estimate(&played, &options).unwrap().grid;
    assert_eq!(grid.beats_per_bar, 4);
    let (median, _) = grid.beats_per_minute();
    assert!((median - 60.0).abs() < 3.0, "{median}");
}

#[test]
fn what_has_no_beat_is_refused() {
    let (mut played, _) = accompaniment(24, 4, 0.5, 0.0);
    let odd = BeatOptions { beat_secs: 0.5..=0.1, ..BeatOptions::default() };
    assert_eq!(estimate(&played, &odd), Err(NoBeats::Options));
    let none = BeatOptions { beats_per_bar: Some(0), ..BeatOptions::default() };
    assert_eq!(estimate(&played, &none), Err(NoBeats::Options));
    played.notes.last_mut().unwrap().onset_secs = 1e9;
    assert_eq!(estimate(&played, &BeatOptions::default()), Err(NoBeats::TooLong));
    played.notes.truncate(5);
    let few = estimate(&played, &BeatOptions::default());
    assert!(matches!(few, Err(NoBeats::TooShort { .. })), "{few:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    /// Whatever is played, beats rise and bars lie within them.
    #[test]
    fn beats_rise_and_first_beats_are_among_them(
        notes in prop::collection::vec((0.0..40.0f64, 0.001..3.0f64, 0..=127u8, 1..=127u8), 1..80),
        beats_per_bar in prop::option::of(1..=16u8),
    ) {
        let note = |(onset_secs, duration_secs, pitch, velocity)| {
            MidiNote { onset_secs, duration_secs, pitch, velocity, track: 0 }
        };
        let played = PlayedMidi { notes: notes.into_iter().map(note).collect(), pedals: Vec::new() };
        let options = BeatOptions { beats_per_bar, ..BeatOptions::default() };
        if let Ok(found) = estimate(&played, &options) {
            let BeatGrid { beats_secs, first_beats, .. } = found.grid;
            prop_assert!(beats_secs.len() >= 2);
            prop_assert!(beats_secs.windows(2).all(|w| w[1] - w[0] > 0.05));
            prop_assert!(first_beats.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(first_beats.last().is_none_or(|beat| *beat < beats_secs.len()));
        }
    }
}
