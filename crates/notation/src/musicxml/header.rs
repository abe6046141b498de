//! Title, composer and the list of parts.

use std::borrow::Cow;

use super::reader::Reader;
use super::written_out;
use super::xml::Tag;
use crate::error::ImportError;
use crate::text;

/// Longest title and name that is kept, in characters.
const LONGEST: usize = 500;

/// One element before the parts.
pub(super) fn header<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    match tag.name() {
        "movement-title" => {
            let title = reader.xml.text()?;
            set(&mut reader.score.title, &title);
            Ok(())
        }
        "work" => work(reader),
        "identification" => identification(reader),
        "credit" => credit(reader),
        _ => reader.xml.skip(),
    }
}

fn work(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    let (mut title, mut number) = (Cow::Borrowed(""), Cow::Borrowed(""));
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "work-title" => title = reader.xml.text()?,
            "work-number" => number = reader.xml.text()?,
            _ => reader.xml.skip()?,
        }
    }
    set(&mut reader.score.title, &with_number(&title, &number));
    Ok(())
}

/// `Prelude, Op. 28 No. 7`, unless the title says the number itself.
fn with_number(title: &str, number: &str) -> String {
    let is_said = title.is_empty() || title.to_lowercase().contains(&number.to_lowercase());
    if is_said { title.to_owned() } else { format!("{title}, {number}") }
}

fn identification(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    while let Some(tag) = reader.xml.child()? {
        if tag.name() == "creator" && tag.is("type", "composer") {
            let composer = reader.xml.text()?;
            set(&mut reader.score.composer, &composer);
        } else if tag.name() == "encoding" {
            encoding(reader)?;
        } else {
            reader.xml.skip()?;
        }
    }
    Ok(())
}

/// The last program that wrote the file says in which form it is.
fn encoding(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    while let Some(tag) = reader.xml.child()? {
        if tag.name() == "software" {
            let software = reader.xml.text()?;
            reader.score.is_written_out = software == written_out::SOFTWARE;
            reader.score.is_exact = reader.score.is_written_out || software == written_out::SOFTWARE_PRINTED;
        } else {
            reader.xml.skip()?;
        }
    }
    Ok(())
}

/// Text on the first page: says what it is by its credit type.
fn credit(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    let (mut kind, mut words) = (Cow::Borrowed(""), None);
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "credit-type" => kind = reader.xml.text()?,
            "credit-words" if words.is_none() => words = Some(reader.xml.text()?),
            _ => reader.xml.skip()?,
        }
    }
    match (kind.as_ref(), words) {
        ("title", Some(words)) => set(&mut reader.score.title, &words),
        ("composer", Some(words)) => set(&mut reader.score.composer, &words),
        _ => {}
    }
    Ok(())
}

/// Identifiers and names of the parts.
pub(super) fn part_list(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    while let Some(tag) = reader.xml.child()? {
        if tag.name() != "score-part" {
            reader.xml.skip()?;
            continue;
        }
        let id = tag.attribute("id").unwrap_or_default().into_owned();
        let mut name = Cow::Borrowed("");
        while let Some(tag) = reader.xml.child()? {
            if tag.name() == "part-name" {
                name = reader.xml.text()?;
            } else {
                reader.xml.skip()?;
            }
        }
        reader.add_part(&id, &name)?;
    }
    Ok(())
}

/// The first text wins; empty ones do not count.
fn set(field: &mut Option<String>, written: &str) {
    let written = text::shortened(&text::one_line(written), LONGEST);
    if field.is_none() && !written.is_empty() {
        *field = Some(written);
    }
}
