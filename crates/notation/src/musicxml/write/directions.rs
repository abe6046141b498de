//! `<direction>` and `<sound>`: what stands between the notes.

use super::asked::{NoteValue, Print, Printed};
use super::xml::Xml;
use crate::swing::Swing;
use crate::time::Quarters;

/// A line that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Wedge,
    Dashes,
    Pedal,
}

impl Line {
    /// The line that a direction starts.
    pub fn of(printed: &Printed) -> Option<Self> {
        match printed.print {
            Print::Wedge(_) => Some(Self::Wedge),
            Print::Pedal => Some(Self::Pedal),
            _ => printed.end.map(|_| Self::Dashes),
        }
    }

    fn element(self) -> &'static str {
        match self {
            Self::Wedge => "wedge",
            Self::Dashes => "dashes",
            Self::Pedal => "pedal",
        }
    }
}

/// Writes a direction, with the number of its line.
pub(super) fn start(xml: &mut Xml, printed: &Printed, number: usize) {
    let Printed { end, staff, print, .. } = printed;
    if *print == Print::Nothing {
        sound(xml, printed);
        return;
    }
    let number = number.to_string();
    xml.open("direction", &[]);
    match print {
        Print::Dynamics(letters) => dynamics(xml, letters),
        Print::Wedge(kind) => typed(xml, |xml| xml.empty("wedge", &[("type", kind), ("number", &number)])),
        Print::Pedal => typed(xml, |xml| xml.empty("pedal", &[("type", "start"), ("number", &number)])),
        Print::Metronome { unit, equals } => typed(xml, |xml| metronome(xml, unit, equals)),
        Print::Words(text) => typed(xml, |xml| xml.leaf("words", text)),
        Print::Hidden(text, hidden) => {
            if !text.is_empty() {
                typed(xml, |xml| xml.leaf("words", text));
            }
            typed(xml, |xml| xml.leaf_with("other-direction", &[("print-object", "no")], hidden));
        }
        Print::Nothing => {}
    }
    let has_dashes = end.is_some() && !matches!(print, Print::Wedge(_) | Print::Pedal);
    if has_dashes {
        typed(xml, |xml| xml.empty("dashes", &[("type", "start"), ("number", &number)]));
    }
    if let Some(staff) = staff {
        xml.leaf("staff", &staff.to_string());
    }
    sound(xml, printed);
    xml.close();
}

/// Writes the end of a line.
pub(super) fn stop(xml: &mut Xml, line: Line, number: usize, staff: Option<u8>) {
    xml.open("direction", &[]);
    typed(xml, |xml| xml.empty(line.element(), &[("type", "stop"), ("number", &number.to_string())]));
    if let Some(staff) = staff {
        xml.leaf("staff", &staff.to_string());
    }
    xml.close();
}

/// Writes how pairs of notes are played from here on. `<sound>` knows pairs of eighths and of
/// sixteenths; others are a metronome mark.
pub(super) fn swing(xml: &mut Xml, swing: Swing) {
    let kind = if swing.pair == Quarters::whole(1) { "eighth" } else { "16th" };
    if swing.pair != Quarters::whole(1) && swing.pair != Quarters::new(1, 2) {
        xml.open("direction", &[]);
        typed(xml, |xml| relation(xml, swing));
        xml.close();
        return;
    }
    xml.open("sound", &[]);
    xml.open("swing", &[]);
    if swing == Swing::default() {
        xml.empty("straight", &[]);
    } else {
        xml.leaf("first", &swing.first.to_string());
        xml.leaf("second", &swing.second.to_string());
        xml.leaf("swing-type", kind);
    }
    xml.close();
    xml.close();
}

/// Two notes of half the pair, and two that last as the swing says.
fn relation(xml: &mut Xml, swing: Swing) {
    let half = super::values::heads(
        Quarters::ZERO,
        Quarters::new(swing.pair.numerator(), swing.pair.denominator() * 2),
    );
    let Some((kind, dots)) = half.first().and_then(|(_, value)| value.map(|v| (v.kind, v.dots))) else {
        return;
    };
    xml.open("metronome", &[]);
    for part in [None, None, Some(swing.first), Some(swing.second)].into_iter().enumerate() {
        if part.0 == 2 {
            xml.leaf("metronome-relation", "equals");
        }
        xml.open("metronome-note", &[]);
        xml.leaf("metronome-type", kind);
        (0..dots).for_each(|_| xml.empty("metronome-dot", &[]));
        if let Some(part) = part.1 {
            xml.open("metronome-tuplet", &[("type", "start")]);
            xml.leaf("actual-notes", "1");
            xml.leaf("normal-notes", &part.to_string());
            xml.close();
        }
        xml.close();
    }
    xml.close();
}

fn typed(xml: &mut Xml, content: impl FnOnce(&mut Xml)) {
    xml.open("direction-type", &[]);
    content(xml);
    xml.close();
}

/// Names of the elements in `<dynamics>`.
const DYNAMICS: [&str; 26] = [
    "n", "p", "pp", "ppp", "pppp", "ppppp", "pppppp", "mp", "mf", "f", "ff", "fff", "ffff", "fffff",
    "ffffff", "sf", "sfz", "sffz", "sfp", "sfpp", "sfzp", "fz", "rf", "rfz", "fp", "pf",
];

fn dynamics(xml: &mut Xml, letters: &str) {
    typed(xml, |xml| {
        xml.open("dynamics", &[]);
        match DYNAMICS.into_iter().find(|name| *name == letters) {
            Some(name) => xml.empty(name, &[]),
            None => xml.leaf("other-dynamics", letters),
        }
        xml.close();
    });
}

fn metronome(xml: &mut Xml, unit: &NoteValue, equals: &Result<String, NoteValue>) {
    xml.open("metronome", &[]);
    let value = |xml: &mut Xml, value: &NoteValue| {
        xml.leaf("beat-unit", &value.kind);
        (0..value.dots).for_each(|_| xml.empty("beat-unit-dot", &[]));
    };
    value(xml, unit);
    match equals {
        Ok(number) => xml.leaf("per-minute", number),
        Err(other) => value(xml, other),
    }
    xml.close();
}

/// What is for playback.
fn sound(xml: &mut Xml, printed: &Printed) {
    let tempo = printed.tempo.map(|tempo| tempo.to_string());
    let tempo = tempo.as_deref().map(|tempo| ("tempo", tempo));
    let loudness = printed.loudness.map(|loudness| ("dynamics", loudness));
    let attributes: Vec<(&str, &str)> = tempo.into_iter().chain(loudness).collect();
    if !attributes.is_empty() {
        xml.empty("sound", &attributes);
    }
}
