//! Marks that a file writes at one note of a chord, but that mean the whole chord.

use std::collections::HashMap;

use super::written::WrittenScore;
use crate::marks::Marks;
use crate::time::Quarters;

/// What holds for a whole chord; ornaments stay with their note.
pub(super) const SHARED: Marks = Marks::STACCATO
    .union(Marks::STACCATISSIMO)
    .union(Marks::ACCENT)
    .union(Marks::MARCATO)
    .union(Marks::TENUTO)
    .union(Marks::FERMATA)
    .union(Marks::ARPEGGIO)
    .union(Marks::ARPEGGIO_DOWN)
    .union(Marks::BREATH);

/// What a note that ties make of several heads has from its last one: how it ends.
pub(super) const RELEASE: Marks = Marks::FERMATA.union(Marks::SLUR_STOP).union(Marks::BREATH);

/// Spreads shared marks over the notes of one part, voice and onset, grace notes apart.
pub(super) fn spread(score: &mut WrittenScore, onsets: &[Quarters]) {
    let mut chords: HashMap<(u16, u8, bool, Quarters), Marks> = HashMap::new();
    for (note, onset) in score.notes.iter().zip(onsets) {
        let shared = note.marks & SHARED;
        if !shared.is_empty() {
            *chords.entry((note.part, note.voice, note.grace.is_some(), *onset)).or_default() |= shared;
        }
    }
    for (note, onset) in score.notes.iter_mut().zip(onsets) {
        if let Some(marks) = chords.get(&(note.part, note.voice, note.grace.is_some(), *onset)) {
            note.marks |= *marks;
        }
    }
}
