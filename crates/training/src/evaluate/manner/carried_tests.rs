#![allow(clippy::unwrap_used)]

use performance::cues::CUES;
use rand::RngExt;

use super::*;

/// Made-up carries of six pieces with five people each, every one to two pieces: a share of what each person
/// does reaches the render, with noise beside it.
fn carries(share: f64, noise: f64) -> Vec<Carry> {
    let mut random = Pcg64Mcg::seed_from_u64(7);
    let mut carries = Vec::new();
    for from in 0..6 {
        let piece: f64 = random.random_range(-50.0..50.0);
        let people: Vec<f64> = (0..5).map(|_| random.random_range(-1.0..1.0)).collect();
        for _ in 0..2 {
            let other: f64 = random.random_range(-50.0..50.0);
            let cues = |value: f64| -> Cues { [value; CUES] };
            let render = |person: &f64| other + share * person + noise * random.random_range(-1.0..1.0);
            carries.push(Carry {
                from,
                references: people.iter().map(|person| cues(piece + person)).collect(),
                renders: people.iter().map(render).map(cues).collect(),
            });
        }
    }
    carries
}

#[test]
fn what_is_planted_is_found_whatever_the_pieces_are_like() {
    let carried = Carried::of(&carries(0.5, 0.02), Cue::Level, 1);
    assert_eq!(carried.renders, 60);
    assert!(carried.r.unwrap() > 0.99, "{carried:?}");
    assert!((carried.slope.unwrap() - 0.5).abs() < 0.02, "{carried:?}");
}

#[test]
fn shuffled_references_carry_nothing_over() {
    let carried = Carried::of(&carries(0.5, 0.02), Cue::Level, 1);
    assert!(carried.shuffled.unwrap().abs() < 0.05, "{carried:?}");
    assert!((0.1..0.9).contains(&carried.bound.unwrap()), "{carried:?}");
}

#[test]
fn noise_alone_stays_about_the_bound_of_the_shuffles() {
    let carried = Carried::of(&carries(0.0, 1.0), Cue::Pedal, 1);
    assert!(carried.r.unwrap().abs() < 1.5 * carried.bound.unwrap(), "{carried:?}");
}

#[test]
fn a_missing_cue_leaves_the_person_out_on_both_sides() {
    let mut carries = carries(1.0, 0.0);
    carries[0].references[2][Cue::Spread as usize] = f64::NAN;
    carries[0].references[2][Cue::Level as usize] = 1e6;
    carries[0].renders[2][Cue::Level as usize] = f64::NAN;
    let spread = Carried::of(&carries, Cue::Spread, 1);
    let level = Carried::of(&carries, Cue::Level, 1);
    assert_eq!((spread.renders, level.renders), (59, 59));
    assert!(spread.r.unwrap() > 0.999 && level.r.unwrap() > 0.999, "{spread:?} {level:?}");
}

#[test]
fn differences_are_from_the_mean_of_the_others() {
    assert_eq!(from_others(&[1.0, 2.0, 6.0]), [-3.0, -1.5, 4.5]);
    assert!(from_others(&[1.0]).is_empty());
}

#[test]
fn nothing_is_told_of_nothing() {
    assert_eq!(Carried::of(&[], Cue::Tempo, 1), Carried::default());
}
