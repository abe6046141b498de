//! `<direction>`: dynamics, hairpins, tempo, words, pedal, and signs of repeats and jumps.

use std::borrow::Cow;

use super::direction_draft::{Draft, Found, LONGEST_TEXT, MOST_FOUND};
use super::dynamics::dynamics;
use super::jump_words;
use super::lines::Line;
use super::metronome::{Metronome, metronome};
use super::reader::Reader;
use super::sound;
use super::tempo_words::{self, TempoWords};
use super::written::{Position, Sign, WrittenDirection};
use super::written_out;
use super::xml::Tag;
use crate::error::ImportError;
use crate::marks::DirectionKind;
use crate::swing::Swing;
use crate::text;
use crate::time::Quarters;
use crate::words;

/// Most different phrases that are looked up.
const MOST_PHRASES: usize = 2_000;
/// Most of a text that a warning shows, in characters.
const MOST_SHOWN: usize = 60;

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
    draft.printed_offset = sound::offset(reader)?;
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
                let sign = jump_words::of_symbol(&text).or_else(|| tempo_words::of_symbol(&text));
                draft.add_text(sign.unwrap_or(&text));
                continue;
            }
            "metronome" => {
                match metronome(reader)? {
                    Some(Metronome::Tempo(tempo, text)) => {
                        // A tempo for playback alone has no text.
                        let text = if tag.is("print-object", "no") { String::new() } else { text };
                        draft.found.push(Found::new(DirectionKind::Metronome(tempo), text));
                    }
                    Some(Metronome::Ratio(ratio, text)) => draft.found.push(Found::ratio(ratio, text)),
                    Some(Metronome::Swing(swing)) => draft.sound.swing = Some(swing),
                    None => {}
                }
                continue;
            }
            "other-direction" if reader.score.is_exact => {
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
            // What resumes went on before a gap in its line.
            Some("start" | "resume") => draft.open(Line::Pedal, number, DirectionKind::SustainPedal),
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
    let mut kinds = meanings(reader, &text);
    draft.add_text(&text);
    let is_exact = reader.score.is_exact;
    if !is_exact && let Some(said) = tempo_words::read(&text) {
        let is_same = said == TempoWords::SameBeat;
        let mark = tempo_in_words(reader, said, &text);
        // What a mark tells need not be told again, and the beat that goes on is no new tempo.
        kinds.retain(|kind| match kind {
            DirectionKind::Tempo(tempo) => tempo.is_some() && !is_same,
            kind => *kind != DirectionKind::Words,
        });
        if mark.is_none() && kinds.is_empty() {
            kinds.push(DirectionKind::Words);
        }
        draft.found.extend(mark);
    }
    if words::lifts_soft_pedal(&text) && !is_exact {
        draft.stops.push((Line::Soft, 0));
    }
    for kind in kinds {
        if kind == DirectionKind::SoftPedal && !is_exact {
            draft.starts.push((Line::Soft, 0, Some(draft.found.len())));
        }
        draft.found.push(Found::new(kind, text.clone()));
    }
}

/// The tempo that words give in signs, or by what was before. Where values or beats last as long as before
/// nothing changes.
fn tempo_in_words(reader: &Reader<'_, '_>, words: TempoWords, text: &str) -> Option<Found> {
    match words {
        TempoWords::Tempo(tempo, text) => Some(Found::new(DirectionKind::Metronome(tempo), text)),
        TempoWords::Ratio(ratio, text) => (ratio != 1.0).then(|| Found::ratio(ratio, text)),
        TempoWords::SameBeat => {
            let (before, now) = (reader.metre_before(), reader.state().time);
            let ratio = now.beat_length().to_f64() / before.beat_length().to_f64();
            (ratio != 1.0).then(|| Found::ratio(ratio, text.to_owned()))
        }
    }
}

fn place(reader: &mut Reader<'_, '_>, mut draft: Draft) -> Result<(), ImportError> {
    let (is_exact, is_written_out) = (reader.score.is_exact, reader.score.is_written_out);
    if !is_exact {
        draft.settle_equation();
    }
    draft.settle_tempo(is_exact);
    draft.settle_level();
    draft.settle_hidden();
    if !is_exact {
        draft.sound.swing = draft.sound.swing.or_else(|| Swing::in_words(&draft.texts.join(" ")));
    }
    draft.starts.retain(|(_, _, index)| index.is_none_or(|k| k < MOST_FOUND));
    draft.starts.truncate(MOST_FOUND);
    draft.found.truncate(MOST_FOUND);
    let moved = |offset: Quarters| (reader.cursor.position() + offset).max(Quarters::ZERO);
    let measure = reader.measure;
    let position = Position { measure, offset: moved(draft.sounding_offset) };
    let printed = Position { measure, offset: moved(draft.printed_offset) };
    let of_sound = draft.sound.offset.map_or(position, |by| Position { measure, offset: moved(by) });
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
    let strange = if signs.is_empty() && !is_exact { draft.strange_words() } else { None };
    if let Some(text) = strange {
        let text = text::shortened(&text::one_line(text), MOST_SHOWN);
        reader.warn(format!("“{text}” speaks of a jump and is not understood; it is not followed"));
    }
    // What ends a measure may stand before the first note of the next one, moved back over the bar line.
    let is_before = reader.cursor.position() + draft.printed_offset < Quarters::ZERO;
    for sign in signs {
        let leaves = matches!(sign, Sign::Jump(_) | Sign::Fine | Sign::ToCoda { .. });
        let at = match sign {
            Sign::RepeatStart => Position::start_of(measure),
            _ if leaves && is_before && measure > 0 => Position::start_of(measure - 1),
            _ => printed,
        };
        reader.add_sign(at, sign);
    }
    if let Some(swing) = draft.sound.swing {
        reader.score.swings.push((position, swing));
    }
    let first = reader.score.directions.len();
    let (part, staff) = (reader.part, draft.staff);
    for Found { kind, text, tempo_ratio, length, passes, is_of_sound } in draft.found {
        let text = text::shortened(&text, LONGEST_TEXT);
        let position = if is_of_sound { of_sound } else { position };
        reader.add_direction(WrittenDirection {
            position,
            end: length.map(|length| Position { offset: position.offset + length, ..position }),
            part,
            staff,
            kind,
            text,
            tempo_ratio,
            passes,
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
