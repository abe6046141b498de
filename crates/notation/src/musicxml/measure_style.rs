//! `<measure-style>`: measures that say no more than that they repeat others, and long rests.
//!
//! The notes of a measure repeat belong into the file, but not every program writes them. So a measure
//! without any has those of the measures that its sign repeats. A rest of several measures is a way to
//! print them: programs write each measure, and where they do not the music is too short.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::reader::Reader;
use super::warnings::Warnings;
use super::written::{Style, StyleKind, WrittenScore};
use super::xml::Tag;
use crate::error::ImportError;
use crate::options::Limits;

/// No sign repeats more measures.
const MOST_REPEATED: u32 = 8;

/// Reads a style; `tag` may name the staff that it is for.
pub(super) fn measure_style<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    let staff = tag.number::<u8>("number");
    while let Some(tag) = reader.xml.child()? {
        let kind = match tag.name() {
            "measure-repeat" if tag.is("type", "stop") => {
                reader.xml.skip()?;
                StyleKind::RepeatStop
            }
            "measure-repeat" => {
                let count = reader.xml.number::<u32>()?.unwrap_or(1);
                StyleKind::RepeatStart(count.clamp(1, MOST_REPEATED))
            }
            "multiple-rest" => StyleKind::Rest(reader.xml.number::<u32>()?.unwrap_or(1)),
            _ => {
                reader.xml.skip()?;
                continue;
            }
        };
        reader.add_style(staff, kind)?;
    }
    Ok(())
}

/// Gives measures without notes those that they repeat, and warns of rests that lack measures.
pub(super) fn settle(
    score: &mut WrittenScore,
    limits: &Limits,
    warnings: &mut Warnings,
) -> Result<(), ImportError> {
    if score.styles.is_empty() {
        return Ok(());
    }
    let mut notes: HashMap<(u16, u32), Vec<usize>> = HashMap::new();
    for (index, note) in score.notes.iter().enumerate() {
        notes.entry((note.part, note.position.measure)).or_default().push(index);
    }
    for Repeat { part, staff, measures, count } in repeats(score) {
        for measure in measures {
            let Some(source) = measure.checked_sub(count) else { continue };
            let of_staff = |index: &usize| staff.is_none_or(|staff| score.notes[*index].staff == staff);
            let own = notes.get(&(part, measure)).into_iter().flatten();
            if own.copied().any(|index| of_staff(&index)) {
                continue;
            }
            let repeated = notes.get(&(part, source)).into_iter().flatten().copied();
            let copies: Vec<usize> = repeated.filter(of_staff).collect();
            if score.notes.len() + copies.len() > limits.notes {
                return Err(ImportError::too_large("notes", limits.notes as u64));
            }
            for index in copies {
                notes.entry((part, measure)).or_default().push(score.notes.len());
                copy(score, index, measure);
            }
        }
    }
    warn_of_rests(score, warnings);
    Ok(())
}

/// Measures of which each has the notes of the one so many measures before.
struct Repeat {
    part: u16,
    staff: Option<u8>,
    measures: Range<u32>,
    count: u32,
}

/// The measures between the signs, in the order in which they begin.
fn repeats(score: &WrittenScore) -> Vec<Repeat> {
    let end = score.measures.len() as u32;
    let mut repeats: Vec<Repeat> = Vec::new();
    // The last one of each part and staff.
    let mut last: HashMap<(u16, Option<u8>), usize> = HashMap::new();
    for Style { part, staff, measure, kind } in &score.styles {
        if matches!(kind, StyleKind::Rest(_)) {
            continue;
        }
        if let Some(open) = last.remove(&(*part, *staff)) {
            repeats[open].measures.end = *measure;
        }
        if let StyleKind::RepeatStart(count) = kind {
            last.insert((*part, *staff), repeats.len());
            repeats.push(Repeat { part: *part, staff: *staff, measures: *measure..end, count: *count });
        }
    }
    repeats
}

/// Adds a note to another measure, which has the length of its own if it has none.
fn copy(score: &mut WrittenScore, index: usize, measure: u32) {
    let mut note = score.notes[index].clone();
    let length = score.measures[note.position.measure as usize].length;
    let to = &mut score.measures[measure as usize];
    if to.length.is_zero() {
        to.length = length;
    }
    note.position.measure = measure;
    note.id = u32::MAX;
    score.notes.push(note);
}

/// Warns of a rest of several measures that are not there, or not all at rest.
fn warn_of_rests(score: &WrittenScore, warnings: &mut Warnings) {
    let rests = score.styles.iter().filter_map(|style| match style.kind {
        StyleKind::Rest(count) if count > 1 => Some((style, count)),
        _ => None,
    });
    let rests: Vec<_> = rests.collect();
    if rests.is_empty() {
        return;
    }
    let sounding: HashSet<(u16, u32)> =
        score.notes.iter().map(|note| (note.part, note.position.measure)).collect();
    let end = score.measures.len() as u32;
    for (style, count) in rests {
        let measures = (style.measure..end).take(count as usize);
        let found = measures.take_while(|measure| !sounding.contains(&(style.part, *measure))).count();
        if found < count as usize {
            warnings.add(
                "rest",
                || score.place(style.measure, Some(style.part)),
                || format!("a rest of {count} measures is printed here, and the file has {found} of them"),
            );
        }
    }
}
