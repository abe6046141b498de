//! What is written of notes in a measure: pieces between bar lines, and the heads that they are cut into.

use super::values::{self, Value};
use crate::marks::Marks;
use crate::musicxml::chords::{RELEASE, SHARED};
use crate::note_value::{TYPES, Tuplet};
use crate::score::{Measure, Note, Score};
use crate::time::Quarters;

/// A head of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Index into the notes of the score.
    pub note: usize,
    /// Which head of the note, from 1, and whether it is the last.
    pub number: u32,
    pub is_last: bool,
}

/// A chord, a note or a grace note within a measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Quarters since the start of the measure.
    pub at: Quarters,
    /// Zero for a grace note.
    pub duration: Quarters,
    pub value: Option<Value>,
    pub heads: Vec<Head>,
    /// The marks here that hold for all heads.
    pub shared: Marks,
    /// Whether a tremolo between two notes starts or stops here.
    pub is_paired: bool,
}

impl Slot {
    /// The value that is printed. Each of the two notes of a tremolo looks as if it lasted for both.
    pub fn printed(&self) -> Option<Value> {
        let value = self.value?;
        let place = TYPES.iter().position(|(kind, _)| *kind == value.kind);
        let longer = place.and_then(|place| TYPES.get(place.checked_sub(1)?));
        match longer {
            Some((kind, _)) if self.is_paired && value.tuplet.is_none() => {
                Some(Value { kind, tuplet: Some(Tuplet { actual: 2, normal: 1 }), ..value })
            }
            _ => Some(value),
        }
    }
}

/// What of a note lies in a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub note: usize,
    /// Quarters since the start of the measure.
    pub at: Quarters,
    pub duration: Quarters,
    /// Whether the note is struck here, and whether it ends here.
    pub is_first: bool,
    pub is_last: bool,
}

impl Piece {
    /// Which marks that are written at a chord here are read as marks of the note, and which of these
    /// it has.
    pub fn shared(&self, note: &Note) -> (Marks, Marks) {
        let struck = if self.is_first { SHARED - RELEASE } else { Marks::empty() };
        let released = if self.is_last { SHARED & RELEASE } else { Marks::empty() };
        let read = if self.is_first { SHARED } else { released };
        (read, note.marks & (struck | released))
    }
}

/// The measure that a point lies in, and how far: the end of the score lies in the last.
pub(super) fn place(measures: &[Measure], at: Quarters) -> (usize, Quarters) {
    let measure = measures.partition_point(|m| m.start <= at).saturating_sub(1);
    (measure, at - measures.get(measure).map_or(Quarters::ZERO, |m| m.start))
}

/// The measure that a grace note stands in, and where: one that ends a measure stands in it still.
pub(super) fn place_of_grace(measures: &[Measure], note: &Note) -> (usize, Quarters) {
    let own = measures.get(note.measure as usize).filter(|m| m.end == note.onset && note.duration.is_zero());
    own.map_or_else(|| place(measures, note.onset), |m| (note.measure as usize, m.end - m.start))
}

/// The pieces of a note by measure. What goes beyond the last measure stays in it.
pub(super) fn pieces(score: &Score, index: usize) -> Vec<(usize, Piece)> {
    let note = &score.notes[index];
    let (first, mut at) = place(&score.measures, note.onset);
    let mut left = note.duration;
    let mut pieces = Vec::new();
    let mut is_first = note.grace.is_none();
    for (measure, span) in score.measures.iter().enumerate().skip(first) {
        let room = (span.end - span.start - at).max(Quarters::ZERO);
        let is_end = measure + 1 == score.measures.len();
        let duration = if is_end { left } else { left.min(room) };
        left -= duration;
        let is_last = left <= Quarters::ZERO;
        if duration > Quarters::ZERO {
            pieces.push((measure, Piece { note: index, at, duration, is_first, is_last }));
            is_first = false;
        }
        if is_last {
            break;
        }
        at = Quarters::ZERO;
    }
    pieces
}

/// How many heads of each note of the score are written so far.
pub(super) struct Counts(Vec<u32>);

impl Counts {
    /// None of these notes.
    pub fn new(notes: usize) -> Self {
        Self(vec![0; notes])
    }

    /// The slot of a grace note.
    pub fn grace(&mut self, score: &Score, note: usize, at: Quarters) -> Slot {
        let is_last = score.notes[note].duration.is_zero();
        let heads = vec![self.head(note, is_last)];
        let shared = score.notes[note].marks & if is_last { SHARED } else { SHARED - RELEASE };
        Slot { at, duration: Quarters::ZERO, value: None, heads, shared, is_paired: false }
    }

    /// The slots of pieces that start and end together, with the marks that hold for all.
    pub fn chord(&mut self, score: &Score, pieces: &[Piece], shared: Marks) -> Vec<Slot> {
        let Some(Piece { at, duration, .. }) = pieces.first() else { return Vec::new() };
        let values = values::heads(*at, *duration);
        let count = values.len();
        let is_pair =
            |piece: &Piece| piece.is_first && score.notes[piece.note].marks.contains(Marks::TREMOLO_PAIR);
        let is_paired = pieces.iter().any(is_pair);
        let mut at = *at;
        let mut slots = Vec::with_capacity(count);
        for (k, (duration, value)) in values.into_iter().enumerate() {
            let is_end = k + 1 == count;
            let heads = pieces.iter().map(|piece| self.head(piece.note, piece.is_last && is_end)).collect();
            let struck = if k == 0 { shared - RELEASE } else { Marks::empty() };
            let released = if is_end { shared & RELEASE } else { Marks::empty() };
            let (shared, is_paired) = (struck | released, is_paired && k == 0);
            slots.push(Slot { at, duration, value, heads, shared, is_paired });
            at += duration;
        }
        slots
    }

    fn head(&mut self, note: usize, is_last: bool) -> Head {
        self.0[note] += 1;
        Head { note, number: self.0[note], is_last }
    }
}
