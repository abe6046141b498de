//! `<note>`: note heads and rests.

use super::heads::{Head, Slot};
use super::notations::{self, Ends};
use super::slurs::Numbers;
use super::spelling::Spelled;
use super::values::Value;
use super::xml::Xml;
use crate::marks::Marks;
use crate::musicxml::chords::{RELEASE, SHARED};
use crate::musicxml::written_out::HeadId;
use crate::score::{Grace, NoteId, Score};

/// What is known of every note of a part before it is written.
pub(super) struct Notes<'s> {
    pub score: &'s Score,
    /// By note: its name, and its number in the file.
    pub names: &'s [Spelled],
    pub ids: &'s [NoteId],
    pub slurs: std::collections::BTreeMap<usize, Numbers>,
}

/// How a slot is written where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner<'m> {
    pub voice: &'m str,
    /// Whether staves are named.
    pub has_staves: bool,
    /// Duration in divisions.
    pub duration: &'m str,
    /// Whether the bracket of a tuplet starts and stops here.
    pub bracket: (bool, bool),
    /// Whether a tremolo between two notes has begun at the note before.
    pub in_tremolo: bool,
}

/// Writes the heads of a slot. `accidental` tells what is printed before a note.
pub(super) fn slot(
    xml: &mut Xml,
    notes: &Notes<'_>,
    slot: &Slot,
    manner: Manner<'_>,
    accidental: impl Fn(usize) -> Option<&'static str>,
) {
    for (k, head) in slot.heads.iter().enumerate() {
        let note = &notes.score.notes[head.note];
        let is_grace = slot.duration.is_zero();
        let name = HeadId { note: notes.ids[head.note], head: head.number };
        xml.open("note", &[("id", &name.to_string())]);
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
        if head.number > 1 {
            xml.empty("tie", &[("type", "stop")]);
        }
        if !head.is_last {
            xml.empty("tie", &[("type", "start")]);
        }
        xml.leaf("voice", manner.voice);
        let printed = accidental(head.note).filter(|_| head.number == 1);
        if is_grace {
            xml.leaf("type", if note.grace == Some(Grace::Acciaccatura) { "eighth" } else { "16th" });
        }
        value(xml, slot.value, printed);
        if manner.has_staves || note.staff > 1 {
            xml.leaf("staff", &note.staff.to_string());
        }
        let ends = Ends {
            tie: (head.number > 1, !head.is_last),
            bracket: if k == 0 { manner.bracket } else { (false, false) },
            slurs: notes.slurs.get(&head.note).copied().unwrap_or_default(),
            in_tremolo: manner.in_tremolo,
        };
        notations::notations(xml, marks_at(note.marks, *head, k == 0), ends);
        xml.close();
    }
}

/// The marks that stand at a head: how it is struck at the first, how it ends at the last, and what
/// holds for a whole chord at its first note; a roll goes through all of them.
fn marks_at(marks: Marks, head: Head, is_first_of_chord: bool) -> Marks {
    let mut here = Marks::empty();
    if head.number == 1 {
        here |= marks - RELEASE;
    }
    if head.is_last {
        here |= marks & RELEASE;
    }
    let roll = Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN;
    if is_first_of_chord { here } else { here - (SHARED - roll) }
}

/// Writes a rest; one without a value lasts for the whole measure.
pub(super) fn rest(xml: &mut Xml, value: Option<Value>, staff: u8, is_whole: bool, manner: Manner<'_>) {
    xml.open("note", &[]);
    xml.empty("rest", if is_whole { &[("measure", "yes")] } else { &[] });
    xml.leaf("duration", manner.duration);
    xml.leaf("voice", manner.voice);
    self::value(xml, value, None);
    if manner.has_staves || staff > 1 {
        xml.leaf("staff", &staff.to_string());
    }
    notations::notations(xml, Marks::empty(), Ends { bracket: manner.bracket, ..Ends::default() });
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
fn value(xml: &mut Xml, value: Option<Value>, accidental: Option<&str>) {
    if let Some(Value { kind, dots, .. }) = value {
        xml.leaf("type", kind);
        (0..dots).for_each(|_| xml.empty("dot", &[]));
    }
    if let Some(accidental) = accidental {
        xml.leaf("accidental", accidental);
    }
    if let Some(tuplet) = value.and_then(|value| value.tuplet) {
        xml.open("time-modification", &[]);
        xml.leaf("actual-notes", &tuplet.actual.to_string());
        xml.leaf("normal-notes", &tuplet.normal.to_string());
        xml.close();
    }
}
