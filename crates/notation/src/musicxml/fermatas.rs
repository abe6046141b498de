//! Fermatas that stand on rests and bar lines: those on notes are marks of the notes.

use super::reader::Reader;
use super::written::{Passes, Position, WrittenDirection};
use crate::error::ImportError;
use crate::marks::DirectionKind;
use crate::time::Quarters;

/// So many notes and directions are looked through for those at one place.
const MOST_AT_ONE_PLACE: usize = 64;

/// Adds a fermata on a rest of the current measure, from one offset to another.
pub(super) fn on_rest(
    reader: &mut Reader<'_, '_>,
    (from, to): (Quarters, Quarters),
    staff: Option<u8>,
    passes: Passes,
) -> Result<(), ImportError> {
    let at = |offset| Position { measure: reader.measure, offset };
    let (from, to) = (at(from), at(to));
    add(reader, (from, to), staff, passes)
}

/// Adds a fermata on a bar line. It belongs to the measure before it, and begins there with the last note of
/// the part, so that it is played whenever this measure is.
pub(super) fn on_barline(reader: &mut Reader<'_, '_>, at: Position) -> Result<(), ImportError> {
    let measure = if at.offset.is_zero() { at.measure.checked_sub(1) } else { Some(at.measure) };
    // Nothing comes before the first bar line.
    let Some(measure) = measure else { return Ok(()) };
    let is_before = |offset: &Quarters| Position { measure, offset: *offset } < at;
    let notes = reader.score.notes.iter().rev().take(MOST_AT_ONE_PLACE);
    let of_measure = notes.take_while(|note| (note.part, note.position.measure) == (reader.part, measure));
    let offset = of_measure.map(|note| note.position.offset).filter(is_before).max();
    let from = Position { measure, offset: offset.unwrap_or_default() };
    add(reader, (from, at), None, Passes::default())
}

/// Adds a fermata, once where several voices have it, or a bar line has one above and one below. A file whose
/// directions say everything has it there.
fn add(
    reader: &mut Reader<'_, '_>,
    (position, end): (Position, Position),
    staff: Option<u8>,
    passes: Passes,
) -> Result<(), ImportError> {
    if reader.score.is_exact {
        return Ok(());
    }
    let (kind, part) = (DirectionKind::Fermata, reader.part);
    let mut before = reader.score.directions.iter().rev().take(MOST_AT_ONE_PLACE);
    let is_same = |d: &WrittenDirection| {
        (d.kind, d.part, d.staff, d.position, d.end) == (kind, part, staff, position, Some(end))
    };
    if before.any(is_same) {
        return Ok(());
    }
    let (end, text) = (Some(end), String::new());
    reader.add_direction(WrittenDirection {
        position,
        end,
        part,
        staff,
        kind,
        text,
        tempo_ratio: None,
        passes,
    })
}
