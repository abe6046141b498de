//! `<metronome>`: a tempo, two note values that last alike, or how pairs of notes swing.

use super::reader::Reader;
use super::tuplet;
use crate::error::ImportError;
use crate::note_value::{self, Tuplet};
use crate::swing::Swing;
use crate::tempo::BELIEVABLE_QUARTERS_PER_MINUTE;
use crate::text;
use crate::time::Quarters;

/// Longest text of a number that is kept, in characters.
const LONGEST_NUMBER: usize = 40;

/// What a mark says.
pub(super) enum Metronome {
    /// Quarters per minute, and the mark as text.
    Tempo(f64, String),
    /// A value after the equals sign lasts as long as one before it did until now: the new tempo
    /// over the old one, and the mark as text.
    Ratio(f64, String),
    Swing(Swing),
}

/// A note of a mark.
#[derive(Clone, Debug, Default)]
struct Value {
    kind: String,
    dots: u32,
    /// Notes played in the time of others, as in a tuplet.
    tuplet: Option<Tuplet>,
    /// What it is tied to.
    tied: Vec<Value>,
}

impl Value {
    fn quarters(&self) -> Option<Quarters> {
        let own = note_value::value(note_value::of_type(&self.kind)?, self.dots, self.tuplet);
        self.tied.iter().try_fold(own, |sum, tied| Some(sum + tied.quarters()?))
    }

    fn text(&self) -> String {
        let own = format!("{}{}", self.kind, ".".repeat(self.dots.min(3) as usize));
        self.tied.iter().fold(own, |text, tied| format!("{text} + {}", tied.text()))
    }
}

/// Most values that are tied together; more are nonsense.
const MOST_TIED: usize = 8;

/// Adds a value to others, or to the last of them where it is tied to it.
fn add(values: &mut Vec<Value>, value: Value, is_tied: bool) {
    match values.last_mut().filter(|_| is_tied) {
        Some(last) if last.tied.len() < MOST_TIED => last.tied.push(value),
        Some(_) => {}
        None => values.push(value),
    }
}

/// Reads a mark; nothing if it cannot be understood.
pub(super) fn metronome(reader: &mut Reader<'_, '_>) -> Result<Option<Metronome>, ImportError> {
    let (mut units, mut number): (Vec<Value>, Option<String>) = (Vec::new(), None);
    // The notes before and after a `metronome-relation`.
    let (mut before, mut after, mut is_relation) = (Vec::new(), Vec::new(), false);
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "beat-unit" => {
                let kind = text::shortened(&reader.xml.text()?, LONGEST_NUMBER);
                units.push(Value { kind, ..Value::default() });
            }
            "beat-unit-dot" => {
                if let Some(unit) = units.last_mut() {
                    unit.dots += 1;
                }
                reader.xml.skip()?;
            }
            "beat-unit-tied" => add(&mut units, tied_unit(reader)?, true),
            "per-minute" => number = Some(text::shortened(&reader.xml.text()?, LONGEST_NUMBER)),
            "metronome-note" => {
                let (value, is_tied) = metronome_note(reader)?;
                add(if is_relation { &mut after } else { &mut before }, value, is_tied);
            }
            name => {
                is_relation |= name == "metronome-relation";
                reader.xml.skip()?;
            }
        }
    }
    if let (Some(unit), Some(number)) = (units.first(), &number) {
        return Ok(tempo(reader, unit, number));
    }
    match (units.as_slice(), before.as_slice(), after.as_slice()) {
        ([old, new], ..) | (_, [old], [new]) => Ok(ratio(old, new)),
        (_, [a, b], [first, second]) => Ok(swing(a, b, first, second)),
        _ => Ok(None),
    }
}

/// A range or `ca.` counts by its first number.
fn tempo(reader: &mut Reader<'_, '_>, unit: &Value, number: &str) -> Option<Metronome> {
    if number.trim_start().starts_with(['-', '\u{2212}']) {
        reader.warn(format!("a metronome mark of {number} is left out"));
        return None;
    }
    let tempo = unit.quarters()?.to_f64() * first_number(number)?;
    if !BELIEVABLE_QUARTERS_PER_MINUTE.contains(&tempo) {
        reader.warn(format!("a metronome mark of {tempo} quarters a minute is not believed"));
    }
    Some(Metronome::Tempo(tempo, format!("{} = {number}", unit.text())))
}

fn ratio(old: &Value, new: &Value) -> Option<Metronome> {
    let ratio = new.quarters()?.to_f64() / old.quarters()?.to_f64();
    Some(Metronome::Ratio(ratio, format!("{} = {}", old.text(), new.text())))
}

/// Two equal notes that are to be played like two others.
fn swing(a: &Value, b: &Value, first: &Value, second: &Value) -> Option<Metronome> {
    let (a, b) = (a.quarters()?, b.quarters()?);
    let (first, second) = (first.quarters()?, second.quarters()?);
    let ratio =
        Quarters::new(first.numerator() * second.denominator(), first.denominator() * second.numerator());
    let parts = u8::try_from(ratio.numerator()).ok().zip(u8::try_from(ratio.denominator()).ok());
    let (first, second) = parts.filter(|_| a == b)?;
    Some(Metronome::Swing(Swing { pair: a + b, first, second }))
}

/// A note, and whether it is tied to the one before it.
fn metronome_note(reader: &mut Reader<'_, '_>) -> Result<(Value, bool), ImportError> {
    let (mut value, mut is_tied) = (Value::default(), false);
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "metronome-type" => value.kind = text::shortened(&reader.xml.text()?, LONGEST_NUMBER),
            "metronome-dot" => {
                value.dots += 1;
                reader.xml.skip()?;
            }
            "metronome-tied" => {
                is_tied |= tag.is("type", "stop");
                reader.xml.skip()?;
            }
            "metronome-tuplet" => value.tuplet = tuplet::tuplet(reader)?,
            _ => reader.xml.skip()?,
        }
    }
    Ok((value, is_tied))
}

/// A beat unit that is tied to the one before it.
fn tied_unit(reader: &mut Reader<'_, '_>) -> Result<Value, ImportError> {
    let mut value = Value::default();
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "beat-unit" => value.kind = text::shortened(&reader.xml.text()?, LONGEST_NUMBER),
            name => {
                value.dots += u32::from(name == "beat-unit-dot");
                reader.xml.skip()?;
            }
        }
    }
    Ok(value)
}

fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest[..end].trim_end_matches('.').parse::<f64>().ok().filter(|n| *n > 0.0 && *n < 10_000.0)
}
