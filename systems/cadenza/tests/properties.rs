//! What holds for any music.
#![allow(clippy::unwrap_used)]

use cadenza::pertok::{
    Config, DecodeError, EncodeError, Grid, MicroTiming, Music, Note, PerTok, Places, Token,
};
use notation::TimeSignature;
use proptest::prelude::*;

const METRES: [(u8, u8); 5] = [(4, 4), (3, 4), (6, 8), (2, 2), (7, 8)];

fn metre(k: usize) -> TimeSignature {
    let (beats, beat_type) = METRES[k % METRES.len()];
    TimeSignature { beats, beat_type }
}

fn grid() -> impl Strategy<Value = Grid> {
    prop_oneof![Just(2), Just(3), Just(4), Just(6), Just(8)].prop_map(|steps| Grid { from: 0, to: 5, steps })
}

fn config() -> impl Strategy<Value = Config> {
    let micro_timing = (0.0f64..0.3, 1u32..64)
        .prop_map(|(max_shift_quarters, bins)| MicroTiming { max_shift_quarters, bins });
    (
        prop_oneof![Just(96u32), Just(320), Just(480)],
        proptest::collection::vec(grid(), 1..4),
        prop_oneof![Just(Places::TimeShift), Just(Places::Position)],
        proptest::option::of(micro_timing),
        proptest::option::of(1u8..=127),
        any::<bool>(),
        any::<bool>(),
        0..METRES.len(),
    )
        .prop_map(|(ticks, grids, places, micro_timing, velocities, durations, tells_metre, k)| Config {
            ticks_per_quarter: ticks,
            grids,
            places,
            micro_timing,
            velocities,
            durations,
            pitches: (0, 127),
            time_signatures: if tells_metre { (0..METRES.len()).map(metre).collect() } else { Vec::new() },
            metre: metre(k),
        })
}

fn notes() -> impl Strategy<Value = Vec<Note>> {
    let note = (0u32..12_000, 0u8..128, 1u32..4000, 1u8..128).prop_map(
        |(onset_ticks, pitch, duration_ticks, velocity)| Note {
            onset_ticks,
            pitch,
            duration_ticks,
            velocity,
        },
    );
    proptest::collection::vec(note, 0..80)
}

/// Two metres, the second from the bar line after so many bars.
fn metres(config: &Config, (first, bars, second): (usize, u32, usize)) -> Vec<(u32, TimeSignature)> {
    let first = metre(first);
    let bar = 4 * config.ticks_per_quarter * u32::from(first.beats) / u32::from(first.beat_type);
    vec![(0, first), (bars * bar, metre(second))]
}

proptest! {
    #[test]
    fn music_survives_its_tokens(
        config in config(),
        notes in notes(),
        changes in (0..METRES.len(), 1u32..6, 0..METRES.len()),
    ) {
        let pertok = PerTok::new(config.clone()).unwrap();
        let music = Music { metres: metres(&config, changes), notes };
        let tokens = pertok.encode(&music).unwrap();
        let back = pertok.decode(&tokens).unwrap();
        let mut expected = music.notes.clone();
        expected.sort_unstable();
        prop_assert_eq!(back.notes.len(), expected.len());
        let worst = pertok.worst_onset_error_ticks();
        for (found, expected) in back.notes.iter().zip(&expected) {
            prop_assert!(found.onset_ticks.abs_diff(expected.onset_ticks) <= worst);
            prop_assert_eq!(found.pitch, expected.pitch);
        }
        if !config.time_signatures.is_empty() {
            let mut told = music.metres.clone();
            told.dedup_by_key(|(_, metre)| *metre);
            prop_assert_eq!(back.metres, told);
        }
    }

    /// A token of another kind anywhere, or a number beyond the vocabulary, is music or an error.
    #[test]
    fn nothing_is_too_strange_to_read(
        config in config(),
        ids in proptest::collection::vec(0u16..400, 0..60),
    ) {
        let pertok = PerTok::new(config).unwrap();
        if let Ok(music) = pertok.decode(&ids) {
            let is_pitch = |id: &&u16| matches!(pertok.vocabulary().token(**id), Some(Token::Pitch(_)));
            prop_assert!(music.notes.len() <= ids.iter().filter(is_pitch).count());
        }
    }

    /// With the default settings: onsets within half a bin (40 ticks in 15), everything on the grids exact.
    #[test]
    fn what_has_tokens_is_exact(
        steps in proptest::collection::vec((0u32..64, 0usize..1000, 21u8..=108, 0usize..1000), 1..60),
        off in 0u32..41,
    ) {
        let pertok = PerTok::new(Config::default()).unwrap();
        let vocabulary = pertok.vocabulary();
        let all = || (0..vocabulary.size() as u16).filter_map(|id| vocabulary.token(id));
        let duration = |token| if let Token::Duration(ticks) = token { Some(ticks) } else { None };
        let velocity = |token| if let Token::Velocity(value) = token { Some(value) } else { None };
        let durations: Vec<u32> = all().filter_map(duration).collect();
        let velocities: Vec<u8> = all().filter_map(velocity).collect();
        let note = |&(sixteenth, duration, pitch, velocity): &(u32, usize, u8, usize)| Note {
            onset_ticks: 80 * sixteenth,
            pitch,
            duration_ticks: durations[duration % durations.len()],
            velocity: velocities[velocity % velocities.len()],
        };
        let mut notes: Vec<Note> = steps.iter().map(note).collect();
        notes.sort_unstable();
        let straight = Music { notes: notes.clone(), metres: Vec::new() };
        let back = pertok.decode(&pertok.encode(&straight).unwrap()).unwrap();
        prop_assert_eq!(&back.notes, &notes);

        let late = |note: &Note| Note { onset_ticks: note.onset_ticks + off, ..*note };
        let played = Music { notes: notes.iter().map(late).collect(), metres: Vec::new() };
        let back = pertok.decode(&pertok.encode(&played).unwrap()).unwrap();
        for (found, expected) in back.notes.iter().zip(&played.notes) {
            prop_assert!(f64::from(found.onset_ticks.abs_diff(expected.onset_ticks)) <= 40.0 / 30.0);
            let at = Note { onset_ticks: expected.onset_ticks, ..*found };
            prop_assert_eq!(at, *expected);
        }
    }
}

