//! `<direction>`: dynamics, hairpins, tempo, words, pedal, and signs of repeats and jumps.

use std::borrow::Cow;

use super::dynamics::dynamics;
use super::jump_words;
use super::lines::Line;
use super::metronome::{Metronome, metronome};
use super::reader::Reader;
use super::sound::Sound;
use super::written::{Position, Sign, WrittenDirection};
use super::written_out::{self, Asked};
use super::xml::Tag;
use crate::error::ImportError;
use crate::marks::DirectionKind;
use crate::swing::Swing;
use crate::text;
use crate::time::Quarters;
use crate::words;

/// Longest text that is kept of a direction, in characters.
const LONGEST_TEXT: usize = 300;
/// Most different phrases that are looked up.
const MOST_PHRASES: usize = 2_000;
/// Most of a text that a warning shows, in characters.
const MOST_SHOWN: usize = 60;
/// Most things that one `<direction>` may say; more is nonsense and left out.
const MOST_FOUND: usize = 32;

/// What one `<direction>` holds, before its staff and offset are known.
#[derive(Default)]
struct Draft {
    found: Vec<Found>,
    /// In a written-out file what the direction asks for, where MusicXML has no words for it.
    hidden: Option<Vec<Asked>>,
    /// Lines that start here: kind, number, and which of `found` they extend (all, if none).
    starts: Vec<(Line, u32, Option<usize>)>,
    stops: Vec<(Line, u32)>,
    /// Words and signs, in which jumps are looked for.
    texts: Vec<String>,
    sound: Sound,
    staff: Option<u8>,
    /// By which what is played is moved, and what is printed.
    sounding_offset: Quarters,
    printed_offset: Quarters,
}

/// Something that a direction asks for.
struct Found {
    kind: DirectionKind,
    text: String,
    tempo_ratio: Option<f64>,
    /// How long it lasts, where the direction says it.
    length: Option<Quarters>,
}

impl Found {
    fn new(kind: DirectionKind, text: String) -> Self {
        Self { kind, text, tempo_ratio: None, length: None }
    }
}

/// Reads a direction.
pub(super) fn direction(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    let mut draft = Draft::default();
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "direction-type" => direction_type(reader, &mut draft)?,
            "staff" => draft.staff = reader.xml.number::<u8>()?,
            "offset" => offset(reader, &tag, &mut draft)?,
            "sound" => draft.sound.read(reader, &tag)?,
            _ => reader.xml.skip()?,
        }
    }
    place(reader, draft)
}

/// `<sound>` between the notes.
pub(super) fn sound_between_notes<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    let mut draft = Draft::default();
    draft.sound.read(reader, tag)?;
    place(reader, draft)
}

/// Only an offset that is meant to sound moves what it stands with; others move the print.
fn offset<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>, draft: &mut Draft) -> Result<(), ImportError> {
    let sounds = tag.is("sound", "yes");
    let divisions = reader.xml.number::<f64>()?.unwrap_or(0.0);
    let quarters = (divisions / reader.state().divisions as f64).clamp(-999.0, 999.0);
    draft.printed_offset = Quarters::nearest(quarters, 48);
    if sounds {
        draft.sounding_offset = draft.printed_offset;
    }
    Ok(())
}

fn direction_type(reader: &mut Reader<'_, '_>, draft: &mut Draft) -> Result<(), ImportError> {
    while let Some(tag) = reader.xml.child()? {
        let number = tag.number::<u32>("number").unwrap_or(1);
        match tag.name() {
            "dynamics" => {
                let found = dynamics(reader)?;
                draft.found.extend(found.into_iter().map(|(kind, text)| Found::new(kind, text)));
                continue;
            }
            "words" => {
                let text = reader.xml.text()?;
                read_words(reader, draft, &text);
                continue;
            }
            // A rehearsal mark or symbol is no direction, but it may name a sign.
            "rehearsal" => {
                let text = reader.xml.text()?;
                draft.add_text(&text);
                continue;
            }
            "symbol" => {
                let text = reader.xml.text()?;
                draft.add_text(jump_words::of_symbol(&text).unwrap_or(&text));
                continue;
            }
            "metronome" => {
                match metronome(reader)? {
                    Some(Metronome::Tempo(tempo, text)) => {
                        // A tempo for playback alone has no text.
                        let text = if tag.is("print-object", "no") { String::new() } else { text };
                        draft.found.push(Found::new(DirectionKind::Metronome(tempo), text));
                    }
                    Some(Metronome::Ratio(ratio, text)) => draft.found.push(Found {
                        kind: DirectionKind::Metronome(0.0),
                        text,
                        tempo_ratio: Some(ratio),
                        length: None,
                    }),
                    Some(Metronome::Swing(swing)) => draft.sound.swing = Some(swing),
                    None => {}
                }
                continue;
            }
            "other-direction" if reader.score.is_written_out => {
                let text = reader.xml.text()?;
                draft.hidden = written_out::parse_hidden(&text);
                for length in draft.hidden.iter().flatten().filter_map(|(_, length)| *length) {
                    reader.admit_length(length)?;
                }
                continue;
            }
            "segno" => draft.add_text("\u{1d10b}"),
            "coda" => draft.add_text("\u{1d10c}"),
            _ => line(&tag, number, draft),
        }
        reader.xml.skip()?;
    }
    Ok(())
}

