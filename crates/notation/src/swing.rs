//! Swing: pairs of equal notes that are played long and short.

use serde::{Deserialize, Serialize};

use crate::time::Quarters;

/// Most words of a text that asks for swing; a longer one is about something else.
const MOST_SWING_WORDS: usize = 6;

/// How pairs of equal notes are played from a point of a score on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swing {
    /// The length of a pair in the score: a quarter for swung eighths.
    pub pair: Quarters,
    /// Parts of the pair that the first note gets.
    pub first: u8,
    /// Parts of the pair that the second note gets; as many as the first where playing is even.
    pub second: u8,
}

/// Even eighths.
impl Default for Swing {
    fn default() -> Self {
        Self { pair: Quarters::whole(1), first: 1, second: 1 }
    }
}

impl Swing {
    /// What words above the staff ask for, such as *Swing*, *Medium Swing* or *straight eighths*: two
    /// to one, or even. Nothing if they speak of something else.
    pub(crate) fn in_words(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        if words.is_empty() || words.len() > MOST_SWING_WORDS {
            return None;
        }
        let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
        let pair = if has(&["16th", "16ths", "sixteenth", "sixteenths"]) {
            Quarters::fraction(1, 2)
        } else {
            Quarters::whole(1)
        };
        let is_even = has(&["straight", "binär", "binaire"])
            || (has(&["no", "not", "even", "off", "end", "without", "ohne", "sans", "senza"])
                && has(&["swing", "swung", "shuffle", "eighths", "8ths"]));
        if is_even {
            return Some(Self::default());
        }
        has(&["swing", "swung", "shuffle", "ternär", "ternaire"]).then_some(Self {
            pair,
            first: 2,
            second: 1,
        })
    }

    /// Whether notes are played as they are written.
    pub fn is_even(self) -> bool {
        self.first == self.second || self.first == 0 || self.second == 0
    }

    /// A distance as whole pairs, in quarters, and the part of the pair after them, from 0 to 1.
    pub(crate) fn split(self, distance: Quarters) -> (Quarters, Quarters) {
        let (n, d) =
            (distance.numerator() * self.pair.denominator(), distance.denominator() * self.pair.numerator());
        (self.pair * n.div_euclid(d), Quarters::new(n.rem_euclid(d), d))
    }

    /// Parts of a pair in quarters.
    pub(crate) fn scaled(self, part: Quarters) -> Quarters {
        Quarters::new(part.numerator() * self.pair.numerator(), part.denominator() * self.pair.denominator())
    }

    /// Where a point within a pair is played, both as parts of the pair from 0 to 1. The halves are
    /// stretched and shortened with all that divides them evenly; points of triplets and other
    /// tuplets stay where they are.
    pub fn played(self, part: Quarters) -> Quarters {
        if self.is_even() || !(part.denominator() as u64).is_power_of_two() {
            return part;
        }
        let (first, both) = (i64::from(self.first), i64::from(self.first) + i64::from(self.second));
        let (n, d) = (part.numerator(), part.denominator());
        if 2 * n < d {
            return Quarters::new(2 * n * first, d * both);
        }
        Quarters::new(d * first + (2 * n - d) * (both - first), d * both)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_ask_for_swing_or_against_it() {
        let swing = |text| Swing::in_words(text).map(|s| (s.pair.to_string(), s.first, s.second));
        for text in ["Swing", "SWING!", "Medium Swing", "swung 8ths", "Shuffle", "Medium up-tempo swing feel"]
        {
            assert_eq!(swing(text), Some(("1".to_owned(), 2, 1)), "{text}");
        }
        assert_eq!(swing("Swing 16ths"), Some(("1/2".to_owned(), 2, 1)));
        for text in ["Straight", "straight eighths", "no swing", "Swing off", "senza swing", "even 8ths"] {
            assert_eq!(swing(text), Some(("1".to_owned(), 1, 1)), "{text}");
        }
        for text in ["", "Even", "the children on the swing in the park", "dolce"] {
            assert_eq!(swing(text), None, "{text}");
        }
    }

    #[test]
    fn halves_of_a_pair_are_stretched_and_triplets_stay() {
        let swing = Swing { first: 2, second: 1, ..Swing::default() };
        let played = |n, d| swing.played(Quarters::new(n, d));
        assert_eq!(played(1, 2), Quarters::new(2, 3));
        assert_eq!(played(1, 4), Quarters::new(1, 3));
        assert_eq!(played(3, 4), Quarters::new(5, 6));
        assert_eq!((played(0, 1), played(1, 3)), (Quarters::ZERO, Quarters::new(1, 3)));
        assert_eq!(Swing::default().played(Quarters::new(1, 2)), Quarters::new(1, 2));
    }
}
