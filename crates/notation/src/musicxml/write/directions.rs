//! `<direction>` and `<sound>`: what stands between the notes.

use super::asked::{NoteValue, Print, Printed};
use super::xml::Xml;
use crate::musicxml::dynamics::level;

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
    let Printed { end, staff, print, beside, .. } = printed;
    if *print == Print::Nothing {
        sound(xml, printed);
        return;
    }
    let number = number.to_string();
    xml.open("direction", &[("placement", printed.placement())]);
    std::iter::once(print).chain(beside).for_each(|print| self::print(xml, print, &number));
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

fn print(xml: &mut Xml, print: &Print, number: &str) {
    match print {
        Print::Dynamics(letters) => dynamics(xml, letters),
        Print::Wedge(kind) => typed(xml, |xml| xml.empty("wedge", &[("type", kind), ("number", number)])),
        Print::Pedal => typed(xml, |xml| xml.empty("pedal", &[("type", "start"), ("number", number)])),
        Print::Metronome { unit, equals } => typed(xml, |xml| metronome(xml, unit, equals)),
        Print::Words(text) => typed(xml, |xml| xml.leaf("words", text)),
        Print::Hidden(text, hidden) => {
            if level(text).is_some() {
                dynamics(xml, text);
            } else if !text.is_empty() {
                typed(xml, |xml| xml.leaf("words", text));
            }
            typed(xml, |xml| xml.leaf_with("other-direction", &[("print-object", "no")], hidden));
        }
        Print::Nothing => {}
    }
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

fn typed(xml: &mut Xml, content: impl FnOnce(&mut Xml)) {
    xml.open("direction-type", &[]);
    content(xml);
    xml.close();
}

fn dynamics(xml: &mut Xml, letters: &str) {
    typed(xml, |xml| {
        xml.open("dynamics", &[]);
        xml.empty(letters, &[]);
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
