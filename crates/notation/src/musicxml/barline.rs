//! `<barline>`: repeats, endings, and signs at a bar line.

use super::fermatas;
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
    let mut name = |of: &str| tag.attribute(of).and_then(|name| reader.sign_name(&name));
    let (segno, coda) = (name("segno"), name("coda"));
    while let Some(tag) = reader.xml.child()? {
        let sign = match tag.name() {
            "repeat" if tag.is("direction", "forward") => Some(Sign::RepeatStart),
            "repeat" => Some(repeat_end(reader, &tag)),
            "ending" if tag.is("type", "start") => {
                let attribute = ending_numbers(&tag.attribute("number").unwrap_or_default());
                let printed = reader.xml.text()?;
                let numbers = if attribute.is_empty() { ending_numbers(&printed) } else { attribute };
                if numbers.is_empty() {
                    reader.warn("an ending has no number from 1 to 16; it is taken as the first");
                }
                let numbers = if numbers.is_empty() { vec![1] } else { numbers };
                reader.add_sign(position, Sign::EndingStart(numbers));
                continue;
            }
            "ending" => Some(Sign::EndingStop),
            "segno" => Some(Sign::Segno { name: segno }),
            "coda" => Some(Sign::Coda { is_word: false, name: coda }),
            "fermata" => {
                fermatas::on_barline(reader, position)?;
                // A file that says everything has a Fine where one is meant.
                (!reader.score.is_exact).then_some(Sign::Hold)
            }
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

/// `1`, `1,2`, `1, 2`, `1-3`, `1. & 2.`, `1 – 3`; none if the text holds no number.
fn ending_numbers(text: &str) -> Vec<u8> {
    let mut numbers: Vec<u8> = Vec::new();
    let (mut number, mut is_range) = (None, false);
    for c in text.chars().chain([' ']) {
        if let Some(digit) = c.to_digit(10) {
            let value = number.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit);
            number = Some(value);
            continue;
        }
        if let Some(value) = number.take().map(|n| n.min(u32::from(MOST_TIMES) + 1) as u8) {
            let from = numbers.last().filter(|_| is_range).map_or(value, |last| last + 1);
            numbers.extend((from.max(1)..=value.min(MOST_TIMES)).filter(|_| value > 0));
            is_range = false;
        }
        is_range |= matches!(c, '-' | '–' | '—' | '~');
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_name_their_passes_in_many_ways() {
        let cases: [(&str, &[u8]); 10] = [
            ("1", &[1]),
            ("1,2", &[1, 2]),
            ("1, 2", &[1, 2]),
            ("1.2.", &[1, 2]),
            ("1. & 3.", &[1, 3]),
            ("1-3", &[1, 2, 3]),
            ("1. – 3.", &[1, 2, 3]),
            ("1-2, 4", &[1, 2, 4]),
            ("14-99", &[14, 15, 16]),
            ("x", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(ending_numbers(text), expected, "{text}");
        }
        assert_eq!(ending_numbers("0"), [0_u8; 0]);
    }
}
