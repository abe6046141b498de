//! Notes of a voice that sound together without being a chord, in layers of their own.
//!
//! What MusicXML calls a voice is a row of notes, rests and chords, one after the other. The voice of a
//! score may hold more at a time: MIDI files know hands alone, so a hand may hold a note while others
//! move. In each measure the chords of a voice are spread over as few layers as they need, and the layer
//! that lies highest comes first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

use super::heads::{self, Counts, Piece, Slot};
use crate::graces::by_voice;
use crate::marks::Marks;
use crate::score::Score;
use crate::time::Quarters;

/// A layer of a voice in one measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layer {
    pub voice: u8,
    /// Which layer of its voice, from 0.
    pub number: u32,
    pub slots: Vec<Slot>,
}

/// Pieces of notes that start and end together, and the marks that hold for all.
struct Chord {
    pieces: Vec<Piece>,
    shared: Marks,
}

/// What a voice has in one measure.
#[derive(Default)]
struct Content {
    pieces: Vec<Piece>,
    /// Grace notes in the order in which they are played, by their place.
    graces: BTreeMap<Quarters, Vec<usize>>,
}

/// The layers of a part in each measure, by voice and number.
pub(super) fn layers(score: &Score, part: u16) -> Vec<Vec<Layer>> {
    let mut contents: BTreeMap<(usize, u8), Content> = BTreeMap::new();
    for index in graces_in_order(score, part) {
        let note = &score.notes[index];
        let (measure, at) = heads::place_of_grace(&score.measures, note);
        let content = contents.entry((measure, note.voice)).or_default();
        content.graces.entry(at).or_default().push(index);
    }
    for (index, note) in score.notes.iter().enumerate().filter(|(_, note)| note.part == part) {
        for (measure, piece) in heads::pieces(score, index) {
            contents.entry((measure, note.voice)).or_default().pieces.push(piece);
        }
    }
    let mut counts = Counts::new(score.notes.len());
    let mut layers: Vec<Vec<Layer>> = Vec::new();
    layers.resize_with(score.measures.len(), Vec::new);
    // Measure by measure, so that the heads of a note are counted in their order.
    for ((measure, voice), content) in contents {
        let slots = slots_of_layers(score, content, &mut counts);
        let new = (0..).zip(slots).map(|(number, slots)| Layer { voice, number, slots });
        layers[measure].extend(new);
    }
    layers
}

/// The grace notes of a part as they are struck. What a voice has on several staves at a time is one row in
/// the file: of the next strokes on each staff the one that is written first comes first.
fn graces_in_order(score: &Score, part: u16) -> Vec<usize> {
    let is_own = |n: &usize| score.notes[*n].part == part && score.notes[*n].grace.is_some();
    let mut graces = Vec::new();
    for group in score.onset_groups().into_iter().filter(|group| group.clone().any(|n| is_own(&n))) {
        let mut voices: BTreeMap<u8, Vec<VecDeque<Vec<usize>>>> = BTreeMap::new();
        for strokes in by_voice(&score.notes, group).into_iter().filter(|strokes| is_own(&strokes[0][0])) {
            let voice = score.notes[strokes[0][0]].voice;
            voices.entry(voice).or_default().push(strokes.into());
        }
        for mut staves in voices.into_values() {
            let next =
                |staff: &&mut VecDeque<Vec<usize>>| staff.front().map(|notes| score.notes[notes[0]].id);
            let first = |staff: &&mut VecDeque<Vec<usize>>| (next(staff).is_none(), next(staff));
            while let Some(stroke) = staves.iter_mut().min_by_key(first).and_then(VecDeque::pop_front) {
                graces.extend(stroke);
            }
        }
    }
    graces
}

/// The slots of each layer of a voice in a measure.
fn slots_of_layers(score: &Score, content: Content, counts: &mut Counts) -> Vec<Vec<Slot>> {
    let mut rows = rows(score, chords(score, &content.pieces));
    let graces = rows_of_graces(&mut rows, content.graces);
    let mut slots: Vec<Vec<Slot>> = Vec::new();
    slots.resize_with(rows.len(), Vec::new);
    // The head of a grace note comes before those of a main note that it is tied to.
    for (row, at, notes) in graces {
        slots[row].extend(notes.into_iter().map(|note| counts.grace(score, note, at)));
    }
    for (slots, row) in slots.iter_mut().zip(rows) {
        slots.extend(row.iter().flat_map(|chord| counts.chord(score, &chord.pieces, chord.shared)));
        slots.sort_by_key(|slot| (slot.at, !slot.duration.is_zero()));
    }
    slots
}

