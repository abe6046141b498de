//! `<measure>`: what stands between the notes, then layer after layer, each from the start.

use std::collections::HashMap;

use super::accidentals;
use super::attributes::{self, Changes};
use super::beams;
use super::beats::Beats;
use super::clefs::Clef;
use super::directions;
use super::events::{Event, Placed};
use super::heads::Slot;
use super::note::{self, Look, Manner, Notes};
use super::tuplets;
use super::values::{self, Value};
use super::xml::Xml;
use crate::marks::Marks;
use crate::score::Measure;
use crate::time::Quarters;

/// A layer in one measure.
pub(super) struct Row<'r> {
    /// The number of its voice in the file.
    pub voice: String,
    pub slots: &'r [Slot],
    pub rests: Rests,
}

/// The rests that a layer has.
#[derive(Clone, Debug, Default)]
pub(super) struct Rests {
    /// The staff that they stand on.
    pub staff: u8,
    /// Where all layers of the staff are silent, from and to; nothing where another layer has the rests.
    pub silences: Vec<(Quarters, Quarters)>,
    /// Whether that is the whole measure.
    pub is_whole: bool,
}

/// What is written of one measure of one part.
pub(super) struct Content<'c> {
    pub measure: &'c Measure,
    pub divisions: i64,
    /// How many staves the part has.
    pub staves: u8,
    pub is_first: bool,
    /// Staves that have a new clef from here on.
    pub clefs: &'c [(u8, Clef)],
    pub beats: &'c Beats,
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

/// A fermata on no note: from where to where what it stands on lasts, its staff, and whether it is printed on
/// a rest.
struct Fermata {
    from: Quarters,
    to: Quarters,
    staff: Option<u8>,
    is_printed: bool,
}

/// The fermatas among the events of a measure.
fn fermatas(events: &[Placed]) -> Vec<Fermata> {
    let fermata = |(from, event): &Placed| match event {
        Event::Start(printed, _) => {
            let to = *from + printed.held()?;
            Some(Fermata { from: *from, to, staff: printed.staff, is_printed: false })
        }
        _ => None,
    };
    events.iter().filter_map(fermata).collect()
}

/// Writes what is in a measure. At its end reading stands where the measure ends. Whether a fermata is left for
/// the bar line.
pub(super) fn content(xml: &mut Xml, notes: &Notes<'_>, content: &Content<'_>) -> bool {
    let mut at = events(xml, content);
    let slots = content.rows.iter().flat_map(|row| row.slots);
    let printed = accidentals::printed(notes.score, notes.names, content.measure.start, slots);
    let mut fermatas = fermatas(content.events);
    for row in content.rows {
        content.go(xml, at, Quarters::ZERO);
        at = self::row(xml, notes, content, row, &printed, &mut fermatas);
    }
    content.go(xml, at, content.length());
    fermatas.iter().any(|fermata| !fermata.is_printed && fermata.to == content.length())
}

/// Writes a layer from the start of the measure, and says where it ends. `printed` are the accidentals.
fn row(
    xml: &mut Xml,
    notes: &Notes<'_>,
    content: &Content<'_>,
    row: &Row<'_>,
    printed: &HashMap<usize, &'static str>,
    fermatas: &mut [Fermata],
) -> Quarters {
    let items = items(notes, row, content.length());
    let durations: Vec<tuplets::Item> =
        items.iter().map(|item| (item.at, item.duration, item.of_tuplet())).collect();
    let places = tuplets::places(&durations, content.beats);
    let is_slot = |item: &&Item<'_>| matches!(item.kind, Kind::Slot(_));
    let of_slots = items.iter().zip(&places).filter(|(item, _)| is_slot(item)).map(|(_, place)| *place);
    let beams = beams::beams(row.slots, &of_slots.collect::<Vec<_>>(), content.beats, |slot| {
        notes.goes_with_grace(slot)
    });
    let mut beams = beams.into_iter();
    let (mut in_tremolo, mut grace_type) = (false, "eighth");
    let mut at = Quarters::ZERO;
    for (item, place) in items.iter().zip(places) {
        let duration = content.divisions_of(item.duration);
        let has_staves = content.staves > 1;
        let manner =
            Manner { voice: &row.voice, has_staves, duration: &duration, place, in_tremolo, grace_type };
        match item.kind {
            Kind::Slot(slot) => {
                let beams = beams.next().unwrap_or_default();
                if slot.duration.is_zero() && !notes.goes_with_grace(slot) {
                    grace_type = if beams.is_empty() { "eighth" } else { "16th" };
                }
                let manner = Manner { grace_type, ..manner };
                note::slot(xml, notes, slot, manner, &beams, |note| printed.get(&note).copied());
                in_tremolo ^= slot.is_paired;
            }
            Kind::Rest(staff, look) => {
                let marks = rest_marks(item, staff, look, fermatas);
                note::rest(xml, item.value, (staff, look), manner, marks);
            }
            Kind::Gap => content.go(xml, item.at, item.at + item.duration),
        }
        at = item.at + item.duration;
    }
    at
}

