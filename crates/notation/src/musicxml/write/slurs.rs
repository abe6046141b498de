//! Slurs between the notes that say where one starts and stops.

use std::collections::BTreeMap;

use crate::marks::Marks;
use crate::score::{Note, Score};
use crate::time::Quarters;

/// MusicXML counts slurs at a time from 1 to this. The last is for those without a partner.
const NUMBERS: usize = 16;

/// Numbers of the slurs that start and stop at a note, and of one that goes over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub start: usize,
    pub stop: usize,
    pub over: usize,
}

/// The numbers for the notes of one part, by note: a stop belongs to the last open start of its voice,
/// else to the last open one of the part.
pub(super) fn numbers(score: &Score, part: u16) -> BTreeMap<usize, Numbers> {
    let is_slurred = |note: &Note| {
        note.part == part && note.marks.intersects(Marks::SLUR_START | Marks::SLUR_STOP | Marks::SLURRED)
    };
    let notes = score.notes.iter().enumerate().filter(|(_, note)| is_slurred(note)).map(|(k, _)| k);
    let mut numbers: BTreeMap<usize, Numbers> =
        notes.map(|k| (k, Numbers { start: NUMBERS, stop: NUMBERS, over: NUMBERS })).collect();
    let mut order: Vec<usize> = numbers.keys().copied().collect();
    order.sort_by_key(|k| (score.notes[*k].onset, score.notes[*k].grace.is_none(), score.notes[*k].id));
    let pairs = pairs(score, &order);
    // Until when each number is taken.
    let mut taken: Vec<Option<Quarters>> = vec![None; NUMBERS - 1];
    for (start, stop) in pairs {
        let (from, to) = (score.notes[start].onset, score.notes[stop].onset);
        let Some(free) = taken.iter().position(|until| until.is_none_or(|until| until < from)) else {
            continue;
        };
        taken[free] = Some(to);
        numbers.entry(start).or_default().start = free + 1;
        numbers.entry(stop).or_default().stop = free + 1;
        let voice = score.notes[start].voice;
        let first = order.partition_point(|k| score.notes[*k].onset <= from);
        let under = order[first..].iter().take_while(|k| score.notes[**k].onset < to);
        for note in under.filter(|k| score.notes[**k].voice == voice) {
            numbers.entry(*note).or_default().over = free + 1;
        }
    }
    numbers
}

/// Starts and stops that belong together, by their start.
fn pairs(score: &Score, order: &[usize]) -> Vec<(usize, usize)> {
    let mut open: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for index in order {
        let note = &score.notes[*index];
        if note.marks.contains(Marks::SLUR_STOP) {
            let same_voice = open.iter().rposition(|start| score.notes[*start].voice == note.voice);
            if let Some(found) = same_voice.or(open.len().checked_sub(1)) {
                pairs.push((open.remove(found), *index));
            }
        }
        if note.marks.contains(Marks::SLUR_START) {
            open.push(*index);
        }
    }
    pairs.sort_by_key(|(start, _)| score.notes[*start].onset);
    pairs
}