/// Hairpins, dashes and pedal lines.
fn line(tag: &Tag<'_>, number: u32, draft: &mut Draft) {
    match tag.name() {
        "wedge" => match tag.attribute("type").as_deref() {
            Some("crescendo") => draft.open(Line::Wedge, number, DirectionKind::Crescendo),
            Some("diminuendo") => draft.open(Line::Wedge, number, DirectionKind::Diminuendo),
            Some("stop") => draft.stops.push((Line::Wedge, number)),
            _ => {}
        },
        "dashes" if tag.is("type", "start") => draft.starts.push((Line::Dashes, number, None)),
        "dashes" if tag.is("type", "stop") => draft.stops.push((Line::Dashes, number)),
        "pedal" => match tag.attribute("type").as_deref() {
            Some("start") => draft.open(Line::Pedal, number, DirectionKind::SustainPedal),
            Some("stop" | "discontinue") => draft.stops.push((Line::Pedal, number)),
            Some("change") => {
                draft.stops.push((Line::Pedal, number));
                draft.open(Line::Pedal, number, DirectionKind::SustainPedal);
            }
            _ => {}
        },
        _ => {}
    }
}

/// What a phrase means. Scores say the same few phrases again and again, so each is looked up
/// once; past a number that no score reaches, all are plain words.
fn meanings(reader: &mut Reader<'_, '_>, text: &str) -> Vec<DirectionKind> {
    if let Some(known) = reader.phrases.get(text) {
        return known.clone();
    }
    if reader.phrases.len() >= MOST_PHRASES {
        return vec![DirectionKind::Words];
    }
    let kinds = phrase_meanings(text);
    reader.phrases.insert(text.to_owned(), kinds.clone());
    kinds
}

/// What a phrase asks for. `Menuetto D.C.` and `Fine del Menuetto` name a movement, not its tempo; `rit.
/// Fine` slows down.
pub(super) fn phrase_meanings(text: &str) -> Vec<DirectionKind> {
    let mut meanings = words::meanings(text);
    match jump_words::of_phrase(text).as_slice() {
        [] => return meanings,
        [Sign::Fine] => meanings.retain(|kind| !matches!(kind, DirectionKind::Tempo(_))),
        _ => meanings.clear(),
    }
    if meanings.is_empty() { vec![DirectionKind::Words] } else { meanings }
}

fn read_words(reader: &mut Reader<'_, '_>, draft: &mut Draft, text: &str) {
    if text.is_empty() || draft.found.len() >= MOST_FOUND {
        return;
    }
    let text = text::shortened(&text::printable(Cow::Borrowed(text)), LONGEST_TEXT).trim().to_owned();
    let kinds = meanings(reader, &text);
    draft.add_text(&text);
    let is_written_out = reader.score.is_written_out;
    if words::lifts_soft_pedal(&text) && !is_written_out {
        draft.stops.push((Line::Soft, 0));
    }
    for kind in kinds {
        if kind == DirectionKind::SoftPedal && !is_written_out {
            draft.starts.push((Line::Soft, 0, Some(draft.found.len())));
        }
        draft.found.push(Found::new(kind, text.clone()));
    }
}

impl Draft {
    fn open(&mut self, line: Line, number: u32, kind: DirectionKind) {
        self.starts.push((line, number, Some(self.found.len())));
        self.found.push(Found::new(kind, String::new()));
    }

    fn add_text(&mut self, text: &str) {
        if self.texts.iter().map(String::len).sum::<usize>() < LONGEST_TEXT && self.texts.len() < MOST_FOUND {
            self.texts.push(text.to_owned());
        }
    }

    /// A tempo for playback belongs to the tempo word or metronome mark that it stands with;
    /// alone it is a metronome mark that is not printed.
    fn settle_tempo(&mut self, is_exact: bool) {
        let Some(tempo) = self.sound.tempo else { return };
        let is_mark = |found: &&mut Found| matches!(found.kind, DirectionKind::Metronome(_));
        if let Some(mark) = self.found.iter_mut().find(is_mark) {
            if mark.tempo_ratio.take().is_some() || is_exact {
                mark.kind = DirectionKind::Metronome(tempo);
            }
            return;
        }
        let is_word = |found: &&mut Found| matches!(found.kind, DirectionKind::Tempo(_));
        match self.found.iter_mut().find(is_word) {
            Some(word) => word.kind = DirectionKind::Tempo(Some(tempo)),
            None => self.found.push(Found::new(DirectionKind::Metronome(tempo), String::new())),
        }
    }

