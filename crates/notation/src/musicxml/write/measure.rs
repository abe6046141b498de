//! `<measure>`: what stands between the notes, then layer after layer, each from the start.

use super::accidentals;
use super::attributes::{self, Start};
use super::directions;
use super::events::{Event, Placed};
use super::heads::Slot;
use super::note::{self, Manner, Notes};
use super::tuplets;
use super::values::{self, Value};
use super::xml::Xml;
use crate::marks::Marks;
use crate::score::Measure;
use crate::time::Quarters;

/// A layer in one measure.
pub(super) struct Row<'r> {
    /// The number of its voice in the file.
    pub voice: &'r str,
    pub slots: &'r [Slot],
    /// The staff whose rests it has; nothing where another layer has them.
    pub rests: Option<u8>,
}

/// What is written of one measure of one part.
pub(super) struct Content<'c> {
    pub measure: &'c Measure,
    pub divisions: i64,
    pub has_staves: bool,
    /// In the first measure of the part.
    pub start: Option<&'c Start<'c>>,
    pub events: &'c [Placed],
    pub rows: &'c [Row<'c>],
}

impl Content<'_> {
    fn length(&self) -> Quarters {
        self.measure.end - self.measure.start
    }

    fn divisions_of(&self, duration: Quarters) -> String {
        let whole = i128::from(duration.numerator()) * i128::from(self.divisions);
        (whole / i128::from(duration.denominator())).to_string()
    }

    /// Moves from one point to another.
    fn go(&self, xml: &mut Xml, from: Quarters, to: Quarters) {
        if from == to {
            return;
        }
        xml.open(if from < to { "forward" } else { "backup" }, &[]);
        xml.leaf("duration", &self.divisions_of((to - from).abs()));
        xml.close();
    }
}

/// Writes what is in a measure. At its end reading stands where the measure ends.
pub(super) fn content(xml: &mut Xml, notes: &Notes<'_>, content: &Content<'_>) {
    let mut at = events(xml, content);
    let slots = content.rows.iter().flat_map(|row| row.slots);
    let printed = accidentals::printed(notes.score, notes.names, content.measure.start, slots);
    for row in content.rows {
        content.go(xml, at, Quarters::ZERO);
        let items = items(row, content.length());
        let values: Vec<(Quarters, Option<Value>)> =
            items.iter().map(|item| (item.duration, item.value)).collect();
        let mut in_tremolo = false;
        at = Quarters::ZERO;
        for (item, bracket) in items.iter().zip(tuplets::brackets(&values)) {
            let duration = content.divisions_of(item.duration);
            let manner = Manner {
                voice: row.voice,
                has_staves: content.has_staves,
                duration: &duration,
                bracket,
                in_tremolo,
            };
            match item.slot {
                Some(slot) => {
                    note::slot(xml, notes, slot, manner, |note| printed.get(&note).copied());
                    let is_pair = |note: usize| notes.score.notes[note].marks.contains(Marks::TREMOLO_PAIR);
                    let is_paired = slot.heads.iter().any(|head| is_pair(head.note));
                    in_tremolo = is_paired && !in_tremolo;
                }
                None => match row.rests {
                    Some(staff) => note::rest(xml, item.value, staff, item.is_whole, manner),
                    None => content.go(xml, at, at + item.duration),
                },
            }
            at += item.duration;
        }
    }
    content.go(xml, at, content.length());
}

/// Writes what stands between the notes, and says where reading stands then.
fn events(xml: &mut Xml, content: &Content<'_>) -> Quarters {
    let mut at = Quarters::ZERO;
    let mut start = content.start;
    let mut rest = content.events;
    while start.is_some() || !rest.is_empty() {
        let here = rest.first().map_or(at, |(here, _)| *here);
        if start.is_none() || here.is_zero() {
            content.go(xml, at, here);
            at = here;
        }
        let (mut key, mut time) = (None, None);
        while let Some(((_, event), others)) = rest.split_first().filter(|((point, _), _)| *point == at) {
            match event {
                Event::Key(new) if key.is_none() => key = Some(*new),
                Event::Time(new) if time.is_none() => time = Some(*new),
                _ => break,
            }
            rest = others;
        }
        let is_change = start.is_some() || key.is_some() || time.is_some();
        attributes::attributes(xml, start.take(), key, time);
        if is_change {
            continue;
        }
        let Some(((_, event), others)) = rest.split_first() else { break };
        rest = others;
        match event {
            Event::Key(_) | Event::Time(_) => {}
            Event::Swing(swing) => directions::swing(xml, *swing),
            Event::Start(printed, number) => directions::start(xml, printed, *number),
            Event::Stop(line, number, staff) => directions::stop(xml, *line, *number, *staff),
        }
    }
    at
}

/// A slot or a gap.
struct Item<'i> {
    duration: Quarters,
    value: Option<Value>,
    slot: Option<&'i Slot>,
    /// Whether it is a rest for the whole measure.
    is_whole: bool,
}

/// The slots of a row with the gaps between them.
fn items<'i>(row: &Row<'i>, length: Quarters) -> Vec<Item<'i>> {
    let mut items = Vec::new();
    let mut at = Quarters::ZERO;
    let gap = |items: &mut Vec<Item<'i>>, from: Quarters, to: Quarters| {
        if from >= to {
            return;
        }
        if row.rests.is_none() {
            items.push(Item { duration: to - from, value: None, slot: None, is_whole: false });
            return;
        }
        let is_whole = from.is_zero() && to == length;
        let heads = if is_whole { vec![(to - from, None)] } else { values::heads(from, to - from) };
        items.extend(heads.into_iter().map(|(duration, value)| Item {
            duration,
            value,
            slot: None,
            is_whole,
        }));
    };
    for slot in row.slots {
        gap(&mut items, at, slot.at);
        items.push(Item { duration: slot.duration, value: slot.value, slot: Some(slot), is_whole: false });
        at = slot.at + slot.duration;
    }
    if row.rests.is_some() {
        gap(&mut items, at, length);
    }
    items
}
