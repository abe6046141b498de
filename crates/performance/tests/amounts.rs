//! Amounts: nothing changes at 1, the deadpan appears at 0, and each dimension minds its own.
#![allow(clippy::unwrap_used)]

mod common;

use performance::amounts::{Amounts, apply};
use performance::metrics::{Figure, Figures, agreement, deviation};
use performance::{Performance, codec, deadpan};
use proptest::prelude::*;

const ONES: Amounts =
    Amounts { dynamics: 1.0, tempo: 1.0, rubato: 1.0, articulation: 1.0, pedal: 1.0, balance_db: 0.0 };

fn onsets(played: &Performance) -> Vec<f64> {
    played.notes.iter().map(|n| n.onset_secs).collect()
}

fn velocities(played: &Performance) -> Vec<u8> {
    played.notes.iter().map(|n| n.velocity).collect()
}

#[test]
#[ignore = "needs the data folder"]
fn each_dimension_leaves_the_others_alone_needs_data() {
    let pieces = common::test_split().unwrap();
    for piece in &pieces {
        let Some((played, _)) = piece.humans.first() else { continue };
        let before = Figures::of(&piece.score, played, None);
        let check = |name: &str, amounts: Amounts, kept: &[Figure]| {
            let after = Figures::of(&piece.score, &apply(&piece.score, played, amounts), None);
            let r = agreement(&before, &after);
            for figure in kept {
                let r = r[*figure as usize].unwrap();
                // In a steady piece much of the tempo within two quarters is fast.
                let least = if name == "rubato" && *figure == Figure::QuarterTempo { 0.6 } else { 0.85 };
                assert!(r > least, "{}: {name} changes {} (r {r:.3})", piece.folder, figure.name());
            }
            after
        };
        use Figure::{Articulation, Chord, QuarterTempo, Tempo, Velocity};
        let louder =
            check("dynamics", Amounts { dynamics: 1.5, ..ONES }, &[Tempo, QuarterTempo, Chord, Articulation]);
        let freer = check("tempo", Amounts { tempo: 1.5, ..ONES }, &[Velocity, Chord, Articulation]);
        let stiff = check("rubato", Amounts { rubato: 0.5, ..ONES }, &[Velocity, QuarterTempo, Articulation]);
        check("articulation", Amounts { articulation: 2.0, ..ONES }, &[Velocity, Tempo, QuarterTempo, Chord]);
        let sd = |figures: &Figures, figure: Figure| deviation(figures)[figure as usize].unwrap();
        assert!(sd(&louder, Velocity) > 1.3 * sd(&before, Velocity));
        assert!(sd(&freer, QuarterTempo) > 1.15 * sd(&before, QuarterTempo), "{}", piece.folder);
        assert!(sd(&stiff, Chord) < 0.7 * sd(&before, Chord), "{}", piece.folder);
    }
}

#[test]
#[ignore = "needs the data folder"]
fn nothing_of_a_human_remains_at_zero_needs_data() {
    let pieces = common::test_split().unwrap();
    let none = Amounts { dynamics: 0.0, tempo: 0.0, rubato: 0.0, articulation: 0.0, pedal: 0.0, ..ONES };
    for piece in &pieces {
        let Some((played, _)) = piece.humans.first() else { continue };
        assert_deadpan(&piece.score, &apply(&piece.score, played, none), 1e-6);
    }
}

/// The deadpan, but for where it starts.
fn assert_deadpan(score: &notation::Score, flat: &Performance, tolerance_secs: f64) {
    let literal = deadpan(score);
    let shift = {
        let coded = codec::encode(score, flat);
        let notes = flat.notes.iter().map(|n| *literal.get(n.note).unwrap()).collect();
        coded.start_secs - codec::encode(score, &Performance { notes, pedals: Vec::new() }).start_secs
    };
    for note in &flat.notes {
        let expected = literal.get(note.note).unwrap();
        assert!(
            (note.onset_secs - shift - expected.onset_secs).abs() < tolerance_secs,
            "{note:?} {expected:?}"
        );
        assert!(
            (note.duration_secs - expected.duration_secs).abs() < tolerance_secs,
            "{note:?} {expected:?}"
        );
        assert_eq!(note.velocity, expected.velocity);
    }
    assert!(flat.pedals.iter().all(|p| p.pedal != performance::Pedal::Sustain));
}

proptest! {
    #![proptest_config(common::invented::cases(256))]

    #[test]
    fn one_is_identity_to_the_last_bit((score, played) in common::invented::performed(60)) {
        prop_assert_eq!(apply(&score, &played, ONES), played);
    }

    #[test]
    fn zero_is_the_deadpan((score, played) in common::invented::performed(60)) {
        let none = Amounts { dynamics: 0.0, tempo: 0.0, rubato: 0.0, articulation: 0.0, pedal: 0.0, ..ONES };
        assert_deadpan(&score, &apply(&score, &played, none), 1e-6);
    }

    #[test]
    fn what_is_not_scaled_stays_to_the_last_bit(
        (score, played) in common::invented::performed(60),
        amount in 0.0..3.0f64,
    ) {
        let dynamics = apply(&score, &played, Amounts { dynamics: amount, ..ONES });
        prop_assert_eq!(onsets(&dynamics), onsets(&played));
        prop_assert!(dynamics.notes.iter().all(|n| (1..=127).contains(&n.velocity)));
        let pedal = apply(&score, &played, Amounts { pedal: amount, ..ONES });
        prop_assert_eq!(&pedal.notes, &played.notes);
        let tempo = apply(&score, &played, Amounts { tempo: amount, ..ONES });
        prop_assert_eq!(velocities(&tempo), velocities(&played));
        let articulation = apply(&score, &played, Amounts { articulation: amount, ..ONES });
        prop_assert_eq!(onsets(&articulation), onsets(&played));
        prop_assert_eq!(&articulation.pedals, &played.pedals);
    }

    #[test]
    fn any_amounts_give_a_performance_of_the_same_notes(
        (score, played) in common::invented::performed(60),
        amounts in prop::array::uniform5(-1.0..5.0f64),
    ) {
        let [dynamics, tempo, rubato, articulation, pedal] = amounts;
        let after = apply(&score, &played, Amounts { dynamics, tempo, rubato, articulation, pedal, ..ONES });
        prop_assert!(after.notes.iter().map(|n| n.note).eq(played.notes.iter().map(|n| n.note)));
        prop_assert!(after.notes.iter().all(|n| n.onset_secs.is_finite() && n.duration_secs > 0.0));
        prop_assert!(after.pedals.windows(2).all(|p| p[0].time_secs <= p[1].time_secs + 1e-9));
    }
}
