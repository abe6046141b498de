//! Voices that are counted from one on each staff.
//!
//! A voice is one line of notes and chords, on whatever staff they stand. Some programs count the voices of
//! each staff anew, or name none, so that the hands of a piano seem to be one voice: marks of one hand would
//! hold for the other, and its slurs would cover both.

use std::collections::{HashMap, HashSet};

use super::written::WrittenScore;
use crate::time::Quarters;

/// Gives the voices of each staff numbers of their own, in parts where one voice has notes on two staves at
/// once that are no chord.
pub(super) fn settle(score: &mut WrittenScore) {
    let parts = parts_that_count_anew(score);
    if parts.is_empty() {
        return;
    }
    let mut most: HashMap<u16, u8> = HashMap::new();
    for note in &score.notes {
        let most = most.entry(note.part).or_default();
        *most = note.voice.max(*most);
    }
    for note in score.notes.iter_mut().filter(|note| parts.contains(&note.part)) {
        let most = most.get(&note.part).copied().unwrap_or(0);
        let others = most.saturating_mul(note.staff.saturating_sub(1));
        note.voice = note.voice.saturating_add(others);
    }
}

fn parts_that_count_anew(score: &WrittenScore) -> HashSet<u16> {
    let mut staves: HashMap<(u16, u8, u32, Quarters), u8> = HashMap::new();
    let mut parts = HashSet::new();
    for note in score.notes.iter().filter(|note| !note.is_of_chord && note.grace.is_none()) {
        let key = (note.part, note.voice, note.position.measure, note.position.offset);
        if *staves.entry(key).or_insert(note.staff) != note.staff {
            parts.insert(note.part);
        }
    }
    parts
}
