//! Which notes of a score have ornaments.

use std::collections::HashMap;

use notation::{Marks, Note, Score};

/// What is written over a note and played as more than one stroke.
const SIGNS: Marks = Marks::TRILL.union(Marks::MORDENT).union(Marks::TURN).union(Marks::TREMOLO);

/// The signs that the notes of a score are played with; empty if there are none.
pub(super) struct Signs(Vec<Option<Marks>>);

/// The notes of one voice that start together, grace notes apart.
struct Chord {
    /// How many of them have signs, and the marks of the first that has.
    signed: usize,
    sign: Marks,
    top: u8,
}

impl Signs {
    pub fn of(score: &Score) -> Self {
        if !score.notes.iter().any(has_sign) {
            return Self(Vec::new());
        }
        let mut signs = vec![None; score.notes.len()];
        for group in score.onset_groups() {
            let notes = &score.notes[group.clone()];
            if notes.iter().any(has_sign) {
                let chords = chords(notes);
                let of_note = |note| sign(note, chords.get(&voice(note))?);
                signs[group].iter_mut().zip(notes).for_each(|(sign, note)| *sign = of_note(note));
            }
        }
        Self(signs)
    }

    /// Whether no note has a sign.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The signs that a note is played with.
    pub fn at(&self, note: u32) -> Option<Marks> {
        self.0.get(note as usize).copied().flatten()
    }
}

fn has_sign(note: &Note) -> bool {
    note.marks.intersects(SIGNS) && !note.marks.contains(Marks::TREMOLO_PAIR) && note.grace.is_none()
}

fn voice(note: &Note) -> (u16, u8, u8) {
    (note.part, note.staff, note.voice)
}

/// The chords of notes that start together, by voice.
fn chords(notes: &[Note]) -> HashMap<(u16, u8, u8), Chord> {
    let mut chords = HashMap::new();
    for note in notes.iter().filter(|n| n.grace.is_none()) {
        let new = Chord { signed: 0, sign: Marks::empty(), top: 0 };
        let chord: &mut Chord = chords.entry(voice(note)).or_insert(new);
        chord.top = chord.top.max(note.pitch);
        if has_sign(note) {
            chord.sign = if chord.signed == 0 { note.marks } else { chord.sign };
            chord.signed += 1;
        }
    }
    chords
}

/// A sign stands over a chord and is written at one of its notes; the top note has it, unless several
/// notes have signs of their own.
fn sign(note: &Note, chord: &Chord) -> Option<Marks> {
    if note.grace.is_some() {
        return None;
    }
    match chord.signed {
        0 => None,
        1 if !note.marks.contains(Marks::TREMOLO) => (note.pitch == chord.top).then_some(chord.sign),
        _ => has_sign(note).then_some(note.marks),
    }
}
