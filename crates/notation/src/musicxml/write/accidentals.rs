//! Which accidentals are printed: those that the key and the measure so far do not say.

use std::collections::HashMap;

use super::heads::Slot;
use super::spelling::Spelled;
use crate::score::Score;
use crate::time::Quarters;

/// Letters in the order in which key signatures raise them.
const SHARPS: &str = "FCGDAEB";

/// The accidentals of a measure of one part, by note: only those that are printed.
pub(super) fn printed<'s>(
    score: &Score,
    names: &[Spelled],
    start: Quarters,
    slots: impl Iterator<Item = &'s Slot>,
) -> HashMap<usize, &'static str> {
    // A head that goes on another one has no accidental and changes none.
    let first_heads = slots.flat_map(|slot| {
        slot.heads
            .iter()
            .filter(|head| head.number == 1)
            .map(move |head| (slot.at, !slot.duration.is_zero(), head.note))
    });
    let mut notes: Vec<(Quarters, bool, usize)> = first_heads.collect();
    notes.sort_unstable();
    let mut said: HashMap<(u8, char, i8), i8> = HashMap::new();
    let mut printed = HashMap::new();
    for (at, _, note) in notes {
        let Spelled { step, alter, octave } = names[note];
        let of_key = of_key(step, score.key_signature_at(start + at).fifths);
        let place = (score.notes[note].staff, step, octave);
        if said.insert(place, alter).unwrap_or(of_key) != alter {
            printed.insert(note, sign(alter));
        }
    }
    printed
}

/// What a key signature does to a letter.
fn of_key(step: char, fifths: i8) -> i8 {
    let Some(order) = SHARPS.find(step).and_then(|k| i8::try_from(k).ok()) else { return 0 };
    if order < fifths {
        1
    } else if 6 - order < -fifths {
        -1
    } else {
        0
    }
}

fn sign(alter: i8) -> &'static str {
    match alter {
        ..=-2 => "flat-flat",
        -1 => "flat",
        0 => "natural",
        1 => "sharp",
        2.. => "double-sharp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_raise_and_lower_letters_in_order() {
        let altered = |fifths| "FCGDAEB".chars().map(|step| of_key(step, fifths)).collect::<Vec<i8>>();
        assert_eq!(altered(2), [1, 1, 0, 0, 0, 0, 0]);
        assert_eq!(altered(-3), [0, 0, 0, 0, -1, -1, -1]);
        assert_eq!(altered(0), [0; 7]);
        assert_eq!(altered(-7), [-1; 7]);
    }
}
