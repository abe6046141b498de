//! Tempi that stand in words: *♩ = 66*, *♩ = ♩.*, *doppio movimento*, *l'istesso tempo*.

use crate::note_value;
use crate::tempo::BELIEVABLE_QUARTERS_PER_MINUTE;
use crate::time::Quarters;

/// What words say of the tempo.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TempoWords {
    /// Quarters a minute, and the mark as it is printed.
    Tempo(f64, String),
    /// The new tempo over the old one, and what is printed.
    Ratio(f64, String),
    /// A beat lasts as long as before, in another metre, too.
    SameBeat,
}

/// Between a note and its number there may be *ca.*, not more, in bytes.
const MOST_BEFORE_NUMBER: usize = 8;

const TWICE_AS_FAST: [&str; 7] = [
    "doppio movimento",
    "doppio più mosso",
    "doppio piu mosso",
    "doppelt so schnell",
    "noch einmal so schnell",
    "twice as fast",
    "double tempo",
];
const HALF_AS_FAST: [&str; 6] = [
    "doppio più lento",
    "doppio piu lento",
    "le double plus lent",
    "doppelt so langsam",
    "noch einmal so langsam",
    "half tempo",
];
const SAME_BEAT: [&str; 9] = [
    "istesso tempo",
    "istesso movimento",
    "stesso tempo",
    "stesso movimento",
    "même mouvement",
    "meme mouvement",
    "même tempo",
    "dasselbe tempo",
    "same tempo",
];

/// Names of notes, in the languages of printed music.
const NAMES: [(&str, &str); 21] = [
    ("half", "half"),
    ("minim", "half"),
    ("halbe", "half"),
    ("blanche", "half"),
    ("minima", "half"),
    ("blanca", "half"),
    ("quarter", "quarter"),
    ("crotchet", "quarter"),
    ("viertel", "quarter"),
    ("noire", "quarter"),
    ("semiminima", "quarter"),
    ("negra", "quarter"),
    ("eighth", "eighth"),
    ("8th", "eighth"),
    ("quaver", "eighth"),
    ("achtel", "eighth"),
    ("croche", "eighth"),
    ("croma", "eighth"),
    ("corchea", "eighth"),
    ("sixteenth", "16th"),
    ("16th", "16th"),
];

/// What may follow the name of a note, and what says that it has a dot.
const AFTER_NAMES: [&str; 4] = ["note", "notes", "con", "col"];
const DOTTED: [&str; 9] =
    ["dotted", "pointée", "pointee", "punktierte", "punktiertes", "puntata", "punto", "puntillo", "dot"];

/// What a text says of the tempo in signs, or in words that compare it with what was before.
pub(super) fn read(text: &str) -> Option<TempoWords> {
    equation(text).or_else(|| beats_a_minute(text)).or_else(|| compared(text))
}

/// *66 bpm*, as programs say it, in quarters.
fn beats_a_minute(text: &str) -> Option<TempoWords> {
    let lower = text.to_lowercase();
    let before = lower.split_once("bpm")?.0.trim_end();
    let start = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
    let number = before.get(start..)?.trim_matches('.');
    let tempo = number.parse::<f64>().ok().filter(|tempo| BELIEVABLE_QUARTERS_PER_MINUTE.contains(tempo))?;
    Some(TempoWords::Tempo(tempo, format!("quarter = {number}")))
}

fn equation(text: &str) -> Option<TempoWords> {
    let (left, right) = text.split_once('=')?;
    let sign = left.char_indices().rev().find(|(_, c)| note_type(*c).is_some());
    let (unit, rest) = match sign {
        Some((start, _)) => Note::read(&left[start..])?,
        None => (Note::named(left)?, ""),
    };
    if !rest.trim_end_matches(')').trim().is_empty() {
        return None;
    }
    let right = right.trim_start();
    if let Some((new, _)) = Note::read(right) {
        let ratio = new.quarters()?.to_f64() / unit.quarters()?.to_f64();
        return Some(TempoWords::Ratio(ratio, format!("{} = {}", unit.text(), new.text())));
    }
    let digits = right.find(|c: char| c.is_ascii_digit()).filter(|at| *at <= MOST_BEFORE_NUMBER)?;
    let number = &right[digits..];
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let number = number[..end].trim_end_matches('.');
    let tempo = number.parse::<f64>().ok()? * unit.quarters()?.to_f64();
    let is_believed = BELIEVABLE_QUARTERS_PER_MINUTE.contains(&tempo);
    is_believed.then(|| TempoWords::Tempo(tempo, format!("{} = {number}", unit.text())))
}

fn compared(text: &str) -> Option<TempoWords> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    // What is compared with another place is not with what was just before.
    if words.iter().any(|word| matches!(*word, "que" | "qu" | "than" | "als" | "che")) {
        return None;
    }
    let phrase = words.join(" ");
    let has = |list: &[&str]| list.iter().any(|words| phrase.contains(words));
    if has(&SAME_BEAT) {
        return Some(TempoWords::SameBeat);
    }
    let ratio = if has(&TWICE_AS_FAST) {
        2.0
    } else if has(&HALF_AS_FAST) {
        0.5
    } else {
        return None;
    };
    Some(TempoWords::Ratio(ratio, text.to_owned()))
}

/// A printed note.
struct Note {
    kind: &'static str,
    dots: usize,
}

