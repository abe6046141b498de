//! `<barline>`: repeats, endings, and signs at a bar line.

use super::reader::Reader;
use super::written::{Position, Sign};
use super::xml::Tag;
use crate::error::ImportError;

/// The most times that a passage is repeated.
const MOST_TIMES: u8 = 16;

/// Reads a bar line.
pub(super) fn barline<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    let position = match tag.attribute("location").as_deref() {
        Some("left") => Position::start_of(reader.measure),
        Some("middle") => {
            reader.close_graces();
            let here = reader.here();
            reader.score.middle_barlines.push(here);
            here
        }
        _ => Position::start_of(reader.measure + 1),
    };
    while let Some(tag) = reader.xml.child()? {
        let sign = match tag.name() {
            "repeat" if tag.is("direction", "forward") => Some(Sign::RepeatStart),
            "repeat" => Some(repeat_end(reader, &tag)),
            "ending" if tag.is("type", "start") => {
                let text = tag.attribute("number").unwrap_or_default();
                let numbers = ending_numbers(&text);
                if numbers.is_empty() {
                    reader.warn("an ending has no number from 1 to 16; it is taken as the first");
                }
                Some(Sign::EndingStart(if numbers.is_empty() { vec![1] } else { numbers }))
            }
            "ending" => Some(Sign::EndingStop),
            "segno" => Some(Sign::Segno),
            "coda" => Some(Sign::Coda { is_word: false }),
            _ => None,
        };
        if let Some(sign) = sign {
            reader.add_sign(position, sign);
        }
        reader.xml.skip()?;
    }
    Ok(())
}

fn repeat_end(reader: &mut Reader<'_, '_>, tag: &Tag<'_>) -> Sign {
    let written = tag.number::<u32>("times");
    let times = written.unwrap_or(2).clamp(2, u32::from(MOST_TIMES));
    // Once and twice are the same to many programs: the sign itself asks for a repeat.
    if written.is_some_and(|written| written > times) {
        reader.warn(format!(
            "a passage to be played more than {MOST_TIMES} times is played {MOST_TIMES} times"
        ));
    }
    Sign::RepeatEnd { times: times as u8, after_jump: !tag.is("after-jump", "no") }
}

/// `1`, `1,2`, `1, 2`, `1-3`; none if the text holds no number.
fn ending_numbers(text: &str) -> Vec<u8> {
    let mut numbers = Vec::new();
    for item in text.split([',', ' ', '.']).filter(|t| !t.is_empty()) {
        let (from, to) = item.split_once('-').unwrap_or((item, item));
        if let (Ok(from), Ok(to)) = (from.trim().parse::<u8>(), to.trim().parse::<u8>()) {
            numbers.extend(from.max(1)..=to.min(MOST_TIMES));
        }
    }
    numbers
}
