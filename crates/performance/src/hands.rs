//! How well the two hands strike together.

use notation::{Hand, Marks, Score};

use crate::{Performance, PlayedNote};

/// An onset at which both hands are to strike at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BothHands {
    /// Where it is, in quarters.
    pub quarters: f64,
    /// How much later the right hand strikes than the left one; negative where it is earlier. Of several notes of a
    /// hand the median counts.
    pub right_later_secs: f64,
}

/// The onsets at which both hands strike, in order. Grace notes and rolled chords are left out.
pub fn both_hands(score: &Score, played: &Performance) -> Vec<BothHands> {
    let is_rolled = |note: usize| {
        let notation::Note { grace, marks, .. } = score.notes[note];
        grace.is_some() || marks.intersects(Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN)
    };
    let mut both = Vec::new();
    for group in score.onset_groups() {
        if group.clone().any(is_rolled) {
            continue;
        }
        let of = |hand: Hand| {
            let notes = group.clone().filter(|note| score.notes[*note].hand() == hand);
            median(
                notes
                    .filter_map(|note| played.get(note as u32))
                    .map(|PlayedNote { onset_secs, .. }| *onset_secs),
            )
        };
        if let (Some(right), Some(left)) = (of(Hand::Right), of(Hand::Left)) {
            let quarters = score.notes[group.start].onset.to_f64();
            both.push(BothHands { quarters, right_later_secs: right - left });
        }
    }
    both
}

/// The middle one of some values, of an even number the mean of the two in the middle; none of none. What is no number
/// does not count.
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::{Note, Quarters};

    use super::*;

    /// Four onsets of a note in the right hand and two in the left one.
    fn score() -> Score {
        let note = |k: u32| Note {
            onset: Quarters::whole(i64::from(k / 3)),
            pitch: 40 + 12 * (k % 3) as u8,
            staff: if k % 3 == 2 { 1 } else { 2 },
            ..Note::default()
        };
        Score { notes: (0..12).map(note).collect(), ..Score::default() }
    }

    /// A note a second; those of the right hand so much later.
    fn played(right_later_secs: f64) -> Performance {
        let note = |note: u32| PlayedNote {
            note,
            onset_secs: f64::from(note / 3) + if note % 3 == 2 { right_later_secs } else { 0.0 },
            duration_secs: 0.5,
            velocity: 64,
        };
        Performance { notes: (0..12).map(note).collect(), pedals: Vec::new() }
    }

    #[test]
    fn what_the_right_hand_is_later_is_found_to_the_millisecond() {
        for later in [-0.025, 0.0, 0.04] {
            let both = both_hands(&score(), &played(later));
            assert_eq!(both.len(), 4);
            for (k, onset) in both.iter().enumerate() {
                assert_eq!(onset.quarters, k as f64);
                assert!((onset.right_later_secs - later).abs() < 1e-9, "{onset:?}");
            }
        }
    }

    #[test]
    fn rolled_chords_and_what_one_hand_plays_alone_do_not_count() {
        let (mut score, mut played) = (score(), played(0.03));
        score.notes[0].marks = Marks::ARPEGGIO;
        // The right hand leaves out the second onset.
        played.notes.retain(|note| note.note != 5);
        let places: Vec<f64> = both_hands(&score, &played).iter().map(|onset| onset.quarters).collect();
        assert_eq!(places, [2.0, 3.0]);
    }

    #[test]
    fn the_median_is_the_middle_value() {
        assert_eq!(median([3.0, 1.0, f64::NAN, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 1.0].into_iter()), Some(2.5));
        assert_eq!(median(std::iter::empty()), None);
    }
}