impl Note {
    /// The note that a text starts with, and what follows it.
    fn read(text: &str) -> Option<(Self, &str)> {
        let first = text.chars().next()?;
        let kind = note_type(first)?;
        let (mut dots, mut rest) = (0, &text[first.len_utf8()..]);
        while let Some(c) = rest.chars().next().filter(|c| is_dot(*c) || is_stem(*c) || *c == ' ') {
            dots += usize::from(is_dot(c));
            rest = &rest[c.len_utf8()..];
        }
        Some((Self { kind, dots: dots.min(3) }, rest))
    }

    /// The note that a text ends with in words: *dotted quarter note*, *noire pointée*.
    fn named(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let is_after = |word: &&&str| !AFTER_NAMES.contains(word) && !DOTTED.contains(word);
        let (at, name) = words.iter().enumerate().rev().find(|(_, word)| is_after(word))?;
        let (_, kind) = NAMES.iter().find(|(known, _)| known == name)?;
        let beside = words[at.saturating_sub(1)..at].iter().chain(&words[at + 1..]);
        Some(Self { kind, dots: usize::from(beside.into_iter().any(|word| DOTTED.contains(word))) })
    }

    fn quarters(&self) -> Option<Quarters> {
        Some(note_value::value(note_value::of_type(self.kind)?, self.dots as u32, None))
    }

    /// As metronome marks are told: `quarter.`.
    fn text(&self) -> String {
        format!("{}{}", self.kind, ".".repeat(self.dots))
    }
}

/// The type of a note as a character of Unicode or of music fonts.
fn note_type(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{1d15d}' | '\u{e1d2}' | '\u{eca2}' => "whole",
        '\u{1d157}' | '\u{1d15e}' | '\u{e1d3}' | '\u{e1d4}' | '\u{eca3}' | '\u{eca4}' => "half",
        '\u{2669}' | '\u{1d158}' | '\u{1d15f}' | '\u{e1d5}' | '\u{e1d6}' | '\u{eca5}' | '\u{eca6}' => {
            "quarter"
        }
        '\u{266a}' | '\u{1d160}' | '\u{e1d7}' | '\u{e1d8}' | '\u{eca7}' | '\u{eca8}' => "eighth",
        '\u{1d161}' | '\u{e1d9}' | '\u{e1da}' | '\u{eca9}' | '\u{ecaa}' => "16th",
        _ => return None,
    })
}

/// The character of a note or dot by its name in the list of symbols of music fonts.
pub(super) fn of_symbol(name: &str) -> Option<&'static str> {
    Some(match name.trim() {
        "metNoteWhole" => "\u{eca2}",
        "metNoteHalfUp" | "metNoteHalfDown" => "\u{eca3}",
        "metNoteQuarterUp" | "metNoteQuarterDown" => "\u{eca5}",
        "metNote8thUp" | "metNote8thDown" => "\u{eca7}",
        "metNote16thUp" | "metNote16thDown" => "\u{eca9}",
        "metAugmentationDot" => "\u{ecb7}",
        _ => return None,
    })
}

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{ecb7}' | '\u{e1e7}' | '\u{1d16d}')
}

fn is_stem(c: char) -> bool {
    c == '\u{1d165}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_as_characters() {
        let tempo = |number, text: &str| Some(TempoWords::Tempo(number, text.to_owned()));
        assert_eq!(read("♩ = 66"), tempo(66.0, "quarter = 66"));
        assert_eq!(read("Allegro (♩. = ca. 60)"), tempo(90.0, "quarter. = 60"));
        assert_eq!(read("\u{eca3} = 72-76"), tempo(144.0, "half = 72"));
        let ratio = |number, text: &str| Some(TempoWords::Ratio(number, text.to_owned()));
        assert_eq!(read("♩ = ♩."), ratio(1.5, "quarter = quarter."));
        assert_eq!(read("(♪=♪)"), ratio(1.0, "eighth = eighth"));
        assert_eq!(read("\u{eca5}\u{ecb7} = \u{eca3}"), ratio(4.0 / 3.0, "quarter. = half"));
        assert_eq!(read("Quarter note = 66"), tempo(66.0, "quarter = 66"));
        assert_eq!(read("Lento (dotted half note = ca. 40)"), tempo(120.0, "half. = 40"));
        assert_eq!(read("noire pointée = 60"), tempo(90.0, "quarter. = 60"));
        assert_eq!(read("negra con puntillo = 60"), tempo(90.0, "quarter. = 60"));
        assert_eq!(read("punktierte Viertel = 60"), tempo(90.0, "quarter. = 60"));
        assert_eq!(read("Moderato, 96 BPM"), tempo(96.0, "quarter = 96"));
        for text in [
            "a = 3",
            "♩",
            "♩ = very long indeed 3",
            "= 60",
            "♩ = 9999",
            "half of it = 3",
            "bpm",
            "0 bpm",
            "= 66",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn words_that_compare_with_what_was() {
        let ratio = |number, text: &str| Some(TempoWords::Ratio(number, text.to_owned()));
        assert_eq!(read("Doppio movimento"), ratio(2.0, "Doppio movimento"));
        assert_eq!(read("le double plus lent"), ratio(0.5, "le double plus lent"));
        assert_eq!(read("L'istesso tempo"), Some(TempoWords::SameBeat));
        assert_eq!(read("Même mouvement"), Some(TempoWords::SameBeat));
        assert_eq!(read("(le double plus lent que du début)"), None);
        assert_eq!(read("Allegro"), None);
    }
}
