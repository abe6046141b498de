//! What is printed for what a direction of the score asks for.
//!
//! One phrase may ask for several things, which are directions of their own in the score and one
//! `<direction>` in the file.

use crate::marks::{Direction, DirectionKind, Dynamic};
use crate::musicxml::direction::phrase_meanings;
use crate::musicxml::dynamics::level;
use crate::musicxml::written_out::{self, Asked};
use crate::note_value;
use crate::time::Quarters;

/// What is printed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Print {
    /// Letters such as `p` and `sfz`, which are the name of an element.
    Dynamics(String),
    Wedge(&'static str),
    Pedal,
    Metronome {
        unit: NoteValue,
        /// A number as it is printed, or a note value that lasts as long.
        equals: Result<String, NoteValue>,
    },
    Words(String),
    /// Words, and beside them what MusicXML has no words for.
    Hidden(String, String),
    /// Nothing: it is for playback alone.
    Nothing,
}

/// A note value of a metronome mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoteValue {
    pub kind: String,
    pub dots: usize,
}

/// A `<direction>`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Printed {
    pub onset: Quarters,
    /// Where the line ends that starts here.
    pub end: Option<Quarters>,
    pub staff: Option<u8>,
    pub print: Print,
    /// What stands beside it: a metronome mark at a tempo word, or the other way round; further signs of
    /// loudness at one of them.
    pub beside: Vec<Print>,
    /// What it means, and its words.
    asked: Vec<Asked>,
    text: String,
    /// For playback: quarters a minute, and hundredths of a forte.
    pub tempo: Option<f64>,
    pub loudness: Option<&'static str>,
}

impl Printed {
    /// What some directions of one place and text are printed as.
    fn new(directions: &[&Direction], print: Print) -> Self {
        let first = directions[0];
        Self {
            onset: first.onset,
            end: first.end,
            staff: first.staff,
            print,
            beside: Vec::new(),
            asked: directions.iter().map(|d| (d.kind, d.end.map(|end| end - d.onset))).collect(),
            text: first.text.clone(),
            tempo: None,
            loudness: None,
        }
    }

    /// The side of the staff that it stands on: what tells of the tempo, and words that mean nothing to a
    /// player alone, above; loudness and pedals below.
    pub fn placement(&self) -> &'static str {
        use DirectionKind::{ATempo, Accelerando, Fermata, Metronome, Ritardando, Tempo, Words};
        let is_above = |(kind, _): &Asked| {
            matches!(kind, Metronome(_) | Tempo(_) | Ritardando | Accelerando | ATempo | Words | Fermata)
        };
        if self.asked.iter().all(is_above) { "above" } else { "below" }
    }

    /// How long what a fermata stands on lasts, if this is one.
    pub fn held(&self) -> Option<Quarters> {
        let is_fermata = |asked: &&Asked| asked.0 == DirectionKind::Fermata;
        self.asked.iter().find(is_fermata).and_then(|(_, length)| *length)
    }

    /// Whether another direction, which comes next, is a metronome mark where this is a word for the tempo,
    /// or the other way round. The mark alone tells the tempo for playback, so the word has to mean what it
    /// says.
    fn goes_with(&self, next: &Self) -> bool {
        let is_word = |printed: &Self| {
            let is_of_tempo =
                |(kind, _): &Asked| matches!(kind, DirectionKind::Tempo(_) | DirectionKind::ATempo);
            matches!(printed.print, Print::Words(_))
                && printed.asked.iter().all(is_of_tempo)
                && printed.asked.iter().map(|(kind, _)| *kind).eq(phrase_meanings(&printed.text))
        };
        let is_mark = |printed: &Self| matches!(printed.print, Print::Metronome { .. });
        let is_same_place = (self.onset, self.staff) == (next.onset, next.staff);
        let is_alone = self.beside.is_empty() && self.end.is_none() && next.end.is_none();
        let is_pair = (is_word(self) && is_mark(next)) || (is_mark(self) && is_word(next));
        is_same_place && is_alone && is_pair
    }

    /// Whether this is a sign of loudness, and so is another direction, which comes next, at the same place:
    /// *p* and *sf*, which in two `<direction>` would be printed over one another.
    fn is_sign_before(&self, next: &Self) -> bool {
        let is_sign = |printed: &Self| matches!(printed.print, Print::Dynamics(_)) && printed.end.is_none();
        (self.onset, self.staff) == (next.onset, next.staff) && is_sign(self) && is_sign(next)
    }

    /// The same with what it means written beside its words, without a line.
    pub fn hidden(self) -> Self {
        let print = Print::Hidden(self.text.clone(), written_out::hidden(&self.asked));
        Self { print, end: None, tempo: None, loudness: None, ..self }
    }
}

