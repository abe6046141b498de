//! The heads of notes: a note that goes over bar lines or lasts as long as no note value is several.

use super::layers::Layer;
use super::values::{self, Value};
use crate::score::{Measure, Score};
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
}

/// The measure that a point lies in, and how far: the end of the score lies in the last.
pub(super) fn place(measures: &[Measure], at: Quarters) -> (usize, Quarters) {
    let measure = measures.partition_point(|m| m.start <= at).saturating_sub(1);
    (measure, at - measures.get(measure).map_or(Quarters::ZERO, |m| m.start))
}

/// The slots of a layer in each measure, in order.
pub(super) fn slots(score: &Score, layer: &Layer) -> Vec<Vec<Slot>> {
    let mut slots: Vec<Vec<Slot>> = vec![Vec::new(); score.measures.len()];
    for (onset, notes) in &layer.graces {
        let (measure, at) = place(&score.measures, *onset);
        for note in notes {
            let is_last = score.notes[*note].duration.is_zero();
            let heads = vec![Head { note: *note, number: 1, is_last }];
            slots[measure].push(Slot { at, duration: Quarters::ZERO, value: None, heads });
        }
    }
    for chord in &layer.chords {
        let pieces = pieces(&score.measures, chord.onset, chord.duration);
        let count = pieces.len();
        for (k, (measure, at, duration, value)) in pieces.into_iter().enumerate() {
            let head = |note: &usize| Head {
                note: *note,
                number: k as u32 + 1 + u32::from(score.notes[*note].grace.is_some()),
                is_last: k + 1 == count,
            };
            slots[measure].push(Slot { at, duration, value, heads: chord.notes.iter().map(head).collect() });
        }
    }
    for slots in &mut slots {
        slots.sort_by_key(|slot| (slot.at, !slot.duration.is_zero()));
    }
    slots
}

/// A duration cut at bar lines and into note values. What goes beyond the last measure stays in it.
fn pieces(
    measures: &[Measure],
    onset: Quarters,
    duration: Quarters,
) -> Vec<(usize, Quarters, Quarters, Option<Value>)> {
    let (first, mut at) = place(measures, onset);
    let mut left = duration;
    let mut pieces = Vec::new();
    for (measure, span) in measures.iter().enumerate().skip(first) {
        let room = span.end - span.start - at;
        let is_last = measure + 1 == measures.len();
        let here = if is_last { left } else { left.min(room.max(Quarters::ZERO)) };
        for (length, value) in values::heads(at, here) {
            pieces.push((measure, at, length, value));
            at += length;
        }
        left -= here;
        if left <= Quarters::ZERO {
            break;
        }
        at = Quarters::ZERO;
    }
    pieces
}