fn named(pertok: &PerTok, names: &[&str]) -> Vec<u16> {
    let size = pertok.vocabulary().size() as u16;
    let id =
        |name: &&str| (0..size).find(|id| pertok.vocabulary().name(*id).as_deref() == Some(*name)).unwrap();
    names.iter().map(id).collect()
}

#[test]
fn half_a_bin_is_one_tick_of_320() {
    assert_eq!(PerTok::new(Config::default()).unwrap().worst_onset_error_ticks(), 1);
    // Without micro-timing it is half of a sixteenth.
    assert_eq!(PerTok::new(Config::composition()).unwrap().worst_onset_error_ticks(), 40);
}

#[test]
fn broken_tokens_say_where() {
    let pertok = PerTok::new(Config::default()).unwrap();
    let why = |names: &[&str]| pertok.decode(&named(&pertok, names)).unwrap_err().to_string();
    assert_eq!(
        why(&["Bar_None", "Pitch_60", "Velocity_63"]),
        "Velocity_63 stands at place 2, where a micro-timing was expected"
    );
    assert_eq!(
        why(&["MicroTiming_0"]),
        "MicroTiming_0 stands at place 0, where a bar line, a time shift or a pitch was expected"
    );
    assert_eq!(why(&["Pitch_60", "MicroTiming_0"]), "the tokens break off where a velocity was expected");
    assert_eq!(pertok.decode(&[999]), Err(DecodeError::NoToken { place: 0, id: 999 }));
    let whole =
        ["BOS_None", "Pitch_60", "MicroTiming_0", "Velocity_63", "Duration_1.0.320", "EOS_None", "MASK_None"];
    assert_eq!(pertok.decode(&named(&pertok, &whole)).unwrap().notes.len(), 1);
}

#[test]
fn what_has_no_token_is_refused() {
    let note = Note { onset_ticks: 0, pitch: 60, duration_ticks: 320, velocity: 64 };
    let music = |note: Note, metres: &[(u32, u8, u8)]| Music {
        notes: vec![note],
        metres: metres
            .iter()
            .map(|&(at, beats, beat_type)| (at, TimeSignature { beats, beat_type }))
            .collect(),
    };
    let pertok = PerTok::new(Config::default()).unwrap();
    let low = pertok.encode(&music(Note { pitch: 20, ..note }, &[])).unwrap_err();
    assert_eq!(
        low.to_string(),
        "there is no token for pitch 20 (at tick 0): transpose the music into 21 to 108"
    );
    // Metres say nothing where none is told.
    assert!(pertok.encode(&music(note, &[(0, 5, 4), (7, 3, 4)])).is_ok());
    let far = Note { onset_ticks: u32::MAX, ..note };
    assert_eq!(pertok.encode(&music(far, &[])), Err(EncodeError::TooLong));

    let metres = Config { time_signatures: vec![metre(0), metre(1)], ..Config::default() };
    let pertok = PerTok::new(metres).unwrap();
    let five = pertok.encode(&music(note, &[(0, 5, 4)]));
    assert_eq!(five, Err(EncodeError::Metre { beats: 5, beat_type: 4 }));
    assert_eq!(pertok.encode(&music(note, &[(7, 3, 4)])), Err(EncodeError::MetreWithinBar(7)));

    let long = TimeSignature { beats: 6, beat_type: 4 };
    let positions = Config { places: Places::Position, metre: long, ..Config::default() };
    let pertok = PerTok::new(positions).unwrap();
    let late = Note { onset_ticks: 1500, ..note };
    assert_eq!(
        pertok.encode(&music(late, &[])).unwrap_err().to_string(),
        "bar 1 of 6/4 is longer than the grids: add quarters to them, or tell onsets by time shifts"
    );
}
