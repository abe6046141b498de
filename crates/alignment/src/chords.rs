//! The score as the chords that an alignment steps through.

use std::ops::Range;

use notation::{Marks, Score};

/// Marks that ask for more keys than the note's own.
pub const ORNAMENTS: Marks = Marks::TRILL.union(Marks::MORDENT).union(Marks::TURN);

/// Notes that start together, with the grace notes before them.
#[derive(Clone, Debug)]
pub struct Chord {
    /// When they start, in quarters.
    pub quarters: f64,
    /// Their indices in [`Score::notes`].
    pub notes: Range<usize>,
    /// Whether it is the first of its measure.
    pub opens_bar: bool,
    /// The pitches, each once, ascending.
    pub pitches: Vec<u8>,
    /// Pitches of notes with an ornament.
    pub ornamented: Vec<u8>,
}

/// All chords, and the one of each note.
pub struct Chords {
    pub all: Vec<Chord>,
    pub of_note: Vec<u32>,
}

impl Chords {
    pub fn of(score: &Score) -> Self {
        let mut all: Vec<Chord> = Vec::new();
        let mut of_note = Vec::with_capacity(score.notes.len());
        let mut measure = None;
        for notes in score.onset_groups() {
            let first = &score.notes[notes.start];
            let mut pitches: Vec<u8> = score.notes[notes.clone()].iter().map(|n| n.pitch).collect();
            pitches.sort_unstable();
            pitches.dedup();
            let signed = score.notes[notes.clone()].iter().filter(|n| n.marks.intersects(ORNAMENTS));
            let ornamented = signed.map(|n| n.pitch).collect();
            of_note.extend(std::iter::repeat_n(all.len() as u32, notes.len()));
            all.push(Chord {
                quarters: first.onset.to_f64(),
                notes,
                opens_bar: measure != Some(first.measure),
                pitches,
                ornamented,
            });
            measure = Some(first.measure);
        }
        Self { all, of_note }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }
}
