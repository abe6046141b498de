//! Pairs slur starts with slur stops and marks the notes between.

use std::collections::HashMap;

use super::written::WrittenScore;
use crate::marks::Marks;
use crate::time::Quarters;

/// Marks first, last and inner notes of every slur. `onsets` are the notes' times on the score.
///
/// A stop may stand before its start in the file (a slur from the lower to the upper staff), so
/// either end waits for the other; a pair that would run backwards in time is no pair.
pub(super) fn mark(score: &mut WrittenScore, onsets: &[Quarters]) {
    let mut waiting: HashMap<(u16, u32, bool), usize> = HashMap::new();
    let mut pairs = Vec::new();
    for end in std::mem::take(&mut score.slurs) {
        let Some(note) = score.notes.get_mut(end.note) else { continue };
        note.marks |= if end.is_start { Marks::SLUR_START } else { Marks::SLUR_STOP };
        let part = note.part;
        let partner = waiting.remove(&(part, end.number, !end.is_start));
        let pair = partner.map(|p| if end.is_start { (end.note, p) } else { (p, end.note) });
        match pair {
            Some((start, stop)) if onsets[start] <= onsets[stop] => pairs.push((start, stop)),
            _ => drop(waiting.insert((part, end.number, end.is_start), end.note)),
        }
    }
    cover(score, onsets, &pairs);
}

/// Marks the notes under each slur: those of its first note's voice from its start to its last note.
/// At one onset grace notes come before the notes that they adorn.
fn cover(score: &mut WrittenScore, onsets: &[Quarters], pairs: &[(usize, usize)]) {
    let order: Vec<_> =
        score.notes.iter().zip(onsets).map(|(n, onset)| (*onset, n.grace.is_none())).collect();
    let mut voices: HashMap<(u16, u8), (Vec<usize>, Vec<i32>)> = HashMap::new();
    for (index, note) in score.notes.iter().enumerate() {
        voices.entry((note.part, note.voice)).or_default().0.push(index);
    }
    for (notes, changes) in voices.values_mut() {
        notes.sort_by_key(|n| order[*n]);
        changes.resize(notes.len() + 1, 0);
    }
    for (start, stop) in pairs {
        let note = &score.notes[*start];
        let Some((notes, changes)) = voices.get_mut(&(note.part, note.voice)) else { continue };
        let first = notes.partition_point(|n| order[*n] < order[*start]);
        let end = notes.partition_point(|n| order[*n] <= order[*stop]);
        if first < end {
            changes[first] += 1;
            changes[end] -= 1;
        }
    }
    for (notes, changes) in voices.values() {
        let mut slurs = 0;
        for (note, change) in notes.iter().zip(changes) {
            slurs += change;
            if slurs > 0 {
                score.notes[*note].marks |= Marks::SLURRED;
            }
        }
    }
}
