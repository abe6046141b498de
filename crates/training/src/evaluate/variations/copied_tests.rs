#![allow(clippy::unwrap_used)]

use cadenza::composer::{bars, tokens, written};
use cadenza::pertok::{Music, Note};
use notation::TimeSignature;

use super::*;
use crate::composer::Source;

/// Two bars of four quarters from a pitch.
fn music(pertok: &PerTok, from: u8) -> Vec<Bar> {
    let note = |k: u32| Note {
        onset_ticks: 480 * k,
        pitch: from + (k * k % 7) as u8,
        duration_ticks: 240,
        velocity: 64,
    };
    let music = Music { notes: (0..8).map(note).collect(), metres: vec![(0, TimeSignature::default())] };
    bars(pertok, &tokens(pertok, &music, 2).unwrap())
}

#[test]
fn bars_are_known_in_any_transposition_and_by_their_rhythm() {
    let pertok = PerTok::new(written()).unwrap();
    let mut packed = Packed::new();
    packed.push(&music(&pertok, 60), Source::Asap);
    let known = Known::of(&packed, pertok.clone());
    let [first, second] = &music(&pertok, 65)[..] else { panic!("two bars") };
    let is_known = |bar: &Bar| known.places.get(&shape(&pertok, bar).unwrap());
    assert_eq!(is_known(first), Some(&vec![0]));
    assert_eq!(is_known(second), Some(&vec![1]));
    let mut other = first.clone();
    other.tokens.swap(3, 6);
    assert_eq!(is_known(&other), None);
    let few = Bar { tokens: first.tokens[..6].to_vec(), ..first.clone() };
    assert_eq!(shape(&pertok, &few), None);
}

#[test]
fn bars_of_one_segment_are_within_four_of_each_other() {
    let (a, b, c, d) = (vec![5, 100], vec![102], vec![104], vec![5]);
    assert!(are_near(&[&a, &b]));
    assert!(!are_near(&[&a, &c]));
    assert!(are_near(&[&b, &a, &c]));
    assert!(!are_near(&[&a, &d]));
    assert!(!are_near(&[&a]));
}
