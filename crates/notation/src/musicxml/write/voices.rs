//! Measures in which a staff has more voices than notation programs know.

use std::collections::BTreeSet;

use super::layers::{self, Layer};
use crate::score::Score;

/// Notation programs have no more voices on a staff.
const MOST_VOICES: usize = 4;

/// A staff of a measure that has more voices than notation programs know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crowded {
    /// Index of the measure, in the order in which they are played.
    pub measure: usize,
    /// Index of the part.
    pub part: u16,
    /// The staff, from 1.
    pub staff: u8,
    /// How many voices it has.
    pub voices: usize,
}

/// The staves that have more than four voices at a time, by measure.
///
/// A program that opens the written file leaves the others out, or puts them into the first four.
pub fn beyond_four_voices(score: &Score) -> Vec<Crowded> {
    let mut crowded = Vec::new();
    for part in (0..score.parts.len()).filter_map(|part| u16::try_from(part).ok()) {
        for (measure, layers) in layers::layers(score, part).iter().enumerate() {
            let staves: Vec<BTreeSet<u8>> = layers.iter().map(|layer| staves(score, layer)).collect();
            for staff in staves.iter().flatten().copied().collect::<BTreeSet<u8>>() {
                let voices = staves.iter().filter(|staves| staves.contains(&staff)).count();
                if voices > MOST_VOICES {
                    crowded.push(Crowded { measure, part, staff, voices });
                }
            }
        }
    }
    crowded.sort_by_key(|crowded| (crowded.measure, crowded.part, crowded.staff));
    crowded
}

/// The staves on which a layer has notes.
fn staves(score: &Score, layer: &Layer) -> BTreeSet<u8> {
    let heads = layer.slots.iter().flat_map(|slot| &slot.heads);
    heads.map(|head| score.notes[head.note].staff).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{Measure, Note, Part, TimeSignature};
    use crate::time::Quarters;

    #[test]
    fn a_fifth_note_that_is_held_is_one_too_many() {
        let note = |k: u8| Note {
            onset: Quarters::whole(i64::from(k)),
            duration: Quarters::whole(8 - i64::from(k)),
            pitch: 60 + k,
            ..Note::default()
        };
        let score = |count: u8| Score {
            parts: vec![Part { staves: 1, ..Part::default() }],
            measures: vec![
                Measure::regular(0, TimeSignature { beats: 8, beat_type: 4 }),
                Measure::regular(1, TimeSignature { beats: 8, beat_type: 4 }),
            ],
            notes: (0..count).map(note).collect(),
            ..Score::default()
        };
        assert_eq!(beyond_four_voices(&score(4)), []);
        assert_eq!(beyond_four_voices(&score(5)), [Crowded { measure: 0, part: 0, staff: 1, voices: 5 }]);
    }
}
