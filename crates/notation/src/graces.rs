//! Grace notes of one onset in the order in which they are struck.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::marks::Marks;
use crate::score::Note;

/// The strokes of one voice before its main note, in order; each is one note, or the notes of a chord,
/// as indices into the notes of the score. No stroke is empty.
pub type Strokes = Vec<Vec<usize>>;

/// The grace notes among the notes of one onset, voice by voice. Each voice has its own: those of
/// two voices sound together, the last of each just before the beat. What ends a measure comes before
/// what begins the next, which after a repeat is written before it.
pub fn by_voice(notes: &[Note], onset: Range<usize>) -> Vec<Strokes> {
    let mut voices: BTreeMap<(u16, u8, u8), Vec<usize>> = BTreeMap::new();
    for n in onset.filter(|n| notes[*n].grace.is_some()) {
        let Note { part, staff, voice, .. } = notes[n];
        voices.entry((part, staff, voice)).or_default().push(n);
    }
    voices.into_values().map(|graces| strokes(notes, graces)).collect()
}

fn strokes(notes: &[Note], mut graces: Vec<usize>) -> Strokes {
    graces.sort_by_key(|n| (notes[*n].measure, notes[*n].id.written));
    let mut strokes = Strokes::new();
    for n in graces {
        match strokes.last_mut() {
            Some(stroke) if notes[n].marks.contains(Marks::GRACE_CHORD) => stroke.push(n),
            _ => strokes.push(vec![n]),
        }
    }
    strokes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{Grace, NoteId};

    fn grace(written: u32, measure: u32, voice: u8, marks: Marks) -> Note {
        let id = NoteId { written, pass: 1 };
        Note { id, measure, voice, marks, grace: Some(Grace::Acciaccatura), ..Note::default() }
    }

    #[test]
    fn chords_are_one_stroke_and_voices_are_apart() {
        let notes = [
            grace(2, 0, 1, Marks::empty()),
            grace(3, 0, 1, Marks::GRACE_CHORD),
            grace(1, 0, 1, Marks::empty()),
            grace(9, 0, 2, Marks::GRACE_CHORD),
            Note::default(),
        ];
        assert_eq!(by_voice(&notes, 0..5), [vec![vec![2], vec![0, 1]], vec![vec![3]]]);
    }

    /// A repeat: the grace note of the next pass has the lower number.
    #[test]
    fn what_ends_a_measure_comes_first() {
        let notes = [grace(0, 4, 1, Marks::empty()), grace(7, 3, 1, Marks::empty())];
        assert_eq!(by_voice(&notes, 0..2), [vec![vec![1], vec![0]]]);
    }
}
