//! The metre of the new bars: beats, and where notes may begin in them.

use notation::{Quarters, TimeSignature};

use crate::ecp;

/// Places of a beat that there are sub-tokens for.
pub const PLACES: u8 = ecp::PLACES as u8;

/// No bar has more beats: there are no sub-tokens for them.
const MOST_BEATS: i64 = ecp::PLACES as i64;

/// Metres of pieces that begin from nothing, and how many of a hundred have them.
const DRAWN: [(TimeSignature, f64); 4] = [
    (TimeSignature { beats: 4, beat_type: 4 }, 0.4),
    (TimeSignature { beats: 3, beat_type: 4 }, 0.25),
    (TimeSignature { beats: 2, beat_type: 4 }, 0.2),
    (TimeSignature { beats: 6, beat_type: 8 }, 0.15),
];

/// A metre that is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metre {
    /// As it is printed.
    pub time: TimeSignature,
    /// Length of a beat.
    pub beat: Quarters,
    /// Beats of a bar.
    pub beats: usize,
}

impl Metre {
    /// A metre; nothing where its bars are no whole number of beats, or of more than there are sub-tokens for.
    pub fn of(time: TimeSignature) -> Option<Self> {
        let (bar, beat) = (time.measure_length(), time.beat_length());
        let (many, by) = (bar.numerator() * beat.denominator(), beat.numerator() * bar.denominator());
        let count = many / by.max(1);
        let is_whole = by > 0 && many == count * by && (1..=MOST_BEATS).contains(&count);
        is_whole.then_some(Self { time, beat, beats: count as usize })
    }

    /// The metre of a piece that begins from nothing, by a number in 0..1.
    pub fn drawn(chance: f64) -> Self {
        let mut left = chance;
        let drawn = DRAWN.iter().find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        let (time, _) = drawn.copied().unwrap_or(DRAWN[0]);
        Self { time, beat: time.beat_length(), beats: usize::from(beats_of(time)) }
    }

    /// Length of a bar.
    pub fn bar(&self) -> Quarters {
        self.beat * self.beats as i64
    }

    /// How far into its beat a place is.
    pub fn within_beat(&self, place: u8) -> Quarters {
        let (numerator, denominator) = (self.beat.numerator(), self.beat.denominator());
        Quarters::new(numerator * i64::from(place), denominator * i64::from(PLACES))
    }

    /// Whether notes may begin at a place of a beat: what a page can say in usual note values. These are parts of
    /// eight and of six of a beat, and of twelve of a dotted one.
    pub fn has(&self, place: u8) -> bool {
        let is_dotted = self.beat.numerator() % 3 == 0;
        let is_usual = if is_dotted {
            place.is_multiple_of(2)
        } else {
            place.is_multiple_of(3) || place.is_multiple_of(4)
        };
        place < PLACES && is_usual
    }
}

/// Beats of the metres that are drawn.
const fn beats_of(time: TimeSignature) -> u8 {
    if time.beat_type == 8 { time.beats / 3 } else { time.beats }
}

#[cfg(test)]
#[path = "metre_tests.rs"]
mod tests;
