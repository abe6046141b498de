//! The document: title, list of parts, and the parts.

use std::collections::{HashMap, HashSet};

use super::error::WriteError;
use super::offsets;
use super::part::{self, Whole};
use super::signs::Page;
use super::spelling;
use super::xml::Xml;
use crate::musicxml::reader::FINEST_GRID;
use crate::musicxml::written_out::{self, HeadId, SOFTWARE, SOFTWARE_PRINTED};
use crate::score::{Measure, NoteId, Score};
use crate::time::{Quarters, lcm};

const DOCTYPE: &str = "score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" \
    \"http://www.musicxml.org/dtds/partwise.dtd\"";

/// Writes a score, and what a page says beyond it.
pub(super) fn document(score: &Score, page: Page<'_>) -> Result<String, WriteError> {
    check(score)?;
    let divisions = divisions(score)?;
    let names = spelling::spell(score);
    let ids = note_ids(score);
    let part_ids = part_ids(score);
    let mut xml = Xml::new(Some(DOCTYPE));
    xml.open("score-partwise", &[("version", "4.0")]);
    header(&mut xml, score, &part_ids, if page.signs.is_empty() { SOFTWARE } else { SOFTWARE_PRINTED });
    let numbers = numbers(&score.measures);
    let offsets = offsets::offsets(score);
    let whole =
        Whole { score, page, divisions, offsets: &offsets, names: &names, ids: &ids, numbers: &numbers };
    for (part, id) in (0..).zip(&part_ids) {
        part::part(&mut xml, &whole, part, id)?;
    }
    xml.finish()
}

fn check(score: &Score) -> Result<(), WriteError> {
    if score.notes.is_empty() {
        return Err(WriteError::NoNotes);
    }
    let mut parts = score.notes.iter().map(|note| note.part).chain(score.directions.iter().map(|d| d.part));
    if !parts.all(|part| usize::from(part) < score.parts.len()) {
        return Err(WriteError::Parts);
    }
    let starts_first = score.measures.first().is_some_and(|m| m.start.is_zero());
    let is_gapless = score.measures.windows(2).all(|m| m[0].end == m[1].start);
    let has_length = score.measures.iter().all(|m| m.start < m.end);
    if starts_first && is_gapless && has_length { Ok(()) } else { Err(WriteError::Measures) }
}

fn header(xml: &mut Xml, score: &Score, part_ids: &[String], software: &str) {
    if let Some(title) = &score.title {
        xml.open("work", &[]);
        xml.leaf("work-title", title);
        xml.close();
    }
    xml.open("identification", &[]);
    if let Some(composer) = &score.composer {
        xml.leaf_with("creator", &[("type", "composer")], composer);
    }
    xml.open("encoding", &[]);
    xml.leaf("software", software);
    xml.close();
    xml.close();
    xml.open("part-list", &[]);
    for (part, id) in score.parts.iter().zip(part_ids) {
        xml.open("score-part", &[("id", id)]);
        xml.leaf("part-name", &part.name);
        xml.close();
    }
    xml.close();
}

/// The identifiers of the parts, where they are such and each is there once; else others.
fn part_ids(score: &Score) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    // Notes and measures have identifiers, too.
    let is_other = |id: &str| HeadId::parse(id).is_some() || written_out::parse_measure_id(id).is_some();
    let is_name = |id: &str| {
        id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
            && !is_other(id)
    };
    let own: Vec<&str> = score.parts.iter().map(|part| part.id.as_str()).collect();
    let mut id = |part: &str| {
        let is_free = is_name(part) && !taken.contains(part);
        let new = || {
            (1..).map(|k| format!("part{k}")).find(|id| !taken.contains(id) && !own.contains(&id.as_str()))
        };
        let id = if is_free { part.to_owned() } else { new().unwrap_or_default() };
        taken.insert(id.clone());
        id
    };
    score.parts.iter().map(|part| id(&part.id)).collect()
}

/// The numbers of the measures, none of which comes twice in a file: where a printed number comes again,
/// letters follow it, as in `12b`.
fn numbers(measures: &[Measure]) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut times: HashMap<&str, usize> = HashMap::new();
    let mut numbers = Vec::with_capacity(measures.len());
    for measure in measures {
        let times = times.entry(&measure.number).or_default();
        let mut number = measure.number.clone();
        while !taken.insert(number.clone()) {
            *times += 1;
            number = format!("{}{}", measure.number, letters(*times));
        }
        numbers.push(number);
    }
    numbers
}

/// `b` to `z`, `aa`, `ab` … for 1, 2 …
fn letters(times: usize) -> String {
    let mut letters = Vec::new();
    let mut left = times + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'a' + (left % 26) as u8));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// The notes by their own numbers, where no two are the same; else counted.
fn note_ids(score: &Score) -> Vec<NoteId> {
    let mut seen: HashSet<NoteId> = HashSet::new();
    if score.notes.iter().all(|note| seen.insert(note.id)) {
        return score.notes.iter().map(|note| note.id).collect();
    }
    (0..score.notes.len()).map(|k| NoteId { written: k as u32, pass: 1 }).collect()
}

/// The least number of divisions of a quarter that all times are whole in.
fn divisions(score: &Score) -> Result<i64, WriteError> {
    let too_fine = WriteError::TooFine { most: FINEST_GRID };
    let measures = score.measures.iter().flat_map(|m| [m.start, m.end]);
    let notes = score.notes.iter().flat_map(|note| [note.onset, note.duration]);
    let directions = score.directions.iter().flat_map(|d| [d.onset, d.end.unwrap_or_default()]);
    let times = score.time_signatures.iter().map(|(at, _)| *at);
    let keys = score.key_signatures.iter().map(|(at, _)| *at);
    let swings = score.swing.iter().map(|(at, _)| *at);
    let all = measures.chain(notes).chain(directions).chain(times).chain(keys).chain(swings);
    let mut divisions: i64 = 1;
    let mut last = Quarters::ZERO;
    for at in all {
        if at.denominator() != last.denominator() {
            let next = lcm(divisions, at.denominator()).filter(|next| *next <= FINEST_GRID);
            divisions = next.ok_or_else(|| too_fine.clone())?;
            last = at;
        }
    }
    Ok(divisions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::TimeSignature;

    #[test]
    fn no_number_of_a_measure_comes_twice() {
        let measure = |number: &&str| Measure {
            number: (*number).to_owned(),
            ..Measure::regular(0, TimeSignature::default())
        };
        let measures: Vec<Measure> = ["1", "2", "1", "1b", "1", ""].iter().map(measure).collect();
        assert_eq!(numbers(&measures), ["1", "2", "1b", "1bb", "1c", ""]);
        assert_eq!([1, 25, 26, 27].map(letters), ["b", "z", "aa", "ab"]);
    }
}
