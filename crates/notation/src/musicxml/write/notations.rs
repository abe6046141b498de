//! `<notations>`: ties, tuplets, slurs, articulations and ornaments at a note.

use super::tuplets::Place;
use super::xml::{Attributes, Xml};
use crate::marks::Marks;
use crate::musicxml::chords::RELEASE;
use crate::musicxml::written_out::{self, SLURS};

/// What starts and stops at a head.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends<'e> {
    /// Whether a tie stops and starts.
    pub tie: (bool, bool),
    pub place: Option<Place>,
    pub slurs: Slurs<'e>,
    /// Whether a tremolo between two notes has begun at the note before.
    pub in_tremolo: bool,
}

/// The slurs at a head.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slurs<'e> {
    pub starts: &'e [usize],
    pub stops: &'e [usize],
    pub over: Option<usize>,
    /// Whether this is a further head of a tied note, which only tells how the note ends.
    pub is_further: bool,
}

impl Slurs<'_> {
    /// What a reader takes the printed slurs for.
    fn marks(self) -> Marks {
        let mut marks = Marks::empty();
        marks.set(Marks::SLUR_START, !self.starts.is_empty());
        marks.set(Marks::SLUR_STOP, !self.stops.is_empty());
        marks.set(Marks::SLURRED, !marks.is_empty() || self.over.is_some());
        if self.is_further { marks & RELEASE } else { marks }
    }
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

/// Accidentals at an ornament, with their placement and sign.
const ACCIDENTALS: [(Marks, Attributes<'static>, &str); 6] = [
    (Marks::ABOVE_FLAT, &[("placement", "above")], "flat"),
    (Marks::ABOVE_NATURAL, &[("placement", "above")], "natural"),
    (Marks::ABOVE_SHARP, &[("placement", "above")], "sharp"),
    (Marks::BELOW_FLAT, &[("placement", "below")], "flat"),
    (Marks::BELOW_NATURAL, &[("placement", "below")], "natural"),
    (Marks::BELOW_SHARP, &[("placement", "below")], "sharp"),
];

/// Writes the notations of a head, if there are any.
pub(super) fn notations(xml: &mut Xml, marks: Marks, ends: Ends<'_>) {
    let is_tied = ends.tie.0 || ends.tie.1;
    let bracket = ends.place.map_or((false, false), |place| (place.is_first, place.is_last));
    let is_bracket = bracket.0 || bracket.1;
    let marks = marks - Marks::GRACE_CHORD;
    if !is_tied && !is_bracket && marks.is_empty() && ends.slurs.marks().is_empty() {
        return;
    }
    xml.open("notations", &[]);
    for (is_here, kind) in [(ends.tie.0, "stop"), (ends.tie.1, "start")] {
        if is_here {
            xml.empty("tied", &[("type", kind)]);
        }
    }
    slurs(xml, ends.slurs);
    for (is_here, kind) in [(bracket.0, "start"), (bracket.1, "stop")] {
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
    if marks & SLURS != ends.slurs.marks() {
        let attributes = [("type", "single"), ("print-object", "no")];
        xml.leaf_with("other-notation", &attributes, &written_out::hidden_slurs(marks));
    }
    xml.close();
}

fn slurs(xml: &mut Xml, slurs: Slurs<'_>) {
    let stops = slurs.stops.iter().map(|number| ("stop", number));
    let starts = slurs.starts.iter().map(|number| ("start", number));
    let is_end = !slurs.stops.is_empty() || !slurs.starts.is_empty();
    let over = slurs.over.iter().filter(|_| !is_end).map(|number| ("continue", number));
    for (kind, number) in stops.chain(starts).chain(over) {
        xml.empty("slur", &[("type", kind), ("number", &number.to_string())]);
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
    // Accidentals follow the ornament that they belong to, and mean nothing without one.
    let accidentals = ACCIDENTALS.into_iter().filter(|(mark, ..)| has(*mark) && !found.is_empty());
    let accidentals: Elements<'static> =
        accidentals.map(|(_, placement, sign)| ("accidental-mark", placement, sign)).collect();
    let second = found.len().min(1);
    found.splice(second..second, accidentals);
    if has(Marks::TREMOLO_PAIR) {
        let kind: Attributes<'static> = if in_tremolo { &[("type", "stop")] } else { &[("type", "start")] };
        found.push(("tremolo", kind, "3"));
    }
    if has(Marks::TREMOLO) && !(has(Marks::TREMOLO_PAIR) && marks.tremolo_strokes() == 1) {
        let strokes = ["1", "2", "3", "4"][usize::from(marks.tremolo_strokes()) - 1];
        found.push(("tremolo", &[("type", "single")], strokes));
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
