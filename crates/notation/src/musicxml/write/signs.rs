//! Repeat signs, endings, and what says where to go on.

use super::xml::Xml;
use crate::printed_score::{Al, Sign, SignKind, Tied};

/// What a page says beyond its score; nothing where repeats are written out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page<'p> {
    /// In the order of the page.
    pub signs: &'p [Sign],
    /// By note.
    pub ties: &'p [Tied],
    /// By note: the passes in which it is played, none if in all.
    pub passes: &'p [Vec<u8>],
}

impl Page<'_> {
    /// How a note is tied to what does not stand beside it.
    pub fn tied(&self, note: usize) -> Tied {
        self.ties.get(note).copied().unwrap_or_default()
    }

    /// The passes in which a note is played, as the text of an attribute; nothing if it is in all.
    pub fn time_only(&self, note: usize) -> Option<String> {
        let passes = self.passes.get(note).filter(|passes| !passes.is_empty())?;
        Some(list(passes, ""))
    }

    /// The signs of a measure.
    fn of_measure(&self, measure: usize) -> &[Sign] {
        let first = self.signs.partition_point(|sign| (sign.measure as usize) < measure);
        let end = self.signs.partition_point(|sign| sign.measure as usize <= measure);
        &self.signs[first..end.max(first)]
    }

    /// The numbers of the ending that a measure is in.
    fn numbers(&self, measure: usize) -> &[u8] {
        let before = self.signs.iter().rev().skip_while(|sign| sign.measure as usize > measure);
        let mut numbers = before.filter_map(|sign| match &sign.kind {
            SignKind::EndingStart { numbers } => Some(numbers.as_slice()),
            _ => None,
        });
        numbers.next().unwrap_or_default()
    }
}

/// Writes what stands before a measure. The first part alone has what is no bar line.
pub(super) fn before(xml: &mut Xml, page: &Page<'_>, measure: usize, part: u16) {
    let signs = page.of_measure(measure);
    let ending = signs.iter().find_map(|sign| match &sign.kind {
        SignKind::EndingStart { numbers } => Some(numbers),
        _ => None,
    });
    let repeats = signs.iter().any(|sign| sign.kind == SignKind::RepeatStart);
    if repeats || ending.is_some() {
        xml.open("barline", &[("location", "left")]);
        if repeats {
            xml.leaf("bar-style", "heavy-light");
        }
        if let Some(numbers) = ending {
            let number = list(numbers, "");
            xml.leaf_with("ending", &[("number", &number), ("type", "start")], &list(numbers, "."));
        }
        if repeats {
            xml.empty("repeat", &[("direction", "forward")]);
        }
        xml.close();
    }
    for sign in signs.iter().filter(|_| part == 0) {
        match sign.kind {
            SignKind::Segno => direction(xml, |xml| xml.empty("segno", &[]), ("segno", "segno")),
            SignKind::Coda => direction(xml, |xml| xml.empty("coda", &[]), ("coda", "coda")),
            _ => {}
        }
    }
}

/// Writes what stands behind a measure, when reading is at its end; also a fermata on the bar line.
pub(super) fn after(xml: &mut Xml, page: &Page<'_>, measure: usize, part: u16, has_fermata: bool) {
    let signs = page.of_measure(measure);
    for sign in signs.iter().filter(|_| part == 0) {
        let (text, sound) = match sign.kind {
            SignKind::ToCoda => ("To Coda".to_owned(), ("tocoda", "coda")),
            SignKind::Fine => ("Fine".to_owned(), ("fine", "yes")),
            SignKind::DaCapo { al, with_repeats } => (jump("D.C.", al, with_repeats), ("dacapo", "yes")),
            SignKind::DalSegno { al, with_repeats } => {
                (jump("D.S.", al, with_repeats), ("dalsegno", "segno"))
            }
            _ => continue,
        };
        direction(xml, |xml| xml.leaf("words", &text), sound);
    }
    let ending = signs.iter().find_map(|sign| match sign.kind {
        SignKind::EndingEnd { is_open } => Some(if is_open { "discontinue" } else { "stop" }),
        _ => None,
    });
    let repeat = signs.iter().find_map(|sign| match sign.kind {
        SignKind::RepeatEnd { times } => Some(times),
        _ => None,
    });
    let is_end = signs.iter().any(|sign| sign.kind == SignKind::Fine);
    if ending.is_none() && repeat.is_none() && !is_end && !has_fermata {
        return;
    }
    xml.open("barline", &[("location", "right")]);
    if repeat.is_some() || is_end {
        xml.leaf("bar-style", "light-heavy");
    }
    if has_fermata {
        xml.empty("fermata", &[]);
    }
    if let Some(kind) = ending {
        xml.empty("ending", &[("number", &list(page.numbers(measure), "")), ("type", kind)]);
    }
    match repeat {
        Some(2) => xml.empty("repeat", &[("direction", "backward")]),
        Some(times) => xml.empty("repeat", &[("direction", "backward"), ("times", &times.to_string())]),
        None => {}
    }
    xml.close();
}

/// `D.C. al Fine` and the like.
fn jump(to: &str, al: Option<Al>, with_repeats: bool) -> String {
    let al = match al {
        None => "",
        Some(Al::Fine) => " al Fine",
        Some(Al::Coda) => " al Coda",
    };
    let repeats = if with_repeats { "" } else { " senza replica" };
    format!("{to}{al}{repeats}")
}

/// A direction above the staff, and what it is for playback.
fn direction(xml: &mut Xml, content: impl FnOnce(&mut Xml), sound: (&str, &str)) {
    xml.open("direction", &[("placement", "above")]);
    xml.open("direction-type", &[]);
    content(xml);
    xml.close();
    xml.empty("sound", &[sound]);
    xml.close();
}

/// Numbers as a list, each with something behind it: `1, 2` or `1., 2.`.
fn list(numbers: &[u8], behind: &str) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| format!("{number}{behind}")).collect();
    numbers.join(", ")
}
