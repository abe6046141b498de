//! `<part>`: which layers have which staves and rests.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::beats::Beats;
use super::clefs;
use super::error::WriteError;
use super::events;
use super::heads::Slot;
use super::layers::{self, Layer};
use super::measure::{self, Content, Rests, Row};
use super::note::Notes;
use super::signs::{self, Page};
use super::slurs;
use super::spelling::Spelled;
use super::xml::Xml;
use crate::musicxml::written_out::{self, VOICES};
use crate::score::{NoteId, Score};
use crate::time::Quarters;

/// What all parts share.
pub(super) struct Whole<'w> {
    pub score: &'w Score,
    pub page: Page<'w>,
    pub divisions: i64,
    /// How far into a full measure each measure starts.
    pub offsets: &'w [Quarters],
    pub names: &'w [Spelled],
    pub ids: &'w [NoteId],
    /// The numbers of the measures in the file.
    pub numbers: &'w [String],
}

/// Writes a part under an identifier.
pub(super) fn part(xml: &mut Xml, whole: &Whole<'_>, part: u16, id: &str) -> Result<(), WriteError> {
    let score = whole.score;
    let staves = score.parts[usize::from(part)].staves.max(1);
    let layers = layers::layers(score, part);
    let homes = homes(score, part);
    let empty_voices = empty_voices(&homes, staves);
    let slurs = slurs::numbers(score, part, &layers);
    let notes = Notes { score, page: whole.page, names: whole.names, ids: whole.ids, slurs };
    let events = events::events(score, part)?;
    let clefs = clefs::clefs(score, part, staves, whole.names);
    xml.open("part", &[("id", id)]);
    for (k, at) in score.measures.iter().enumerate() {
        let content = Content {
            measure: at,
            divisions: whole.divisions,
            staves,
            is_first: k == 0,
            clefs: clefs.get(&k).map_or(&[], Vec::as_slice),
            beats: &Beats::new(at.time, whole.offsets.get(k).copied().unwrap_or_default()),
            events: &events[k],
            rows: &rows(score, &layers[k], at.end - at.start, &homes, &empty_voices),
        };
        open_measure(xml, whole, part, k);
        signs::before(xml, &whole.page, k, part);
        let has_fermata = measure::content(xml, &notes, &content);
        signs::after(xml, &whole.page, k, part, has_fermata);
        xml.close();
    }
    xml.close();
    Ok(())
}

/// Starts a measure.
fn open_measure(xml: &mut Xml, whole: &Whole<'_>, part: u16, k: usize) {
    let (measure, number) = (&whole.score.measures[k], &whole.numbers[k]);
    let id = written_out::measure_id(measure.written, measure.pass);
    let mut attributes = vec![("number", number.as_str())];
    if *number != measure.number {
        attributes.push(("text", &measure.number));
    }
    // Identifiers are those of the whole file, so only one part can have them.
    if part == 0 {
        attributes.push(("id", &id));
    }
    if is_implicit(whole, k) {
        attributes.push(("implicit", "yes"));
    }
    xml.open("measure", &attributes);
}

/// For each voice of a part the staff that most of its notes lie on.
fn homes(score: &Score, part: u16) -> BTreeMap<u8, u8> {
    let mut counts: BTreeMap<u8, BTreeMap<u8, usize>> = BTreeMap::new();
    for note in score.notes.iter().filter(|note| note.part == part) {
        *counts.entry(note.voice).or_default().entry(note.staff).or_default() += 1;
    }
    let home = |(voice, staves): (u8, BTreeMap<u8, usize>)| {
        let most = staves.into_iter().max_by_key(|(staff, count)| (*count, u8::MAX - staff));
        (voice, most.map_or(1, |(staff, _)| staff))
    };
    counts.into_iter().map(home).collect()
}

/// For each staff the voice that has its rests where no layer has notes on it.
fn empty_voices(homes: &BTreeMap<u8, u8>, staves: u8) -> Vec<(u8, u32)> {
    let mut free = homes.keys().copied().max().map_or(0, u32::from);
    let voice = |staff: u8| {
        let own = homes.iter().find(|(_, home)| **home == staff).map(|(voice, _)| u32::from(*voice));
        let new = || {
            free += 1;
            free
        };
        (staff, own.unwrap_or_else(new))
    };
    (1..=staves).map(voice).collect()
}

/// The rows of a measure. A staff has rests where no note sounds on it and all of its layers are silent;
/// they stand in the layer that sounds for the longest time.
fn rows<'r>(
    score: &Score,
    layers: &'r [Layer],
    length: Quarters,
    homes: &BTreeMap<u8, u8>,
    empty_voices: &[(u8, u32)],
) -> Vec<Row<'r>> {
    let row = |layer: &'r Layer| {
        let voice = (u32::from(layer.voice) + VOICES * layer.number).to_string();
        Row { voice, slots: &layer.slots, rests: Rests::default() }
    };
    let mut rows: Vec<Row<'r>> = layers.iter().map(row).collect();
    for (staff, voice) in empty_voices {
        let is_home = |layer: &Layer| homes.get(&layer.voice) == Some(staff);
        let is_on = |slot: &Slot| slot.heads.iter().any(|head| score.notes[head.note].staff == *staff);
        let slots = layers
            .iter()
            .flat_map(|layer| layer.slots.iter().filter(move |slot| is_home(layer) || is_on(slot)));
        let silences = silences(slots, length);
        let sounding =
            |k: &usize| layers[*k].slots.iter().fold(Quarters::ZERO, |sum, slot| sum + slot.duration);
        let own = (0..layers.len()).filter(|k| is_home(&layers[*k]));
        let fullest = own.max_by_key(|k| (sounding(k), Reverse(*k)));
        let is_whole = fullest.is_none() && silences == [(Quarters::ZERO, length)];
        let rests = Rests { staff: *staff, silences, is_whole };
        match fullest {
            Some(k) => rows[k].rests = rests,
            None => rows.push(Row { voice: voice.to_string(), slots: &[], rests }),
        }
    }
    rows
}

/// Where no slot sounds in a measure, from and to.
fn silences<'s>(slots: impl Iterator<Item = &'s Slot>, length: Quarters) -> Vec<(Quarters, Quarters)> {
    let mut spans: Vec<(Quarters, Quarters)> = slots.map(|slot| (slot.at, slot.at + slot.duration)).collect();
    spans.sort_unstable();
    let mut silences = Vec::new();
    let mut at = Quarters::ZERO;
    for (from, to) in spans {
        // What starts at the end of the measure is a grace note.
        if at < from.min(length) {
            silences.push((at, from));
        }
        at = at.max(to);
    }
    if at < length {
        silences.push((at, length));
    }
    silences
}

/// Whether a measure is not counted: a pick-up, or what a repeat sign cuts off the measure before.
fn is_implicit(whole: &Whole<'_>, k: usize) -> bool {
    whole.offsets.get(k).is_some_and(|offset| *offset > Quarters::ZERO)
}