/// Pieces that start and end together and have the same marks of those that hold for a whole chord. A
/// piece of a tied note joins any chord whose marks are not read as its own. Two notes on one key are
/// no chord.
fn chords(score: &Score, pieces: &[Piece]) -> Vec<Chord> {
    // By place, duration, marks, and a number that keeps two notes on one key apart.
    let mut chords: BTreeMap<(Quarters, Quarters, u32, usize), Vec<Piece>> = BTreeMap::new();
    let mut on_key: BTreeMap<(Quarters, Quarters, u32, u8), usize> = BTreeMap::new();
    let mut add = |piece: &Piece, marks: u32| {
        let (at, duration) = (piece.at, piece.duration);
        let count = on_key.entry((at, duration, marks, score.notes[piece.note].pitch)).or_default();
        chords.entry((at, duration, marks, *count)).or_default().push(*piece);
        *count += 1;
    };
    let (struck, tied): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(|piece| piece.is_first);
    let mut marks_at: BTreeMap<(Quarters, Quarters), BTreeSet<u32>> = BTreeMap::new();
    for piece in struck.into_iter().chain(tied) {
        let (read, own) = piece.shared(&score.notes[piece.note]);
        let known = marks_at.entry((piece.at, piece.duration)).or_default();
        let fitting = known.iter().find(|marks| **marks & read.bits() == own.bits());
        let marks = fitting.copied().unwrap_or(own.bits());
        known.insert(marks);
        add(piece, marks);
    }
    let chord = |((_, _, marks, _), mut pieces): ((Quarters, Quarters, u32, usize), Vec<Piece>)| {
        pieces.sort_by_key(|piece| (score.notes[piece.note].pitch, piece.note));
        Chord { pieces, shared: Marks::from_bits_retain(marks) }
    };
    chords.into_iter().map(chord).collect()
}

/// Spreads chords over rows in which they come one after the other; the row whose notes are the highest
/// comes first.
fn rows(score: &Score, mut chords: Vec<Chord>) -> Vec<Vec<Chord>> {
    let pitch = |piece: &Piece| score.notes[piece.note].pitch;
    chords.sort_by_key(|chord| {
        let top = chord.pieces.iter().map(pitch).max();
        (chord.pieces[0].at, Reverse(top), Reverse(chord.pieces[0].duration))
    });
    let mut rows: Vec<Vec<Chord>> = Vec::new();
    let mut free: BTreeSet<usize> = BTreeSet::new();
    let mut taken: BinaryHeap<Reverse<(Quarters, usize)>> = BinaryHeap::new();
    for chord in chords {
        let (from, to) = (chord.pieces[0].at, chord.pieces[0].at + chord.pieces[0].duration);
        while let Some(Reverse((until, row))) = taken.peek().copied()
            && until <= from
        {
            taken.pop();
            free.insert(row);
        }
        let row = free.pop_first().unwrap_or_else(|| {
            rows.push(Vec::new());
            rows.len() - 1
        });
        taken.push(Reverse((to, row)));
        rows[row].push(chord);
    }
    let mean = |row: &Vec<Chord>| {
        let pitches = || row.iter().flat_map(|chord| &chord.pieces).map(|piece| u64::from(pitch(piece)));
        // In hundredths of a semitone, which can be compared.
        Reverse(100 * pitches().sum::<u64>() / (pitches().count() as u64).max(1))
    };
    rows.sort_by_cached_key(mean);
    rows
}