    /// A loudness for playback belongs to the dynamics that it stands with; alone it is a level that
    /// is not printed.
    fn settle_level(&mut self) {
        let is_loudness = |found: &Found| {
            use DirectionKind::{Crescendo, Diminuendo, Dynamic, Sforzando};
            matches!(found.kind, Dynamic(_) | Sforzando | Crescendo | Diminuendo)
        };
        if let Some(level) = self.sound.level.filter(|_| !self.found.iter().any(is_loudness)) {
            self.found.push(Found::new(DirectionKind::Dynamic(level), String::new()));
        }
    }

    /// What a hidden text asks for takes the place of what the words would ask for.
    fn settle_hidden(&mut self) {
        let Some(asked) = self.hidden.take() else { return };
        let text = self.found.first().map_or_else(String::new, |found| found.text.clone());
        let found = |(kind, length)| Found { length, ..Found::new(kind, text.clone()) };
        self.found = asked.into_iter().map(found).collect();
    }

    /// The signs for playback, and those that the words speak of beside them. Words also say how far a
    /// jump goes and whether repeats are played after it.
    fn signs(&mut self) -> Vec<Sign> {
        let of_words = if self.texts.is_empty() { Vec::new() } else { jump_words::signs_of(&self.texts) };
        let mut signs = std::mem::take(&mut self.sound.signs);
        if signs.is_empty() {
            return of_words;
        }
        let described =
            of_words.iter().find_map(|sign| if let Sign::Jump(jump) = sign { Some(*jump) } else { None });
        for sign in &mut signs {
            if let (Sign::Jump(jump), Some(described)) = (sign, described) {
                (jump.until, jump.with_repeats) = (described.until, described.with_repeats);
            }
        }
        let is_new = |sign: &Sign| !signs.iter().any(|known| jump_words::covers(known, sign));
        let more: Vec<Sign> = of_words.into_iter().filter(is_new).collect();
        signs.extend(more);
        signs
    }

    /// Words of jumps that are not understood, where nothing else says what they mean.
    fn strange_words(&self) -> Option<&String> {
        self.texts.iter().find(|text| jump_words::looks_like_one(text))
    }
}

fn place(reader: &mut Reader<'_, '_>, mut draft: Draft) -> Result<(), ImportError> {
    let is_written_out = reader.score.is_written_out;
    draft.settle_tempo(is_written_out);
    draft.settle_level();
    draft.settle_hidden();
    if !is_written_out {
        draft.sound.swing = draft.sound.swing.or_else(|| Swing::in_words(&draft.texts.join(" ")));
    }
    draft.starts.retain(|(_, _, index)| index.is_none_or(|k| k < MOST_FOUND));
    draft.starts.truncate(MOST_FOUND);
    draft.found.truncate(MOST_FOUND);
    let moved = |offset: Quarters| (reader.cursor.position() + offset).max(Quarters::ZERO);
    let measure = reader.measure;
    let position = Position { measure, offset: moved(draft.sounding_offset) };
    let printed = Position { measure, offset: moved(draft.printed_offset) };
    for (line, number) in std::mem::take(&mut draft.stops) {
        let Some(started) = reader.state_mut().lines.stop(line, number) else {
            if line != Line::Soft {
                reader.warn("a hairpin, pedal or dashed line stops that was not started; left out");
            }
            continue;
        };
        for index in started {
            reader.score.directions[index].end = Some(position);
        }
    }
    let signs = if is_written_out { Vec::new() } else { draft.signs() };
    let strange = if signs.is_empty() && !is_written_out { draft.strange_words() } else { None };
    if let Some(text) = strange {
        let text = text::shortened(&text::one_line(text), MOST_SHOWN);
        reader.warn(format!("“{text}” speaks of a jump and is not understood; it is not followed"));
    }
    for sign in signs {
        let at = if sign == Sign::RepeatStart { Position::start_of(measure) } else { printed };
        reader.add_sign(at, sign);
    }
    if let Some(swing) = draft.sound.swing {
        reader.score.swings.push((position, swing));
    }
    let first = reader.score.directions.len();
    let (part, staff) = (reader.part, draft.staff);
    for Found { kind, text, tempo_ratio, length } in draft.found {
        let text = text::shortened(&text, LONGEST_TEXT);
        reader.add_direction(WrittenDirection {
            position,
            end: length.map(|length| Position { offset: position.offset + length, ..position }),
            part,
            staff,
            kind,
            text,
            tempo_ratio,
        })?;
    }
    for (line, number, index) in draft.starts {
        let directions = match index {
            Some(index) => vec![first + index],
            None => (first..reader.score.directions.len()).collect(),
        };
        reader.state_mut().lines.start(line, number, directions);
    }
    Ok(())
}
