//! `<part>`: which layers have which staves and rests.

use std::collections::BTreeMap;

use super::attributes::Start;
use super::events;
use super::heads::{self, Slot};
use super::layers::{self, Layer};
use super::measure::{self, Content, Row};
use super::note::Notes;
use super::slurs;
use super::spelling::Spelled;
use super::xml::Xml;
use crate::musicxml::written_out::{self, VOICES};
use crate::score::{Measure, NoteId, Score};

/// A layer that is written.
struct Written {
    /// The number of its voice in the file.
    voice: String,
    /// The staff that most of its notes lie on.
    home: u8,
    slots: Vec<Vec<Slot>>,
}

/// What all parts share.
pub(super) struct Whole<'w> {
    pub score: &'w Score,
    pub divisions: i64,
    pub names: &'w [Spelled],
    pub ids: &'w [NoteId],
}

/// Writes a part under an identifier.
pub(super) fn part(xml: &mut Xml, whole: &Whole<'_>, part: u16, id: &str) {
    let score = whole.score;
    let staves = score.parts[usize::from(part)].staves.max(1);
    let layers = layers::layers(score, part);
    let written: Vec<Written> = layers.iter().map(|layer| written(score, layer)).collect();
    let empty_voices = empty_voices(&layers, &written, staves);
    let notes = Notes { score, names: whole.names, ids: whole.ids, slurs: slurs::numbers(score, part) };
    let divisions = whole.divisions.to_string();
    let start = Start::of(score, part, staves, &divisions);
    let events = events::events(score, part);
    xml.open("part", &[("id", id)]);
    for (k, at) in score.measures.iter().enumerate() {
        let rows = rows(&written, &empty_voices, k);
        let content = Content {
            measure: at,
            divisions: whole.divisions,
            has_staves: staves > 1,
            start: (k == 0).then_some(&start),
            events: &events[k],
            rows: &rows,
        };
        let id = written_out::measure_id(at.written, at.pass);
        let mut attributes = vec![("number", at.number.as_str())];
        // Identifiers are those of the whole file, so only one part can have them.
        if part == 0 {
            attributes.push(("id", id.as_str()));
        }
        if is_implicit(&score.measures, k) {
            attributes.push(("implicit", "yes"));
        }
        xml.open("measure", &attributes);
        measure::content(xml, &notes, &content);
        xml.close();
    }
    xml.close();
}

fn written(score: &Score, layer: &Layer) -> Written {
    let voice = u32::from(layer.voice) + VOICES * layer.number;
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    let graces = layer.graces.values().flatten();
    for note in layer.chords.iter().flat_map(|chord| &chord.notes).chain(graces) {
        *counts.entry(score.notes[*note].staff).or_default() += 1;
    }
    let home = counts.into_iter().max_by_key(|(staff, count)| (*count, u8::MAX - staff));
    Written {
        voice: voice.to_string(),
        home: home.map_or(1, |(staff, _)| staff),
        slots: heads::slots(score, layer),
    }
}

/// For each staff the voice that has its rests where no layer has notes on it.
fn empty_voices(layers: &[Layer], written: &[Written], staves: u8) -> Vec<(u8, String)> {
    let mut free = layers.iter().map(|layer| u32::from(layer.voice)).max().unwrap_or(0);
    let voice = |staff: u8| {
        let own = written.iter().find(|layer| layer.home == staff).map(|layer| layer.voice.clone());
        (
            staff,
            own.unwrap_or_else(|| {
                free += 1;
                free.to_string()
            }),
        )
    };
    (1..=staves).map(voice).collect()
}

/// The rows of a measure: the first layer that has notes on a staff has its rests, too.
fn rows<'r>(written: &'r [Written], empty_voices: &'r [(u8, String)], measure: usize) -> Vec<Row<'r>> {
    let mut rows: Vec<Row<'r>> = Vec::new();
    for layer in written.iter().filter(|layer| !layer.slots[measure].is_empty()) {
        let has_rests = rows.iter().any(|row| row.rests == Some(layer.home));
        let rests = (!has_rests).then_some(layer.home);
        rows.push(Row { voice: &layer.voice, slots: &layer.slots[measure], rests });
    }
    for (staff, voice) in empty_voices {
        if rows.iter().all(|row| row.rests != Some(*staff)) {
            rows.push(Row { voice, slots: &[], rests: Some(*staff) });
        }
    }
    rows
}

/// Whether a measure is not counted: a pick-up, or what a repeat sign cuts off the measure before.
fn is_implicit(measures: &[Measure], k: usize) -> bool {
    let measure = &measures[k];
    match k.checked_sub(1).map(|before| &measures[before]) {
        Some(before) => {
            before.written == measure.written && before.number == measure.number && {
                before.end - before.start + (measure.end - measure.start) == measure.time.measure_length()
            }
        }
        None => measure.end - measure.start < measure.time.measure_length(),
    }
}