/// What is printed at a rest: a fermata that stands on it, or on rests of which it is the last.
fn rest_marks(item: &Item<'_>, staff: u8, look: Look, fermatas: &mut [Fermata]) -> Marks {
    let mut marks = Marks::empty();
    let is_here = |fermata: &&mut Fermata| {
        fermata.from <= item.at
            && fermata.to == item.at + item.duration
            && fermata.staff.is_none_or(|own| own == staff)
    };
    for fermata in fermatas.iter_mut().filter(is_here).filter(|_| look != Look::Hidden) {
        fermata.is_printed = true;
        marks |= Marks::FERMATA;
    }
    marks
}

/// Writes what stands between the notes, and says where reading stands then.
fn events(xml: &mut Xml, content: &Content<'_>) -> Quarters {
    let mut at = Quarters::ZERO;
    let start = content.is_first.then_some((content.divisions, content.staves));
    let mut changes = Changes { start, clefs: content.clefs, ..Changes::default() };
    let mut rest = content.events;
    while !changes.is_empty() || !rest.is_empty() {
        let here = rest.first().map_or(at, |(here, _)| *here);
        if changes.is_empty() || here.is_zero() {
            content.go(xml, at, here);
            at = here;
        }
        while let Some(((_, event), others)) = rest.split_first().filter(|((point, _), _)| *point == at) {
            match event {
                Event::Key(new) if changes.key.is_none() => changes.key = Some(*new),
                Event::Time(new) if changes.time.is_none() => changes.time = Some(*new),
                _ => break,
            }
            rest = others;
        }
        if !changes.is_empty() {
            attributes::attributes(xml, std::mem::take(&mut changes));
            continue;
        }
        let Some(((_, event), others)) = rest.split_first() else { break };
        rest = others;
        match event {
            Event::Key(_) | Event::Time(_) => {}
            Event::Swing(marking) => marking.write(xml),
            Event::Start(printed, number) => directions::start(xml, printed, *number),
            Event::Stop(line, number, staff) => directions::stop(xml, *line, *number, *staff),
        }
    }
    at
}

/// A slot, a rest or a gap.
struct Item<'i> {
    at: Quarters,
    duration: Quarters,
    value: Option<Value>,
    kind: Kind<'i>,
}

impl Item<'_> {
    /// The value by which it belongs to a tuplet. The two notes of a tremolo look twice as long as they are, which
    /// makes no tuplet of them: readers that take one for it lose the second note.
    fn of_tuplet(&self) -> Option<Value> {
        match self.kind {
            Kind::Slot(slot) => slot.value,
            Kind::Rest(..) | Kind::Gap => self.value,
        }
    }
}

#[derive(Clone, Copy)]
enum Kind<'i> {
    Slot(&'i Slot),
    /// A rest on a staff.
    Rest(u8, Look),
    /// Nothing, where another layer sounds.
    Gap,
}

/// The slots of a row with the rests and gaps between them.
fn items<'i>(notes: &Notes<'_>, row: &Row<'i>, length: Quarters) -> Vec<Item<'i>> {
    let staff = |slot: &Slot| slot.heads.first().map_or(1, |head| notes.score.notes[head.note].staff);
    let mut items = Vec::new();
    let mut at = Quarters::ZERO;
    for slot in row.slots {
        add_gap(&mut items, row, (at, slot.at), staff(slot));
        let kind = Kind::Slot(slot);
        items.push(Item { at: slot.at, duration: slot.duration, value: slot.printed(), kind });
        at = slot.at + slot.duration;
    }
    add_gap(&mut items, row, (at, length), row.slots.last().map_or(1, staff));
    // Nothing has to be passed over at the end.
    items.pop_if(|last| matches!(last.kind, Kind::Gap));
    items
}

/// What lies between two slots: rests where the staff is silent. `own` is the staff of the layer.
fn add_gap(items: &mut Vec<Item<'_>>, row: &Row<'_>, (from, to): (Quarters, Quarters), own: u8) {
    let mut at = from;
    let Rests { staff, silences, is_whole } = &row.rests;
    let look = if *is_whole { Look::Whole } else { Look::Plain };
    for (start, end) in silences.iter().filter(|(start, end)| from <= *start && *end <= to) {
        pass_over(items, at, *start, own);
        at = *start;
        let heads = if *is_whole { vec![(*end - at, None)] } else { values::heads(at, *end - at) };
        for (duration, value) in heads {
            items.push(Item { at, duration, value, kind: Kind::Rest(*staff, look) });
            at += duration;
        }
    }
    pass_over(items, at, to, own);
}

/// Where other layers sound: hidden rests as far as tuplets reach into it, so that they are complete, and
/// nothing between these.
fn pass_over(items: &mut Vec<Item<'_>>, from: Quarters, to: Quarters, staff: u8) {
    if from >= to {
        return;
    }
    let (first, last) = values::tuplets_around(from, to);
    let parts = [(from, first, false), (first, last, true), (last, to, false)];
    for (start, end, is_gap) in parts.into_iter().filter(|(start, end, _)| start < end) {
        let heads = values::heads(start, end - start);
        let is_tuplet = |(_, value): &values::Head| value.is_some_and(|value| value.tuplet.is_some());
        if is_gap || !heads.iter().all(is_tuplet) {
            items.push(Item { at: start, duration: end - start, value: None, kind: Kind::Gap });
            continue;
        }
        let mut at = start;
        for (duration, value) in heads {
            items.push(Item { at, duration, value, kind: Kind::Rest(staff, Look::Hidden) });
            at += duration;
        }
    }
}
