//! Some bars of a score as a score of their own.

use std::ops::Range;

use notation::{Direction, DirectionKind, Marks, Measure, Note, NoteId, Quarters, Score};

/// Measures (indices) of a score alone, from the bar line of the first one, which comes to stand at 0.
///
/// Parts and printed numbers stay; every measure is a written one of its own, and notes are numbered anew. Metre,
/// key, swing, tempo and dynamic in force at the beginning are said there; other directions are those that begin
/// in the bars.
/// Notes that reach beyond the last bar line end there. Slurs whose other end is outside are left out, as are
/// notes that began before.
pub fn excerpt(score: &Score, bars: Range<usize>) -> Score {
    let measures = score.measures.get(bars.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (measures.first(), measures.last()) else { return Score::default() };
    let (start, end) = (first.start, last.end);
    let mut alone = Score {
        title: score.title.clone(),
        composer: score.composer.clone(),
        parts: score.parts.clone(),
        time_signatures: changes(&score.time_signatures, first.time, start, end),
        key_signatures: changes(&score.key_signatures, score.key_signature_at(start), start, end),
        swing: changes(&score.swing, score.swing_at(start), start, end),
        ..Score::default()
    };
    alone.measures = (0u32..)
        .zip(measures)
        .map(|(written, measure)| Measure {
            start: measure.start - start,
            end: measure.end - start,
            written,
            pass: 1,
            ..measure.clone()
        })
        .collect();
    let inside = score.notes.get(score.notes_in_measures(bars.clone())).unwrap_or_default();
    let numbers = numbers(inside);
    let notes = inside.iter().zip(numbers);
    alone.notes = notes.map(|(note, written)| moved(note, written, bars.start, start, end)).collect();
    close_slurs(&mut alone.notes);
    let begins_inside = |direction: &&Direction| start <= direction.onset && direction.onset < end;
    let inside = score.directions.iter().filter(begins_inside).map(|direction| Direction {
        onset: direction.onset - start,
        end: direction.end.map(|until| until.min(end) - start),
        ..direction.clone()
    });
    alone.directions = in_force(&score.directions, start).into_iter().chain(inside).collect();
    alone
}

/// What is in force at the beginning and what changes before the end, counted from the beginning.
fn changes<T: Copy>(all: &[(Quarters, T)], first: T, start: Quarters, end: Quarters) -> Vec<(Quarters, T)> {
    let inside = all.iter().filter(|(at, _)| start < *at && *at < end);
    std::iter::once((Quarters::ZERO, first)).chain(inside.map(|(at, value)| (*at - start, *value))).collect()
}

/// The tempo and the dynamic that hold at a point without being said there, said at 0.
fn in_force(directions: &[Direction], start: Quarters) -> Vec<Direction> {
    let is_tempo =
        |kind: DirectionKind| matches!(kind, DirectionKind::Metronome(_) | DirectionKind::Tempo(Some(_)));
    let is_dynamic = |kind: DirectionKind| matches!(kind, DirectionKind::Dynamic(_));
    let holding = |is_kind: &dyn Fn(DirectionKind) -> bool| {
        let last = directions.iter().rev().find(|d| d.onset <= start && is_kind(d.kind))?;
        let said = Direction { onset: Quarters::ZERO, end: None, ..last.clone() };
        (last.onset < start).then_some(said)
    };
    [holding(&is_tempo), holding(&is_dynamic)].into_iter().flatten().collect()
}

/// New numbers of notes, from 0, in the order in which the file has them: grace notes are struck in that order.
fn numbers(notes: &[Note]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..notes.len()).collect();
    order.sort_by_key(|n| (notes[*n].measure, notes[*n].id.written));
    let mut numbers = vec![0; notes.len()];
    for (number, n) in (0_u32..).zip(order) {
        numbers[n] = number;
    }
    numbers
}

fn moved(note: &Note, written: u32, first_bar: usize, start: Quarters, end: Quarters) -> Note {
    let first_bar = u32::try_from(first_bar).unwrap_or(u32::MAX);
    Note {
        id: NoteId { written, pass: 1 },
        onset: note.onset - start,
        duration: note.offset().min(end) - note.onset,
        measure: note.measure.saturating_sub(first_bar),
        ..note.clone()
    }
}

/// Takes away the slurs of a voice of which some begin or end elsewhere. Notes are in order.
pub fn close_slurs(notes: &mut [Note]) {
    let mut voices: Vec<(u16, u8, u8)> = notes.iter().map(|n| (n.part, n.staff, n.voice)).collect();
    voices.sort_unstable();
    voices.dedup();
    for voice in voices {
        let own: Vec<usize> = (0..notes.len())
            .filter(|n| voice == (notes[*n].part, notes[*n].staff, notes[*n].voice))
            .collect();
        let (mut open, mut is_closed) = (0_usize, true);
        for n in &own {
            let marks = notes[*n].marks;
            if marks.contains(Marks::SLUR_STOP) {
                is_closed &= open > 0;
                open = open.saturating_sub(1);
            }
            open += usize::from(marks.contains(Marks::SLUR_START));
        }
        if !is_closed || open > 0 {
            let slurs = Marks::SLUR_START | Marks::SLUR_STOP | Marks::SLURRED;
            own.iter().for_each(|n| notes[*n].marks.remove(slurs));
        }
    }
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
