//! The document from its root element to what is in a measure.

use super::attributes::attributes;
use super::barline::barline;
use super::direction::{direction, sound_between_notes};
use super::header::{header, part_list};
use super::note::note;
use super::reader::Reader;
use super::written::WrittenScore;
use super::xml::Tag;
use crate::error::ImportError;
use crate::options::Limits;
use crate::time::Quarters;

/// Reads a whole document.
pub(super) fn read(text: &str, limits: &Limits) -> Result<WrittenScore, ImportError> {
    let mut reader = Reader::new(text, limits);
    document(&mut reader).map_err(|error| reader.placed(error))?;
    Ok(reader.finish())
}

fn document(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    let Some(root) = reader.xml.child()? else {
        return Err(ImportError::NotMusicXml { root: String::new() });
    };
    let timewise = match root.name() {
        "score-partwise" => false,
        "score-timewise" => true,
        other => return Err(ImportError::NotMusicXml { root: other.chars().take(60).collect() }),
    };
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "part-list" => part_list(reader)?,
            "part" if !timewise => part(reader, &tag)?,
            "measure" if timewise => measure_of_parts(reader, &tag)?,
            _ => header(reader, &tag)?,
        }
    }
    Ok(())
}

/// `<part>` of a partwise score.
fn part<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    reader.enter_part(tag)?;
    let mut index = 0;
    while let Some(tag) = reader.xml.child()? {
        if tag.name() == "measure" {
            reader.enter_measure(&tag, index)?;
            measure_content(reader)?;
            index += 1;
        } else {
            reader.xml.skip()?;
        }
    }
    Ok(())
}

/// `<measure>` of a timewise score.
fn measure_of_parts<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    let index = reader.score.measures.len();
    reader.enter_measure(tag, index)?;
    while let Some(tag) = reader.xml.child()? {
        if tag.name() == "part" {
            reader.enter_part(&tag)?;
            reader.rewind();
            measure_content(reader)?;
        } else {
            reader.xml.skip()?;
        }
    }
    Ok(())
}

/// Everything within one measure of one part.
fn measure_content(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "note" => note(reader, &tag)?,
            "backup" => {
                reader.close_graces();
                let duration = only_duration(reader)?;
                reader.go_back(duration);
            }
            "forward" => {
                reader.close_graces();
                let written = only_duration(reader)?;
                let exact = reader.exact_duration(written, None);
                reader.advance(written, exact)?;
            }
            "attributes" => attributes(reader)?,
            "direction" => direction(reader)?,
            "barline" => barline(reader, &tag)?,
            "sound" => sound_between_notes(reader, &tag)?,
            _ => reader.xml.skip()?,
        }
    }
    reader.leave_measure()
}

/// The duration of a backup or forward.
fn only_duration(reader: &mut Reader<'_, '_>) -> Result<Quarters, ImportError> {
    let mut duration = Quarters::ZERO;
    while let Some(tag) = reader.xml.child()? {
        if tag.name() == "duration" {
            duration = reader.duration()?;
            if duration < Quarters::ZERO {
                reader.warn("a backup or forward has a negative duration; left out");
                duration = Quarters::ZERO;
            }
        } else {
            reader.xml.skip()?;
        }
    }
    Ok(duration)
}
