//! `<notations>`: ties, tuplets, slurs, articulations and ornaments at a note.

use super::slurs::Numbers;
use super::xml::{Attributes, Xml};
use crate::marks::Marks;

/// What starts and stops at a head.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends {
    /// Whether a tie stops and starts.
    pub tie: (bool, bool),
    /// Whether the bracket of a tuplet starts and stops.
    pub bracket: (bool, bool),
    pub slurs: Numbers,
    /// Whether a tremolo between two notes has begun at the note before.
    pub in_tremolo: bool,
}

/// Elements with their attributes and text, in the order in which they come.
type Elements<'a> = Vec<(&'static str, Attributes<'a>, &'static str)>;

const ARTICULATIONS: [(Marks, &str); 6] = [
    (Marks::ACCENT, "accent"),
    (Marks::MARCATO, "strong-accent"),
    (Marks::STACCATO, "staccato"),
    (Marks::TENUTO, "tenuto"),
    (Marks::STACCATISSIMO, "staccatissimo"),
    (Marks::BREATH, "breath-mark"),
];

const ACCIDENTALS: [(Marks, &str, &str); 6] = [
    (Marks::ABOVE_FLAT, "above", "flat"),
    (Marks::ABOVE_NATURAL, "above", "natural"),
    (Marks::ABOVE_SHARP, "above", "sharp"),
    (Marks::BELOW_FLAT, "below", "flat"),
    (Marks::BELOW_NATURAL, "below", "natural"),
    (Marks::BELOW_SHARP, "below", "sharp"),
];

/// Writes the notations of a head, if there are any.
pub(super) fn notations(xml: &mut Xml, marks: Marks, ends: Ends) {
    let is_tied = ends.tie.0 || ends.tie.1;
    let is_bracket = ends.bracket.0 || ends.bracket.1;
    if !is_tied && !is_bracket && (marks - Marks::GRACE_CHORD).is_empty() {
        return;
    }
    xml.open("notations", &[]);
    for (is_here, kind) in [(ends.tie.0, "stop"), (ends.tie.1, "start")] {
        if is_here {
            xml.empty("tied", &[("type", kind)]);
        }
    }
    slurs(xml, marks, ends.slurs);
    for (is_here, kind) in [(ends.bracket.0, "start"), (ends.bracket.1, "stop")] {
        if is_here {
            xml.empty("tuplet", &[("type", kind), ("number", "1")]);
        }
    }
    list(xml, "ornaments", &ornaments(marks, ends.in_tremolo));
    let articulations = ARTICULATIONS.iter().filter(|(mark, _)| marks.contains(*mark));
    list(xml, "articulations", &articulations.map(|(_, name)| (*name, &[][..], "")).collect());
    if marks.contains(Marks::FERMATA) {
        xml.empty("fermata", &[]);
    }
    if marks.contains(Marks::ARPEGGIO_DOWN) {
        xml.empty("arpeggiate", &[("direction", "down")]);
    } else if marks.contains(Marks::ARPEGGIO) {
        xml.empty("arpeggiate", &[]);
    }
    xml.close();
}

/// Slurs without a number have lost their other end.
fn slurs(xml: &mut Xml, marks: Marks, numbers: Numbers) {
    let is_slurred = marks.contains(Marks::SLURRED);
    let mut slur = |kind: &str, number: usize| {
        let number = number.to_string();
        let attributes = [("type", kind), ("number", &*number)];
        xml.empty("slur", if is_slurred { &attributes } else { &attributes[..1] });
    };
    if marks.contains(Marks::SLUR_STOP) {
        slur("stop", numbers.stop);
    }
    if marks.contains(Marks::SLUR_START) {
        slur("start", numbers.start);
    }
    if is_slurred && !marks.intersects(Marks::SLUR_START | Marks::SLUR_STOP) {
        slur("continue", numbers.over);
    }
}

fn ornaments(marks: Marks, in_tremolo: bool) -> Elements<'static> {
    let mut found: Elements<'static> = Vec::new();
    let has = |mark: Marks| marks.contains(mark);
    if has(Marks::TRILL) {
        found.push(("trill-mark", &[], ""));
    }
    if has(Marks::TURN) {
        let name = match (has(Marks::DELAYED), has(Marks::INVERTED)) {
            (false, false) => "turn",
            (false, true) => "inverted-turn",
            (true, false) => "delayed-turn",
            (true, true) => "delayed-inverted-turn",
        };
        found.push((name, &[], ""));
    }
    if has(Marks::MORDENT) {
        found.push((if has(Marks::INVERTED) { "inverted-mordent" } else { "mordent" }, &[], ""));
    }
    let strokes = ["1", "2", "3", "4"][usize::from(marks.tremolo_strokes()) - 1];
    if has(Marks::TREMOLO_PAIR) {
        let kind: Attributes<'static> = if in_tremolo { &[("type", "stop")] } else { &[("type", "start")] };
        found.push(("tremolo", kind, "3"));
    }
    if has(Marks::TREMOLO) && !(has(Marks::TREMOLO_PAIR) && marks.tremolo_strokes() == 1) {
        found.push(("tremolo", &[("type", "single")], strokes));
    }
    for (_, placement, sign) in ACCIDENTALS.into_iter().filter(|(mark, ..)| marks.contains(*mark)) {
        let placement: Attributes<'static> =
            if placement == "above" { &[("placement", "above")] } else { &[("placement", "below")] };
        found.push(("accidental-mark", placement, sign));
    }
    found
}

fn list(xml: &mut Xml, name: &'static str, elements: &Elements<'_>) {
    if elements.is_empty() {
        return;
    }
    xml.open(name, &[]);
    for (name, attributes, text) in elements {
        if text.is_empty() {
            xml.empty(name, attributes);
        } else {
            xml.leaf_with(name, attributes, text);
        }
    }
    xml.close();
}
