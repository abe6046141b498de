//! The codec: what is encoded comes back.
#![allow(clippy::unwrap_used)]

mod common;

use performance::{Performance, codec, deadpan};
use proptest::prelude::*;

/// Whether two performances are the same but for rounding.
fn assert_same(a: &Performance, b: &Performance) {
    assert_eq!(a.notes.len(), b.notes.len());
    for (a, b) in a.notes.iter().zip(&b.notes) {
        assert_eq!((a.note, a.velocity), (b.note, b.velocity));
        assert!((a.onset_secs - b.onset_secs).abs() < 1e-8, "{a:?} {b:?}");
        assert!((a.duration_secs - b.duration_secs).abs() < 1.1e-6, "{a:?} {b:?}");
    }
    assert_eq!(a.pedals.len(), b.pedals.len());
    for (a, b) in a.pedals.iter().zip(&b.pedals) {
        assert_eq!((a.pedal, a.value), (b.pedal, b.value));
        assert!((a.time_secs - b.time_secs).abs() < 1e-7, "{a:?} {b:?}");
    }
}

fn assert_curve_rises(coded: &codec::Coded) {
    assert!(coded.onsets.windows(2).all(|o| o[0].at < o[1].at));
    assert!(coded.onsets.iter().all(|o| o.beat_period_secs >= 0.0199 && o.beat_period_secs.is_finite()));
}

#[test]
#[ignore = "needs the data folder"]
fn human_performances_come_back_needs_data() {
    let pieces = common::test_split().unwrap();
    let (mut performances, mut worst_onset_secs, mut worst_duration_secs) = (0, 0.0f64, 0.0f64);
    for piece in &pieces {
        for (played, _) in &piece.humans {
            let coded = codec::encode(&piece.score, played);
            assert_curve_rises(&coded);
            let back = codec::decode(&piece.score, &coded);
            assert_same(played, &back);
            for (a, b) in played.notes.iter().zip(&back.notes) {
                worst_onset_secs = worst_onset_secs.max((a.onset_secs - b.onset_secs).abs());
                worst_duration_secs = worst_duration_secs.max((a.duration_secs - b.duration_secs).abs());
            }
            performances += 1;
        }
    }
    println!(
        "{performances} performances: onset {worst_onset_secs:.1e} s, duration {worst_duration_secs:.1e} s"
    );
    assert_eq!(performances, 96);
}

#[test]
#[ignore = "needs the data folder"]
fn an_attentive_listener_hears_the_tempo_in_the_curve_needs_data() {
    let pieces = common::test_split().unwrap();
    // In most of a human performance the curve passes within 30 ms of each chord.
    let (mut near, mut all) = (0, 0);
    for piece in &pieces {
        for (played, _) in &piece.humans {
            let coded = codec::encode(&piece.score, played);
            near += coded.notes.iter().filter(|n| n.timing_secs.abs() < 0.03).count();
            all += coded.notes.len();
        }
    }
    assert!(near as f64 > 0.9 * all as f64, "{near} of {all}");
}

proptest! {
    #![proptest_config(common::invented::cases(256))]

    #[test]
    fn any_performance_comes_back((score, played) in common::invented::performed(80)) {
        let coded = codec::encode(&score, &played);
        assert_curve_rises(&coded);
        assert_same(&played, &codec::decode(&score, &coded));
    }

    #[test]
    fn deadpan_lies_on_its_curve(score in common::invented::score(60)) {
        let played = deadpan(&score);
        let coded = codec::encode(&score, &played);
        prop_assert!(played.notes.iter().all(|n| n.onset_secs >= 0.0 && n.duration_secs > 0.0));
        for note in coded.notes.iter().filter(|n| score.notes[n.note as usize].grace.is_none()) {
            prop_assert!(note.timing_secs.abs() < 1e-9 && note.articulation_log2.abs() < 1e-6);
        }
    }
}
