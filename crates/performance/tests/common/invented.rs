//! Invented scores and performances for the property tests.

use notation::{Grace, Measure, Note, NoteId, Part, Quarters, Score, TimeSignature};
use performance::{Pedal, PedalEvent, Performance, PlayedNote};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A note as drawn: step from the onset before in 48ths of a quarter, duration in 48ths, pitch,
/// upper staff or not, grace or not.
type Drawn = (i64, i64, u8, bool, bool);

/// A score of up to `most` notes in 4/4 with chords, tuplets, unisons and grace notes.
pub fn score(most: usize) -> impl Strategy<Value = Score> {
    let step = prop_oneof![3 => Just(0), 3 => Just(24), 2 => Just(48), 2 => Just(16), 1 => 1..200i64];
    let drawn = (step, 1..300i64, 21..109u8, any::<bool>(), prop::bool::weighted(0.1));
    prop::collection::vec(drawn, 1..most).prop_map(build)
}

fn build(drawn: Vec<Drawn>) -> Score {
    let mut at = 0;
    let mut notes: Vec<Note> = Vec::new();
    for (k, (step, duration, pitch, upper, grace)) in drawn.into_iter().enumerate() {
        at += step;
        notes.push(Note {
            id: NoteId { written: k as u32, pass: 1 },
            onset: Quarters::new(at, 48),
            duration: if grace { Quarters::ZERO } else { Quarters::new(duration, 48) },
            pitch,
            measure: (at / 192) as u32,
            staff: if upper { 1 } else { 2 },
            grace: grace.then_some(Grace::Acciaccatura),
            ..Note::default()
        });
    }
    notes.sort_by_key(|n| (n.onset, n.pitch));
    Score {
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        measures: (0..=at as u32 / 192).map(|k| Measure::regular(k, TimeSignature::default())).collect(),
        time_signatures: vec![(Quarters::ZERO, TimeSignature::default())],
        notes,
        ..Score::default()
    }
}

/// A score and a wilful performance of it: any tempo, notes missing, chords out of order, time
/// running backwards now and then, pedals anywhere.
pub fn performed(most: usize) -> impl Strategy<Value = (Score, Performance)> {
    score(most).prop_flat_map(|score| {
        let note = (prop::bool::weighted(0.9), -0.4..0.4f64, 0.001..3.0f64, 1..=127u8);
        let notes = prop::collection::vec(note, score.notes.len());
        let pedal = (0.0..60.0f64, prop::sample::select(vec![64u8, 66, 67]), 0..=127u8);
        let pedals = prop::collection::vec(pedal, 0..20);
        (Just(score), notes, pedals, 0.1..3.0f64, 0.5..5.0f64).prop_map(
            |(score, notes, pedals, period, start)| {
                let played = perform(&score, &notes, pedals, period, start);
                (score, played)
            },
        )
    })
}

fn perform(
    score: &Score,
    notes: &[(bool, f64, f64, u8)],
    mut pedals: Vec<(f64, u8, u8)>,
    period: f64,
    start: f64,
) -> Performance {
    let mut played = Performance::default();
    for (n, (is_played, deviation, duration_secs, velocity)) in notes.iter().enumerate() {
        if *is_played {
            played.notes.push(PlayedNote {
                note: n as u32,
                onset_secs: start + period * score.notes[n].onset.to_f64() + deviation,
                duration_secs: *duration_secs,
                velocity: *velocity,
            });
        }
    }
    pedals.sort_by(|a, b| a.0.total_cmp(&b.0));
    let event = |(time_secs, controller, value): (f64, u8, u8)| {
        Some(PedalEvent { time_secs, pedal: Pedal::from_controller(controller)?, value })
    };
    played.pedals = pedals.into_iter().filter_map(event).collect();
    played
}

/// A lone grace note, then two notes more than a bar later that are played in the wrong order.
pub fn early_grace() -> (Score, Performance) {
    let score = build(vec![(0, 1, 60, true, true), (180, 48, 60, true, false), (1, 48, 62, true, false)]);
    let onsets_secs = [0.5, 2.0, 1.9];
    let note = |(n, onset_secs)| PlayedNote { note: n, onset_secs, duration_secs: 0.5, velocity: 64 };
    let played = Performance { notes: (0..).zip(onsets_secs).map(note).collect(), pedals: Vec::new() };
    (score, played)
}

/// Keeps no files of failures beside the sources: a finding becomes a test of its own. The cases are
/// the same every time unless `PROPTEST_RNG_SEED` says otherwise, so that a build does not depend on
/// luck.
pub fn cases(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}

/// Quarters in 4/4, one note at a time.
pub fn steady(notes: usize) -> Score {
    build(
        (0..notes)
            .map(|k| (if k == 0 { 0 } else { 48 }, 48, 40 + (k * 7 % 40) as u8, k % 3 == 0, false))
            .collect(),
    )
}
