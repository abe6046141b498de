#![allow(clippy::unwrap_used)]

use notation::{Note, Quarters};

use super::*;

/// Eleven notes a second apart, each 0.5 s long, and a key besides after 4.5 s; the pedal goes down half at 2.5 s.
fn played() -> (Piece, Human, Vec<StruckKey>) {
    let note = |k: u32| Note { onset: Quarters::whole(i64::from(k)), pitch: 60 + k as u8, ..Note::default() };
    let score = Score { notes: (0..11).map(note).collect(), ..Score::default() };
    let key = |onset_secs, pitch| MidiNote { onset_secs, duration_secs: 0.5, pitch, velocity: 70, track: 0 };
    let mut keys: Vec<StruckKey> =
        (0..11_u32).map(|k| StruckKey { key: key(f64::from(k), 60 + k as u8), note: Some(k) }).collect();
    keys.insert(5, StruckKey { key: key(4.5, 30), note: None });
    let of_score = |struck: &StruckKey| {
        let MidiNote { onset_secs, duration_secs, velocity, .. } = struck.key;
        Some(PlayedNote { note: struck.note?, onset_secs, duration_secs, velocity })
    };
    let notes: Vec<PlayedNote> = keys.iter().filter_map(of_score).collect();
    let pedal = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    let mut flags = vec![NoteFlags::default(); notes.len()];
    flags[4].timing_outlier = true;
    let pedals = vec![pedal(2.5, 50), pedal(5.0, 100), pedal(9.0, 0)];
    let human = Human { midi: "A/B/x01.mid".to_owned(), performance: Performance { notes, pedals }, flags };
    let piece = Piece {
        composer: "A".to_owned(),
        title: "B".to_owned(),
        folder: "A/B".to_owned(),
        score,
        humans: Vec::new(),
    };
    (piece, human, keys)
}

#[test]
fn an_excerpt_has_what_goes_down_in_it() {
    let (piece, human, keys) = played();
    // Of 10.5 s; half of the way from the first to the last place for 2.3 s.
    let excerpt = Excerpt::of(&piece, &human, &keys, Some(2.3), 0.5);
    let begin = 0.5 * (10.5 - 2.3);
    assert_eq!(excerpt.name, "A__B__x01");
    let keys: Vec<(u8, f64)> =
        excerpt.truth.keys.iter().map(|k| (k.pitch, k.onset_secs + begin - 0.5)).collect();
    assert_eq!(keys.iter().map(|(pitch, _)| *pitch).collect::<Vec<_>>(), [30, 65, 66]);
    assert!(keys.iter().zip([4.5, 5.0, 6.0]).all(|((_, at), expected)| (at - expected).abs() < 1e-9));
    // The last key is cut off at 6.4 s.
    let last = excerpt.truth.keys[2];
    assert!((last.end_secs - 2.8).abs() < 1e-9, "{last:?}");
    let notes: Vec<u32> = excerpt.performance.notes.iter().map(|note| note.note).collect();
    assert_eq!(notes, [5, 6]);
    assert_eq!(excerpt.flags.iter().map(|flags| flags.duration_unknown).collect::<Vec<_>>(), [false, true]);
    let pedals: Vec<u8> = excerpt.pedals.iter().map(|event| event.value).collect();
    assert_eq!(pedals, [50, 100, 0]);
    assert_eq!(excerpt.truth.pedal.len(), 1, "half is not down");
    assert!((excerpt.length_secs - 4.8).abs() < 1e-9);
}

#[test]
fn a_whole_performance_has_all_and_keeps_what_is_doubtful() {
    let (piece, human, keys) = played();
    for secs in [None, Some(100.0)] {
        let excerpt = Excerpt::of(&piece, &human, &keys, secs, 0.7);
        assert_eq!((excerpt.truth.keys.len(), excerpt.performance.notes.len()), (12, 11));
        assert!(excerpt.flags[4].timing_outlier);
        assert!((excerpt.truth.keys[0].onset_secs - 0.5).abs() < 1e-9);
    }
}
