//! `<note>`: note heads and rests.

use std::collections::BTreeMap;

use super::beams::Beam;
use super::heads::{Head, Slot};
use super::notations::{self, Ends, Slurs};
use super::signs::Page;
use super::slurs::Numbers;
use super::spelling::Spelled;
use super::tuplets::Place;
use super::values::Value;
use super::xml::Xml;
use crate::marks::Marks;
use crate::musicxml::chords::{RELEASE, SHARED};
use crate::musicxml::written_out::HeadId;
use crate::printed_score::Tied;
use crate::score::{Grace, NoteId, Score};

/// What is known of every note of a part before it is written.
pub(super) struct Notes<'s> {
    pub score: &'s Score,
    pub page: Page<'s>,
    /// By note: its name, and its number in the file.
    pub names: &'s [Spelled],
    pub ids: &'s [NoteId],
    pub slurs: BTreeMap<usize, Numbers>,
}

impl Notes<'_> {
    /// Whether a slot is a grace note that is struck together with the one before it.
    pub fn goes_with_grace(&self, slot: &Slot) -> bool {
        let has_mark = |head: &Head| self.score.notes[head.note].marks.contains(Marks::GRACE_CHORD);
        slot.duration.is_zero() && slot.heads.iter().any(has_mark)
    }
}

/// How a slot is written where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner<'m> {
    pub voice: &'m str,
    /// Whether staves are named.
    pub has_staves: bool,
    /// Duration in divisions.
    pub duration: &'m str,
    /// Where in a tuplet it stands.
    pub place: Option<Place>,
    /// Whether a tremolo between two notes has begun at the note before.
    pub in_tremolo: bool,
    /// The type that a grace note has.
    pub grace_type: &'static str,
}

/// Writes the heads of a slot, which has these beams. `accidental` tells what is printed before a note.
pub(super) fn slot(
    xml: &mut Xml,
    notes: &Notes<'_>,
    slot: &Slot,
    manner: Manner<'_>,
    beams: &[Beam],
    accidental: impl Fn(usize) -> Option<&'static str>,
) {
    for (k, head) in slot.heads.iter().enumerate() {
        let note = &notes.score.notes[head.note];
        let is_grace = slot.duration.is_zero();
        let name = HeadId { note: notes.ids[head.note], head: head.number };
        let (id, time_only) = (name.to_string(), notes.page.time_only(head.note));
        let mut attributes = vec![("id", id.as_str())];
        attributes.extend(time_only.as_deref().map(|passes| ("time-only", passes)));
        xml.open("note", &attributes);
        if is_grace {
            let slash = note.grace == Some(Grace::Acciaccatura);
            xml.empty("grace", if slash { &[("slash", "yes")] } else { &[] });
        }
        if k > 0 || (is_grace && note.marks.contains(Marks::GRACE_CHORD)) {
            xml.empty("chord", &[]);
        }
        pitch(xml, notes.names[head.note]);
        if !is_grace {
            xml.leaf("duration", manner.duration);
        }
        let tie = ties_at(notes.page.tied(head.note), *head);
        for (_, kind) in [(tie.0, "stop"), (tie.1, "start")].into_iter().filter(|(is_here, _)| *is_here) {
            xml.empty("tie", &[("type", kind)]);
        }
        xml.leaf("voice", manner.voice);
        let printed = accidental(head.note).filter(|_| head.number == 1);
        if is_grace {
            xml.leaf("type", manner.grace_type);
        }
        value(xml, slot.printed(), manner.place, printed);
        if manner.has_staves || note.staff > 1 {
            xml.leaf("staff", &note.staff.to_string());
        }
        // A chord has its beams at its first note.
        for (level, beam) in (1..).zip(beams.iter().filter(|_| k == 0)) {
            xml.leaf_with("beam", &[("number", &i32::to_string(&level))], beam.text());
        }
        let ends = Ends {
            tie,
            place: manner.place.filter(|_| k == 0),
            slurs: notes
                .slurs
                .get(&head.note)
                .map_or_else(Slurs::default, |numbers| slurs_at(numbers, *head)),
            in_tremolo: manner.in_tremolo,
        };
        notations::notations(xml, marks_at(note.marks, *head, (k == 0).then_some(slot.shared)), ends);
        xml.close();
    }
}

/// Whether a tie stops and starts at a head.
fn ties_at(tied: Tied, head: Head) -> (bool, bool) {
    (head.number > 1 || tied.from_elsewhere, !head.is_last || tied.to_elsewhere)
}

/// The slurs that stand at a head: they start at the first head of a note and stop at its last.
fn slurs_at(numbers: &Numbers, head: Head) -> Slurs<'_> {
    let is_first = head.number == 1;
    Slurs {
        starts: match (is_first, head.is_last) {
            (true, _) => &numbers.starts,
            (false, true) => &numbers.late_starts,
            (false, false) => &[],
        },
        stops: if head.is_last { &numbers.stops } else { &[] },
        over: numbers.over.filter(|_| is_first),
        is_further: !is_first,
    }
}

/// The marks that stand at a head: how it is struck at the first of a note, how it ends at its last, and
/// what holds for a whole chord at the first of the chord; a roll goes through all that are struck.
fn marks_at(marks: Marks, head: Head, of_chord: Option<Marks>) -> Marks {
    let mut own = Marks::empty();
    if head.number == 1 {
        own |= marks - RELEASE;
    }
    if head.is_last {
        own |= marks & RELEASE;
    }
    let shared = of_chord.unwrap_or(own & (Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN));
    (own - SHARED) | shared
}

/// What a rest looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    /// For the whole measure.
    Whole,
    /// Not to be seen: it fills up a tuplet.
    Hidden,
}

/// Writes a rest.
pub(super) fn rest(
    xml: &mut Xml,
    value: Option<Value>,
    (staff, look): (u8, Look),
    manner: Manner<'_>,
    marks: Marks,
) {
    xml.open("note", if look == Look::Hidden { &[("print-object", "no")] } else { &[] });
    xml.empty("rest", if look == Look::Whole { &[("measure", "yes")] } else { &[] });
    xml.leaf("duration", manner.duration);
    xml.leaf("voice", manner.voice);
    self::value(xml, value, manner.place, None);
    if manner.has_staves || staff > 1 {
        xml.leaf("staff", &staff.to_string());
    }
    notations::notations(xml, marks, Ends { place: manner.place, ..Ends::default() });
    xml.close();
}

fn pitch(xml: &mut Xml, Spelled { step, alter, octave }: Spelled) {
    xml.open("pitch", &[]);
    xml.leaf("step", step.encode_utf8(&mut [0; 4]));
    if alter != 0 {
        xml.leaf("alter", &alter.to_string());
    }
    xml.leaf("octave", &octave.to_string());
    xml.close();
}

/// Type, dots, accidental and tuplet, in the order that MusicXML asks for.
fn value(xml: &mut Xml, value: Option<Value>, place: Option<Place>, accidental: Option<&str>) {
    if let Some(Value { kind, dots, .. }) = value {
        xml.leaf("type", kind);
        (0..dots).for_each(|_| xml.empty("dot", &[]));
    }
    if let Some(accidental) = accidental {
        xml.leaf("accidental", accidental);
    }
    if let Some(tuplet) = place.map(|place| place.tuplet).or(value.and_then(|value| value.tuplet)) {
        xml.open("time-modification", &[]);
        xml.leaf("actual-notes", &tuplet.actual.to_string());
        xml.leaf("normal-notes", &tuplet.normal.to_string());
        xml.close();
    }
}
