//! A score out of what was written: a new one, or some bars more of another.

use std::collections::BTreeSet;

use analysis::harmony::key_signature;
use notation::{Direction, Hand, Measure, Note, NoteId, Part, Quarters, Score};

use super::metre::Metre;
use super::slurs;
use super::walk::Written;

/// A piece for piano of its own.
pub fn new_piece(title: String, metre: Metre, bars: usize, written: &[Written]) -> Score {
    let part = Part { id: "P1".to_owned(), name: "Piano".to_owned(), staves: 2 };
    let measures = (0_u32..).take(bars).map(|index| Measure::regular(index, metre.time)).collect();
    let mut score = Score {
        title: Some(title),
        parts: vec![part],
        measures,
        time_signatures: vec![(Quarters::ZERO, metre.time)],
        ..Score::default()
    };
    add(&mut score, Quarters::ZERO, written);
    score.key_signatures = vec![(Quarters::ZERO, key_signature(&score.notes))];
    score
}

/// The bars of a piece before one, as they are, with new ones after them.
///
/// Notes, lines and slurs that lead beyond the last of these bars end there.
pub fn continued(before: &Score, from: usize, (metre, bars): (Metre, usize), written: &[Written]) -> Score {
    let measures = before.measures.get(..from).unwrap_or_default().to_vec();
    let cut = measures.last().map_or(Quarters::ZERO, |last| last.end);
    let is_kept = |note: &&Note| (note.measure as usize) < from;
    let (kept, dropped): (Vec<&Note>, Vec<&Note>) = before.notes.iter().partition(is_kept);
    let until_cut = |note: &Note| Note { duration: note.offset().min(cut) - note.onset, ..note.clone() };
    let mut notes: Vec<Note> = kept.into_iter().map(until_cut).collect();
    slurs::end(&mut notes, &dropped);
    let directions = before.directions.iter().filter(|direction| direction.onset < cut);
    let directions = directions
        .map(|direction| Direction { end: direction.end.map(|end| end.min(cut)), ..direction.clone() });
    let mut score = Score {
        directions: directions.collect(),
        time_signatures: until(&before.time_signatures, cut),
        key_signatures: until(&before.key_signatures, cut),
        swing: until(&before.swing, cut),
        measures,
        notes,
        ..before.clone()
    };
    let numbers: BTreeSet<u32> = score.notes.iter().map(|note| note.id.written).collect();
    score.velocities.retain(|number, _| numbers.contains(number));
    add_measures(&mut score, cut, metre, bars);
    add(&mut score, cut, written);
    score
}

/// What changes before a place.
fn until<T: Copy>(changes: &[(Quarters, T)], cut: Quarters) -> Vec<(Quarters, T)> {
    changes.iter().filter(|(at, _)| *at < cut).copied().collect()
}

/// Adds empty bars, whose printed numbers go on.
fn add_measures(score: &mut Score, cut: Quarters, metre: Metre, bars: usize) {
    let last = score.measures.last().and_then(|last| last.number.parse::<u32>().ok());
    let number = last.unwrap_or(score.measures.len() as u32).saturating_add(1);
    let written = score.measures.iter().map(|measure| measure.written + 1).max().unwrap_or(0);
    let new = (0_u32..).take(bars).map(|k| {
        let start = cut + metre.bar() * i64::from(k);
        let (end, number) = (start + metre.bar(), number.saturating_add(k).to_string());
        Measure { start, end, number, written: written + k, pass: 1, time: metre.time }
    });
    score.measures.extend(new);
}

/// Adds what was written from a place on.
fn add(score: &mut Score, from: Quarters, written: &[Written]) {
    if score.parts.is_empty() {
        score.parts.push(Part { id: "P1".to_owned(), name: "Piano".to_owned(), staves: 2 });
    }
    let part = piano(score);
    let (right, left) = staves_and_voices(score, part);
    let numbers = score.notes.iter().map(|note| note.id.written).chain(score.velocities.keys().copied());
    let first = numbers.max().map_or(0, |last| last.saturating_add(1));
    let mut written: Vec<&Written> = written.iter().collect();
    written.sort_by_key(|note| (note.onset, note.pitch));
    for (number, note) in (first..=u32::MAX).zip(written) {
        let onset = from + note.onset;
        let (staff, voice) = if note.hand == Hand::Right { right } else { left };
        let next = score.measures.partition_point(|measure| measure.start <= onset);
        score.notes.push(Note {
            id: NoteId { written: number, pass: 1 },
            onset,
            duration: note.end - note.onset,
            pitch: note.pitch,
            measure: next.saturating_sub(1) as u32,
            part,
            staff,
            voice,
            ..Note::default()
        });
    }
    score.notes.sort_by_key(|note| (note.onset, note.pitch));
}

/// The part that goes on: the one with the most notes.
fn piano(score: &Score) -> u16 {
    let count = |part: u16| score.notes.iter().filter(|note| note.part == part).count();
    let parts = (0..score.parts.len()).filter_map(|part| u16::try_from(part).ok());
    parts.rev().max_by_key(|part| count(*part)).unwrap_or(0)
}

/// Staff and voice of the right hand, and of the left one: those that have most of what is there.
fn staves_and_voices(score: &Score, part: u16) -> ((u8, u8), (u8, u8)) {
    let staves = score.parts.get(usize::from(part)).map_or(2, |part| part.staves);
    let own = || score.notes.iter().filter(|note| note.part == part);
    let voice = |staff: u8| {
        let count = |voice: u8| own().filter(|note| (note.staff, note.voice) == (staff, voice)).count();
        let voices = (1..=u8::MAX).rev().map(|voice| (count(voice), voice)).filter(|(count, _)| *count > 0);
        voices.max_by_key(|(count, _)| *count).map(|(_, voice)| voice)
    };
    let right = voice(1).unwrap_or(1);
    let staff = if staves > 1 { 2 } else { 1 };
    let is_free = |voice: &u8| own().all(|note| (note.voice, note.staff) != (*voice, 1)) && *voice != right;
    let left = voice(staff).filter(|voice| *voice != right);
    let left = left.or_else(|| (2..=u8::MAX).find(is_free)).unwrap_or(right);
    ((1, right), (staff, left))
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