/// The directions of a part, which are in order, as they are printed.
pub(super) fn printed(directions: &[&Direction]) -> Vec<Printed> {
    let mut printed: Vec<Printed> = Vec::new();
    let mut rest = directions;
    while let Some((first, others)) = rest.split_first() {
        let (found, count) = match accent_and_level(rest).or_else(|| Some((alone(first)?, 1))) {
            Some(found) => found,
            None => {
                let same = |d: &&&Direction| {
                    (d.onset, d.staff, &d.text) == (first.onset, first.staff, &first.text)
                        && alone(d).is_none()
                        && !first.text.is_empty()
                };
                let count = 1 + others.iter().take_while(same).count();
                phrase(&rest[..count])
            }
        };
        match printed.last_mut() {
            Some(last) if last.goes_with(&found) || last.is_sign_before(&found) => {
                if matches!(found.print, Print::Metronome { .. }) {
                    last.tempo = found.tempo;
                }
                last.asked.extend(found.asked);
                last.beside.push(found.print);
            }
            _ => printed.push(found),
        }
        rest = &rest[count..];
    }
    printed
}

/// A sign such as *sfp*, which is an accent and the level after it, two directions of the score with one text,
/// and how many these are.
fn accent_and_level(directions: &[&Direction]) -> Option<(Printed, usize)> {
    let [accent, after, ..] = directions else { return None };
    let place = |d: &Direction| (d.onset, d.staff, d.end);
    let is_sign = accent.kind == DirectionKind::Sforzando
        && level(&accent.text) == Some(accent.kind)
        && matches!(after.kind, DirectionKind::Dynamic(_))
        && accent.text == after.text
        && place(accent) == place(after)
        && accent.end.is_none();
    is_sign.then(|| (Printed::new(&[accent, after], Print::Nothing).hidden(), 2))
}

/// What one direction alone is printed as, where that is enough.
fn alone(direction: &Direction) -> Option<Printed> {
    let Direction { end, staff, kind, text, .. } = direction;
    let new = |print| Printed::new(&[direction], print);
    let is_sign = text.is_empty();
    Some(match *kind {
        DirectionKind::Dynamic(_) | DirectionKind::Sforzando if level(text) == Some(*kind) => {
            new(Print::Dynamics(text.clone()))
        }
        DirectionKind::Dynamic(level) if is_sign && end.is_none() && staff.is_none() => {
            Printed { loudness: Some(loudness(level)), ..new(Print::Nothing) }
        }
        DirectionKind::Crescendo if is_sign && end.is_some() => new(Print::Wedge("crescendo")),
        DirectionKind::Diminuendo if is_sign && end.is_some() => new(Print::Wedge("diminuendo")),
        DirectionKind::SustainPedal if is_sign => new(Print::Pedal),
        DirectionKind::Metronome(tempo) if is_sign && end.is_none() && staff.is_none() => {
            Printed { tempo: Some(tempo), ..new(Print::Nothing) }
        }
        DirectionKind::Metronome(tempo) if end.is_none() => {
            Printed { tempo: Some(tempo), ..new(metronome(text)?) }
        }
        _ => return None,
    })
}

/// The directions of one phrase, and how many of them one `<direction>` stands for. If the phrase does
/// not mean what the score says, or its meanings last for different times, that is written beside it.
fn phrase(directions: &[&Direction]) -> (Printed, usize) {
    let first = directions[0];
    let Direction { end, text, .. } = first;
    let meanings = phrase_meanings(text);
    let said = &directions[..meanings.len().min(directions.len())];
    let is_meant = !text.is_empty()
        && said.len() == meanings.len()
        && said.iter().zip(&meanings).all(|(said, meant)| {
            let has_tempo = |kind: &DirectionKind| matches!(kind, DirectionKind::Tempo(_));
            let is_known = |kind: &DirectionKind| matches!(kind, DirectionKind::Tempo(Some(_)));
            let is_same =
                said.kind == *meant || (has_tempo(&said.kind) && has_tempo(meant) && is_known(&said.kind));
            is_same && said.end == *end && (end.is_none() || said.kind != DirectionKind::SoftPedal)
        });
    if is_meant {
        let tempo = said.iter().find_map(|d| match d.kind {
            DirectionKind::Tempo(tempo) => tempo,
            _ => None,
        });
        return (Printed { tempo, ..Printed::new(said, Print::Words(text.clone())) }, said.len());
    }
    (Printed::new(directions, Print::Nothing).hidden(), directions.len())
}

/// `quarter. = 60` or `quarter = quarter.`; nothing if it would be read as something else.
fn metronome(text: &str) -> Option<Print> {
    let (unit, other) = text.split_once(" = ")?;
    let unit = note_value(unit)?;
    if let Some(other) = note_value(other) {
        return Some(Print::Metronome { unit, equals: Err(other) });
    }
    let has_number = other.starts_with(|c: char| c.is_alphanumeric() || c == '(') && other.trim() == other;
    let digits = other
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .find(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))?;
    let is_counted = digits.trim_end_matches('.').parse::<f64>().is_ok_and(|n| n > 0.0 && n < 10_000.0);
    (has_number && is_counted).then(|| Print::Metronome { unit, equals: Ok(other.to_owned()) })
}

fn note_value(text: &str) -> Option<NoteValue> {
    let kind = text.trim_end_matches('.');
    note_value::of_type(kind)?;
    let dots = text.len() - kind.len();
    (dots <= 3).then(|| NoteValue { kind: kind.to_owned(), dots })
}

/// A loudness in hundredths of a forte that lies in the middle of a level.
fn loudness(level: Dynamic) -> &'static str {
    ["5", "20", "37", "54", "71", "89", "107", "124", "137", "145"][usize::from(level.level()) - 1]
}
