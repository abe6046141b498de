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
/// what begins the next.
pub fn by_voice(notes: &[Note], onset: Range<usize>) -> Vec<Strokes> {
    let mut voices: BTreeMap<(u16, u8, u8), Vec<usize>> = BTreeMap::new();
    for n in onset.clone().filter(|n| notes[*n].grace.is_some()) {
        voices.entry(voice(&notes[n])).or_default().push(n);
    }
    if voices.is_empty() {
        return Vec::new();
    }
    // The first main note of each voice, and of all.
    let mut mains: BTreeMap<(u16, u8, u8), u32> = BTreeMap::new();
    for note in onset.map(|n| &notes[n]).filter(|note| note.grace.is_none()) {
        let first = mains.entry(voice(note)).or_insert(note.id.written);
        *first = note.id.written.min(*first);
    }
    let of_all = mains.values().min().copied();
    let main = |own: &(u16, u8, u8)| mains.get(own).copied().or(of_all);
    voices.into_iter().map(|(own, graces)| strokes(notes, graces, main(&own))).collect()
}

fn voice(note: &Note) -> (u16, u8, u8) {
    (note.part, note.staff, note.voice)
}

/// The strokes of grace notes before a main note, by the numbers that notes have in the file. What
/// belongs to the main note is written before it; what is written after it ends the measure from which
/// a repeat or a jump has led back here, and is played first.
fn strokes(notes: &[Note], mut graces: Vec<usize>, main: Option<u32>) -> Strokes {
    let number = |n: &usize| notes[*n].id.written;
    graces.sort_by_key(|n| (main.is_none_or(|main| number(n) < main), number(n)));
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

    fn grace(written: u32, voice: u8, marks: Marks) -> Note {
        let id = NoteId { written, pass: 1 };
        Note { id, voice, marks, grace: Some(Grace::Acciaccatura), ..Note::default() }
    }

    fn main(written: u32) -> Note {
        Note { id: NoteId { written, pass: 1 }, ..Note::default() }
    }

    #[test]
    fn chords_are_one_stroke_and_voices_are_apart() {
        let notes = [
            grace(2, 1, Marks::empty()),
            grace(3, 1, Marks::GRACE_CHORD),
            grace(1, 1, Marks::empty()),
            grace(9, 2, Marks::GRACE_CHORD),
            main(4),
        ];
        assert_eq!(by_voice(&notes, 0..5), [vec![vec![2], vec![0, 1]], vec![vec![3]]]);
        assert!(by_voice(&notes, 4..5).is_empty());
    }

    #[test]
    fn what_ends_a_measure_comes_first() {
        // Straight on, the end of a measure is written before the next.
        let straight = [grace(3, 1, Marks::empty()), grace(4, 1, Marks::empty()), main(5)];
        assert_eq!(by_voice(&straight, 0..3), [vec![vec![0], vec![1]]]);
        // In a repeat the grace note of the next pass has the lower number.
        let repeated = [grace(0, 1, Marks::empty()), grace(7, 1, Marks::empty()), main(1)];
        assert_eq!(by_voice(&repeated, 0..3), [vec![vec![1], vec![0]]]);
    }
}
