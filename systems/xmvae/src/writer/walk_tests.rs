#![allow(clippy::unwrap_used)]

use notation::TimeSignature;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;

const METRES: [(u8, u8); 7] = [(4, 4), (3, 4), (2, 4), (6, 8), (7, 8), (1, 4), (3, 8)];

fn metre(k: usize) -> Metre {
    let (beats, beat_type) = METRES[k % METRES.len()];
    Metre::of(TimeSignature { beats, beat_type }).unwrap()
}

/// What is written if everything is drawn at random; `beats` of a hundred steps go on to the next beat if they may.
fn random(metre: Metre, bars: usize, seed: u64, beats: f64) -> Vec<Written> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut walk = Walk::new(metre, bars, 8);
    loop {
        let mut step = [0; 4];
        let columns = [SubToken::Family, SubToken::Position, SubToken::Pitch, SubToken::Duration];
        for (at, sub_token) in columns.into_iter().enumerate() {
            if sub_token == SubToken::Pitch && step[0] == METRIC {
                continue;
            }
            let allowed = walk.allowed(sub_token, &step);
            assert!(!allowed.is_empty(), "{sub_token:?} after {step:?}");
            let may_choose = sub_token == SubToken::Family && allowed.len() > 1;
            let drawn = if may_choose {
                usize::from(random.random::<f64>() < beats)
            } else {
                (random.random::<f64>() * allowed.len() as f64) as usize
            };
            step[at] = allowed[drawn] as u8;
        }
        if !walk.take(step) {
            return walk.written;
        }
    }
}

/// The notes that sound at a moment.
fn sounding(written: &[Written], at: Quarters) -> Vec<&Written> {
    written.iter().filter(|note| note.onset <= at && at < note.end).collect()
}

fn check_hands(written: &[Written]) {
    for note in written {
        let now = sounding(written, note.onset);
        assert!(now.len() <= 2 * hands::MOST_A_HAND);
        for hand in [Hand::Left, Hand::Right] {
            let own = || now.iter().filter(|note| note.hand == hand).map(|note| note.pitch);
            let span = own().max().zip(own().min()).map_or(0, |(high, low)| high - low);
            assert!(own().count() <= hands::MOST_A_HAND && span <= hands::WIDEST, "{now:?}");
        }
        assert_eq!(now.iter().filter(|other| other.pitch == note.pitch).count(), 1, "struck while it sounds");
    }
}

fn check_silence(written: &[Written], metre: Metre, end: Quarters) {
    let mut quiet_from = Quarters::ZERO;
    for note in written {
        assert!(note.onset <= quiet_from + metre.bar(), "silence before {note:?}");
        quiet_from = quiet_from.max(note.end);
    }
    assert!(end <= quiet_from + metre.bar());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn rules_hold_whatever_is_drawn(
        k in 0usize..7,
        bars in 1usize..5,
        seed in any::<u64>(),
        beats in 0.02f64..1.0,
    ) {
        let metre = metre(k);
        let written = random(metre, bars, seed, beats);
        let end = metre.bar() * bars as i64;
        check_hands(&written);
        check_silence(&written, metre, end);
        for pair in written.windows(2) {
            prop_assert!((pair[0].onset, pair[0].pitch) < (pair[1].onset, pair[1].pitch));
        }
        for note in &written {
            prop_assert!(note.onset >= Quarters::ZERO && note.onset < note.end && note.end <= end);
        }
        let last = written.last().unwrap();
        prop_assert!(last.onset >= end - metre.bar());
        let mut beats = (0..bars * metre.beats).map(|beat| metre.beat * beat as i64);
        prop_assert!(beats.any(|beat| beat == last.onset));
    }
}

#[test]
fn a_key_that_sounds_is_let_go_before_it_is_struck_again() {
    let mut walk = Walk::new(metre(0), 1, 8);
    let long = duration_token(Quarters::whole(4), false);
    for step in [[METRIC, 1, 0, 26], [NOTE, 1, 40, long], [METRIC, 2, 0, 26], [NOTE, 1, 40, long]] {
        assert!(walk.take(step));
    }
    let ends: Vec<Quarters> = walk.written.iter().map(|note| note.end).collect();
    assert_eq!(ends, [Quarters::whole(1), Quarters::whole(4)]);
}

#[test]
fn beats_are_those_of_the_metre() {
    let mut walk = Walk::new(metre(3), 1, 8);
    assert_eq!(walk.allowed(SubToken::Family, &[0; 4]), [usize::from(METRIC)]);
    let beat = [METRIC, 0, 0, 0];
    assert_eq!(walk.allowed(SubToken::Position, &beat), [1]);
    assert_eq!(walk.allowed(SubToken::Duration, &beat), [31], "a dotted quarter");
    assert_eq!(walk.allowed(SubToken::Code, &beat).len(), 8);
    assert!(walk.take([METRIC, 1, 0, 31]));
    assert_eq!(walk.allowed(SubToken::Position, &beat), [2]);
    assert!(walk.take([METRIC, 2, 0, 31]));
    assert_eq!(walk.allowed(SubToken::Family, &[0; 4]), [usize::from(NOTE)], "no bar ends without a note");
    assert_eq!(walk.allowed(SubToken::Position, &[NOTE, 0, 0, 0]), [1], "the last note begins on a beat");
}