/// The row of each group of grace notes: one with a chord at their place, else one in which no chord
/// sounds there, else a row of their own.
fn rows_of_graces(
    rows: &mut Vec<Vec<Chord>>,
    graces: BTreeMap<Quarters, Vec<usize>>,
) -> Vec<(usize, Quarters, Vec<usize>)> {
    let place = |chord: &Chord| (chord.pieces[0].at, chord.pieces[0].at + chord.pieces[0].duration);
    let count = rows.len();
    let mut found = Vec::new();
    for (at, notes) in graces {
        let before = |row: &Vec<Chord>| row.partition_point(|chord| place(chord).0 < at);
        let starts = |row: &Vec<Chord>| row.get(before(row)).is_some_and(|chord| place(chord).0 == at);
        let is_held = |row: &Vec<Chord>| before(row).checked_sub(1).is_some_and(|k| place(&row[k]).1 > at);
        let few = &rows[..count.min(MOST_ROWS)];
        let row = few.iter().position(starts).or_else(|| few.iter().position(|row| !is_held(row)));
        let row = row.unwrap_or(count);
        if row == rows.len() {
            rows.push(Vec::new());
        }
        found.push((row, at, notes));
    }
    found
}

/// Grace notes look for their chord in so many rows.
const MOST_ROWS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{Grace, Measure, Note, NoteId, TimeSignature};

    fn found(notes: &[(i64, i64, u8)]) -> Vec<Vec<String>> {
        let note = |(onset, duration, pitch): &(i64, i64, u8)| Note {
            onset: Quarters::whole(*onset),
            duration: Quarters::whole(*duration),
            pitch: *pitch,
            grace: (*duration == 0).then_some(Grace::Appoggiatura),
            ..Note::default()
        };
        let measures = (0..2).map(|k| Measure::regular(k, TimeSignature::default())).collect();
        let score = Score { notes: notes.iter().map(note).collect(), measures, ..Score::default() };
        let slot = |slot: &Slot| {
            let heads =
                slot.heads.iter().map(|head| format!("{}.{}", score.notes[head.note].pitch, head.number));
            format!("{}: {}", slot.at, heads.collect::<Vec<_>>().join(" "))
        };
        let layers = layers(&score, 0).into_iter().flatten();
        layers.map(|layer| layer.slots.iter().map(slot).collect()).collect()
    }

    #[test]
    fn a_held_note_has_a_layer_of_its_own() {
        let layers = found(&[(0, 4, 48), (0, 1, 64), (0, 1, 67), (1, 1, 65), (4, 1, 48)]);
        assert_eq!(layers, [vec!["0: 64.1 67.1", "1: 65.1"], vec!["0: 48.1"], vec!["0: 48.1"]]);
    }

    #[test]
    fn notes_that_are_held_over_a_bar_line_are_chords_in_each_measure() {
        let layers = found(&[(2, 2, 60), (2, 4, 65), (4, 2, 62)]);
        assert_eq!(layers, [["2: 60.1 65.1"], ["0: 62.1 65.2"]]);
    }

    #[test]
    fn grace_notes_are_written_as_they_are_struck() {
        let grace = |written: u32, staff: u8| Note {
            id: NoteId { written, pass: 1 },
            staff,
            grace: Some(Grace::Acciaccatura),
            ..Note::default()
        };
        let order = |notes: &[Note]| {
            let score = Score { notes: notes.to_vec(), ..Score::default() };
            let ids = graces_in_order(&score, 0).into_iter().map(|n| score.notes[n].id.written);
            ids.collect::<Vec<_>>()
        };
        // What is written after the main note is struck before it, and before what is written before it.
        let main = Note { id: NoteId { written: 2, pass: 1 }, ..Note::default() };
        assert_eq!(order(&[grace(1, 1), main, grace(3, 1)]), [3, 1]);
        // A run from the lower staff to the upper.
        assert_eq!(order(&[grace(4, 1), grace(3, 2), grace(5, 1), grace(2, 2)]), [2, 3, 4, 5]);
    }

    #[test]
    fn a_grace_note_stands_where_no_note_is_held() {
        let layers = found(&[(0, 2, 60), (1, 0, 71), (2, 0, 71), (2, 1, 72)]);
        assert_eq!(layers, [vec!["0: 60.1", "2: 71.1", "2: 72.1"], vec!["1: 71.1"]]);
        assert_eq!(found(&[(0, 1, 60), (0, 1, 60)]).len(), 2, "one key twice is no chord");
    }
}
